import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../src/core/format/document.ts';
import { unseal } from '../../src/core/open/unseal.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { makeSelector } from '../../src/core/sops/metadata.ts';
import type { Selector } from '../../src/core/sops/selection.ts';
import { setPath } from '../core/changes.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

/**
 * Where sops 3.13.3 is wrong, and we are not: each test shows both. One that fails because sops got it right has done its
 * work; see docs/interop.md.
 */
describe('better than sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const names: Record<string, string> = { yaml: 'x.yaml', json: 'x.json', ini: 'x.ini' };
  const file = (format: FormatId) => names[format] ?? assert.fail();
  const recipients = [alice.recipient];

  const sealed = async (source: string, format: FormatId, selector?: Selector): Promise<string> =>
    (await seal(source, format, { recipients, ...(selector && { selector }) }, clock)).text;
  /** What we make of it comes back as it was, and sops reads our file as well. */
  const kept = async (source: string, format: FormatId, selector?: Selector): Promise<string> => {
    const text = await sealed(source, format, selector);
    const opened = await reopen(text, format);
    assert.deepEqual(opened.verdict, { ok: true });
    assert.equal((await unseal(opened)).text, source);
    bench.write(file(format), text);
    return bench.sops(['decrypt', '--output-type', 'json', file(format)]);
  };
  /** sops encrypts it; the exit code and output of its own decryption. */
  const bySops = (source: string, format: FormatId, ...more: string[]) => {
    bench.write(file(format), source);
    const first = bench.trySops(['encrypt', '--age', alice.recipient, ...more, file(format)]);
    if (first.status !== 0) return first;
    bench.write(file(format), first.stdout);
    return bench.trySops(['decrypt', file(format)]);
  };

  it('a broken regular expression is refused, and does not leave everything in clear text', () => {
    bench.write('x.yaml', 'password: example\n');
    const out = bench.sops(['encrypt', '--age', alice.recipient, '--encrypted-regex', '(', 'x.yaml']);
    assert.ok(out.includes('password: example'), 'sops writes the secret in clear text');
    assert.throws(() => makeSelector('encrypted_regex', '('), { code: 'BAD_REGEX' });
  });

  it('a comment in a list that a comment rule encrypts can be read back', async () => {
    const source = 'a:\n    # sops:enc\n    # note\n    - x\n';
    bench.write(
      'rule.yaml',
      JSON.stringify({ creation_rules: [{ age: alice.recipient, encrypted_comment_regex: 'sops:enc' }] }),
    );
    bench.write('x.yaml', source);
    bench.write('x.yaml', bench.sops(['--config', 'rule.yaml', 'encrypt', 'x.yaml']));
    assert.equal(bench.trySops(['decrypt', 'x.yaml']).status, 51, 'sops finds that its own MAC differs');
    await kept(source, 'yaml', makeSelector('encrypted_comment_regex', 'sops:enc'));
  });

  it('an empty comment in a list stays one', async () => {
    const source = 'a:\n    #\n    - x\n';
    assert.equal(bySops(source, 'yaml').stdout, 'a:\n    - ""\n    - x\n');
    const opened = await reopen(await sealed(source, 'yaml'), 'yaml');
    assert.equal((await unseal(opened)).text, source);
  });

  it('a whole number that is set is an int', async () => {
    bench.write('x.yaml', await sealed('a: x\n', 'yaml'));
    const opened = await reopen(readFileSync(join(bench.folder, 'x.yaml'), 'utf8'), 'yaml');
    bench.sops(['set', 'x.yaml', '["a"]', '9007199254740993']);
    const theirs = await reopen(readFileSync(join(bench.folder, 'x.yaml'), 'utf8'), 'yaml');
    assert.deepEqual(theirs.value('[0,"a"]'), { type: 'float', value: 9007199254740992 });
    const ours = (await setPath(opened, ['a'], '9007199254740993', later)).text;
    assert.deepEqual((await reopen(ours, 'yaml')).value('[0,"a"]'), { type: 'int', value: 9007199254740993n });
    bench.write('x.yaml', ours);
    assert.equal(bench.sops(['decrypt', 'x.yaml']), 'a: 9007199254740993\n');
  });

  it('a text of several lines that starts with a tab is kept', async () => {
    const source = 'a: "\\tx\\ny\\n"\n';
    assert.equal(bySops(source, 'yaml').stdout, 'a: null\n');
    assert.deepEqual(JSON.parse(await kept(source, 'yaml')), { a: '\tx\ny\n' });
  });

  it('a text of several lines that starts with an empty one is kept, in a list in clear text', async () => {
    const source = 'a_unencrypted: ["\\n? x"]\n';
    assert.notEqual(bySops(source, 'yaml').status, 0);
    assert.deepEqual(JSON.parse(await kept(source, 'yaml')), { a_unencrypted: ['\n? x'] });
  });

  it('a key << that is a text is kept', async () => {
    const source = '"<<": x\n';
    assert.notEqual(bySops(source, 'yaml').status, 0);
    assert.deepEqual(JSON.parse(await kept(source, 'yaml')), { '<<': 'x' });
  });

  it('the number -0.0 in clear text is kept', async () => {
    const source = '{\n  "a_unencrypted": -0.0\n}\n';
    assert.equal(bySops(source, 'json').status, 51);
    await kept(source, 'json');
  });

  it('an INI value in clear text that ends in a backslash is kept', async () => {
    const source = "[a]\nb_unencrypted = '\\'\nc = x\n";
    assert.notEqual(bySops(source, 'ini').status, 0);
    assert.deepEqual(JSON.parse(await kept(source, 'ini')), { DEFAULT: {}, a: { b_unencrypted: '\\', c: 'x' } });
  });

  it('a comment behind the sign of a block scalar in clear text stays one', async () => {
    const source = 'a_unencrypted:\n  b: &l # of b\n    - &t |+ # of the text\n\nc: x\n';
    assert.equal(bySops(source, 'yaml').status, 51);
    assert.deepEqual(JSON.parse(await kept(source, 'yaml')), { a_unencrypted: { b: ['\n'] }, c: 'x' });
  });

  it('an INI comment without text is kept', async () => {
    const source = '[a]\n;\n;\nb = x\n';
    assert.ok(bySops(source, 'ini').stderr.includes('panic: '));
    assert.deepEqual(JSON.parse(await kept(source, 'ini')), { DEFAULT: {}, a: { b: 'x' } });
  });
});
