import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../src/core/format/document.ts';
import { Lab } from '../cli/lab.ts';
import { alice, bob } from '../core/support.ts';
import { Bench } from './tools.ts';

/** Names as people have them, those that say nothing and those that say something else than what is in the file. */
const names = [
  'secrets.json.enc',
  'values.yaml.enc',
  'x.ini.enc',
  'prod.env.encrypted',
  'notes',
  '.env.sops',
  '.env.production',
  'x.yaml',
  'x.json',
  'x.env',
  'x.ini',
];
const plain: Readonly<Record<FormatId, string>> = {
  yaml: 'a: first\nb:\n    - 1\n    - two\n',
  json: '{\n\t"a": "first",\n\t"b": [\n\t\t1\n\t]\n}\n',
  dotenv: 'a=first\nb=se cond\n',
  ini: '[s]\na = first\n',
  binary: 'any bytes\tat all\n',
};
const endings: Readonly<Record<FormatId, string>> = {
  yaml: 'p.yaml',
  json: 'p.json',
  dotenv: 'p.env',
  ini: 'p.ini',
  binary: 'p.bin',
};
const formats = Object.keys(plain) as FormatId[];
const flat: readonly FormatId[] = ['dotenv'];
const typed = (format: FormatId) => ['--input-type', format, '--output-type', format];

describe('a file whose name does not tell its format', function () {
  this.timeout(300_000);
  const bench = new Bench();
  const lab = new Lab();
  const sealed = {} as Record<FormatId, string>;

  before(() => {
    for (const format of formats) {
      bench.write(endings[format], plain[format]);
      sealed[format] = bench.sops(['encrypt', '--age', alice.recipient, endings[format]]);
    }
  });
  after(() => {
    bench.dispose();
    lab.dispose();
  });

  const put = (name: string, format: FormatId) => {
    bench.write(name, sealed[format]);
    lab.write(name, sealed[format]);
  };
  const ours = async (...args: string[]) => {
    const { code, out, err } = await lab.run(args);
    assert.equal(code, 0, `${args.join(' ')}: ${err}`);
    return out;
  };
  /** What sops makes of the file as it lies in the lab, told its format. */
  const meaning = (name: string, format: FormatId) => {
    bench.write('told', readFileSync(join(lab.folder, name)));
    return bench.sops(['decrypt', ...typed(format), 'told']);
  };

  for (const name of names) {
    it(`${name}: every verb sees what sops sees, and goes on where it fails`, async () => {
      for (const format of formats) {
        put(name, format);
        const theirs = bench.trySops(['decrypt', name]);
        const clear = await ours('decrypt', name);
        // JSON is YAML as well, and keeps its layout here.
        const laidOut = name === 'x.yaml' && (format === 'json' || format === 'binary');
        if (laidOut)
          assert.deepEqual(JSON.parse(clear), format === 'json' ? JSON.parse(plain.json) : { data: plain.binary });
        else assert.equal(clear, theirs.status === 0 ? theirs.stdout : plain[format], `${name} with ${format}`);
        assert.equal(await ours('filestatus', name), '{"encrypted":true}\n');
        assert.match(await ours('recipients', 'list', name), new RegExp(alice.recipient));
      }
    });

    it(`${name}: what changes it keeps its format`, async () => {
      for (const format of formats) {
        // There sops and we see another format than it was: the other tests have it.
        if (bench.trySops(['decrypt', name]).status === 0 && clearDiffers(name, format)) continue;
        put(name, format);
        await ours('rotate', '-i', name);
        await ours('recipients', 'add', name, bob.recipient);
        lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
        await ours('updatekeys', '-y', name);
        if (format !== 'binary') await ours('set', name, format === 'ini' ? '["s"]["a"]' : '["a"]', '"other"');
        assert.equal(meaning(name, format), plain[format].replace('first', 'other'), `${name} with ${format}`);
        if (flat.includes(format)) assert.match(await ours('exec-env', name, '--', 'env'), /^a=other$/m);
        const editor = { EDITOR: 'sed -i s/other/third/' };
        if (format === 'binary') continue;
        assert.equal((await lab.run(['edit', name], { env: editor })).code, 0, `edit ${name} with ${format}`);
        assert.equal(meaning(name, format), plain[format].replace('first', 'third'), `${name} with ${format}`);
      }
    });
  }

  const clearDiffers = (name: string, format: FormatId) => {
    put(name, format);
    const { status, stdout } = bench.trySops(['decrypt', name]);
    return status === 0 && stdout !== plain[format];
  };

  it('is read from standard input', async () => {
    for (const format of formats) {
      for (const words of [['decrypt'], ['decrypt', '-'], ['decrypt', '/dev/stdin']]) {
        const { code, out, err } = await lab.run(words, { stdin: sealed[format] });
        assert.deepEqual([code, out], [0, plain[format]], `${words.join(' ')} with ${format}: ${err}`);
      }
    }
  });

  it('is encrypted as sops does it, when it is new: as bytes', async () => {
    for (const name of ['secrets.json.enc', 'values.yaml.enc', 'x.ini.enc', 'prod.env.encrypted']) {
      lab.write(name, plain.yaml);
      await ours('encrypt', '-i', '--age', alice.recipient, name);
      bench.write(name, readFileSync(join(lab.folder, name)));
      assert.equal(bench.sops(['decrypt', name]), plain.yaml);
      assert.equal(await ours('decrypt', name), plain.yaml);
    }
  });

  it('is left alone where it only quotes an encrypted file', async () => {
    const text = `# An example\n\n- of sops\n\n${sealed.yaml}`;
    lab.write('notes.md', text);
    const { code } = await lab.run(['decrypt', 'notes.md']);
    assert.equal(code, 1);
    await ours('encrypt', '-i', '--age', alice.recipient, 'notes.md');
    assert.equal(await ours('decrypt', 'notes.md'), text);
  });
});
