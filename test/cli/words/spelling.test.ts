import assert from 'node:assert/strict';
import { alice } from '../../core/support.ts';
import { Lab } from '../lab.ts';

const plain =
  'id: 12345678901234567890123\nphone: +4917012345678\npin: 00123\nzip: "01067"\nversion: 1.10\nport: 8080\n';

describe('numbers on the command line', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const encrypt = async (text: string, flags: readonly string[] = [], name = 'a.yaml') => {
    lab.write(name, text);
    return lab.run(['encrypt', '--age', alice.recipient, ...flags, name]);
  };
  const opened = async (sealed: string, name = 'sealed.yaml') => {
    lab.write(name, sealed);
    return (await lab.run(['decrypt', name])).out;
  };

  it('that will not come back as they stand are named before anything is written, and how', async () => {
    const { code, err } = await encrypt(plain, ['--output', 'out.yaml']);
    assert.equal(code, 0);
    assert.equal(
      err,
      'lockstep: a.yaml: Decryption, also by sops, will not return these as written: id (loses digits), phone (loses its sign), pin (is read as octal), version (loses zeros at its end)\nlockstep: a.yaml: --quote-numbers keeps numbers and dates as text, exactly as written.\n',
    );
    assert.ok(!/12345|4917|00123|1\.10/.test(err));
  });

  it('are kept as text when that is asked for', async () => {
    const { out, err } = await encrypt(plain, ['--quote-numbers']);
    assert.equal(err, '');
    assert.equal(
      await opened(out),
      'id: "12345678901234567890123"\nphone: "+4917012345678"\npin: "00123"\nzip: "01067"\nversion: "1.10"\nport: 8080\n',
    );
    const json = await encrypt('{"a": [12345678901234567890123, 1.10]}', ['--quote-numbers'], 'a.json');
    assert.equal(json.err, '');
    assert.equal(await opened(json.out, 'sealed.json'), '{"a": ["12345678901234567890123", 1.1]}');
    const other = await encrypt('a: 00123\n', ['--quote-numbers', '--output-type', 'json']);
    assert.equal(other.err, '');
    assert.equal(JSON.parse(await opened(other.out, 'sealed.json')).a, '00123');
  });

  it('that stay in clear text stay as they are, unless the file is printed anew', async () => {
    const { out, err } = await encrypt('mode: 0644\nkey: x\n', ['--encrypted-regex', '^key$']);
    assert.ok(!err.includes('octal') && out.startsWith('mode: 0644\n'), err);
    const quoted = await encrypt('mode: 0644\nkey: 007\n', ['--encrypted-regex', '^key$', '--quote-numbers']);
    assert.ok(quoted.out.startsWith('mode: 0644\n'));
    const anew = await encrypt('mode: 0644\nkey: x\n', ['--encrypted-regex', '^key$', '--indent', '2']);
    assert.match(anew.err, /: mode \(is read as octal\)\n/);
  });

  it('that sops refuses are refused by key path, and kept as text', async () => {
    const text = 'a:\n  - b: 18446744073709551615\n';
    const { code, err } = await encrypt(text);
    assert.equal(code, 23);
    assert.match(err, /^lockstep: a\.yaml: a\[0\]\.b: .*too large for a number.*\n.*--quote-numbers/);
    assert.equal(await opened((await encrypt(text, ['--quote-numbers'])).out), 'a:\n  - b: "18446744073709551615"\n');
    const json = '{"a": {"b": 1e400}}';
    assert.match((await encrypt(json, [], 'a.json')).err, /a\.json: a\.b: /);
    assert.equal(
      await opened((await encrypt(json, ['--quote-numbers'], 'a.json')).out, 's.json'),
      '{"a": {"b": "1e400"}}',
    );
  });

  it('are told of with tags and aliases, by path, and what is kept is not', async () => {
    const text = 'a: &a {x: 1}\nb: *a\nc: !vault secret\nd: !map {e: f}\ng: !!binary aGk=\n';
    const { err } = await encrypt(text);
    assert.equal(
      err,
      'lockstep: a.yaml: Decryption, also by sops, will not return these as written: b (becomes a copy), c (loses its tag), g (loses its tag)\n',
    );
  });

  it('are a list that is cut', async () => {
    const { err } = await encrypt(Array.from({ length: 50 }, (_, i) => `k${i}: 007\n`).join(''));
    assert.match(err, /k9 \(is read as octal\) and 40 more\n/);
  });

  it('are told of by set, and are texts with the flag or where the format has only texts', async () => {
    lab.write('s.yaml', (await encrypt('a: 1\nb: x\n')).out);
    const told = await lab.run(['set', 's.yaml', '["a"]', '12345678901234567890123']);
    assert.match(told.err, /^lockstep: s\.yaml: .*: a \(loses digits\)\nlockstep: s\.yaml: --quote-numbers/);
    const deep = await lab.run(['set', 's.yaml', '["b"]', '{"c": [1, 0.12345678901234567890123]}']);
    assert.match(deep.err, /: b\.c\[1\] \(loses digits\)\n/);
    assert.equal((await lab.run(['set', '--quote-numbers', 's.yaml', '["a"]', '12345678901234567890123'])).err, '');
    assert.equal((await lab.run(['set', 's.yaml', '["b"]', '1.10'])).err, '');
    assert.match((await lab.run(['decrypt', 's.yaml'])).out, /^a: "12345678901234567890123"\n/);
    for (const [name, path] of [
      ['s.env', '["A"]'],
      ['s.ini', '["DEFAULT"]["A"]'],
    ] as const) {
      lab.write(name, (await encrypt('A=1\n', [], name)).out);
      const { code, err } = await lab.run(['set', name, path, '12345678901234567890123']);
      assert.deepEqual({ code, err }, { code: 0, err: '' }, name);
      assert.match((await lab.run(['decrypt', name])).out, /A ?= ?12345678901234567890123\n/, name);
    }
  });

  it('are told of by edit, the new ones only', async () => {
    lab.write('e.yaml', (await encrypt('a: 1.5\nold: 2024-01-01\nf: 1.0\n')).out);
    const write = lab.write('editor.sh', '#!/bin/sh\nprintf "pin: 007\\n" >> "$1"\n');
    const run = await lab.run(['edit', 'e.yaml'], { env: { EDITOR: `sh ${write}` } });
    assert.equal(run.code, 0, run.err);
    assert.match(run.err, /will not return these as written: pin \(is read as octal\)\n/);
    const kept = await lab.run(['edit', '--quote-numbers', 'e.yaml'], {
      env: { EDITOR: `sh ${lab.write('e2.sh', 'printf "more: 008\\n" >> "$1"\n')}` },
    });
    assert.equal(kept.code, 0, kept.err);
    assert.match((await lab.run(['decrypt', 'e.yaml'])).out, /more: "008"\n/);
  });

  it('as an index are refused where they lose digits', async () => {
    lab.write('i.yaml', (await encrypt('a: [x]\n')).out);
    for (const index of ['9007199254740993', '12345678901234567890123'])
      for (const args of [
        ['set', 'i.yaml', `["a"][${index}]`, '"y"'],
        ['unset', 'i.yaml', `["a"][${index}]`],
        ['decrypt', '--extract', `["a"][${index}]`, 'i.yaml'],
      ])
        assert.notEqual((await lab.run(args)).code, 0, args.join(' '));
    assert.equal(await opened(lab.read('i.yaml')), 'a: ["x"]\n');
  });
});
