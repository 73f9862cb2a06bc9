import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const kept = 'a.yaml.lockstep-edit';
const plain = '# who\nname: canary-1\nport: 8080 # inline\nlist:\n  - a\n  - b\n';

describe('edit', () => {
  let lab: Lab;
  let runtime: string;
  beforeEach(async () => {
    lab = new Lab();
    runtime = join(lab.folder, 'runtime');
    mkdirSync(runtime, { mode: 0o700 });
    lab.write('a.yaml', plain);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml'])).code, 0);
  });
  afterEach(() => {
    assert.deepEqual(readdirSync(runtime), [], 'something is left of the clear text');
    lab.dispose();
  });

  /** An editor that does this with `path`, `text` and `save(text)`. */
  const editor = (script: string) => {
    const file = lab.write(
      'editor.cjs',
      `const fs = require('node:fs'); const path = process.argv.at(-1); const text = fs.readFileSync(path, 'utf8');
       const save = (next) => fs.writeFileSync(path, next); ${script}`,
    );
    return { SOPS_EDITOR: `"${process.execPath}" '${file}'`, XDG_RUNTIME_DIR: runtime };
  };
  const edit = (script: string, args: readonly string[] = ['edit', 'a.yaml'], answers?: string[]) =>
    lab.run(args, { env: editor(script), ...(answers && { answers }) });
  const opened = async (name = 'a.yaml') => (await lab.run(['decrypt', name])).out;

  it('shows the clear text, and encrypts what is saved', async () => {
    const before = lab.read('a.yaml');
    const { code, err } = await edit("save(text.replace('8080', '9090'))");
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.equal(await opened(), plain.replace('8080', '9090'));
    const kept = (text: string) => /^name: (.*)$/m.exec(text)?.[1];
    assert.equal(kept(lab.read('a.yaml')), kept(before));
    assert.ok(!lab.read('a.yaml').includes('canary'));
  });

  it('is what a file alone means', async () => {
    assert.equal((await edit("save(text + 'new: 1\\n')", ['a.yaml'])).code, 0);
    assert.ok((await opened()).includes('new: 1'));
  });

  it('keeps the name of the file, in a place for this user only', async function () {
    skipFor(this, windows);
    const script = `const mode = (p) => (fs.statSync(p).mode & 0o777).toString(8);
      fs.writeFileSync('seen.txt', [path, mode(path), mode(require('node:path').dirname(path))].join('\\n')); save(text + 'b: 1\\n')`;
    assert.equal((await edit(script)).code, 0);
    const [path = '', ...modes] = lab.read('seen.txt').split('\n');
    assert.ok(path.startsWith(runtime) && path.endsWith('/a.yaml'), path);
    assert.deepEqual(modes, ['600', '700']);
  });

  it('leaves a text that did not change', async () => {
    const before = lab.read('a.yaml');
    assert.equal((await edit('')).code, 200);
    assert.equal(lab.read('a.yaml'), before);
  });

  it('tells of an editor that fails or is not there', async () => {
    const before = lab.read('a.yaml');
    assert.equal((await edit("save('x: 1\\n'); process.exit(3)")).code, 201);
    for (const EDITOR of ['no-such-editor-here', '"open quote']) {
      const { code } = await lab.run(['edit', 'a.yaml'], { env: { EDITOR, XDG_RUNTIME_DIR: runtime } });
      assert.equal(code, 201);
    }
    assert.equal(lab.read('a.yaml'), before);
  });

  it('keeps Vim from other places, whatever name it has', async function () {
    skipFor(this, windows);
    const bin = join(lab.folder, 'bin');
    mkdirSync(bin);
    const script = `#!/bin/sh\necho "$1 $2 $3" > '${lab.folder}/seen.txt'; eval "echo b: 1 >> \\"\\\${$#}\\""\n`;
    writeFileSync(join(bin, 'vim.full'), script, { mode: 0o700 });
    writeFileSync(join(bin, 'other'), script, { mode: 0o700 });
    symlinkSync('vim.full', join(bin, 'vi'));
    const env = { XDG_RUNTIME_DIR: runtime, PATH: `${bin}:${process.env.PATH}` };
    for (const [named, quiet] of [
      ['vi', true],
      [join(bin, 'vi'), true],
      ['vim.full', true],
      ['other', false],
    ] as const) {
      const { code, err } = await lab.run(['edit', 'a.yaml'], { env: { ...env, SOPS_EDITOR: named } });
      assert.deepEqual({ code, err }, { code: 0, err: '' });
      assert.equal(lab.read('seen.txt').startsWith('-n -i NONE'), quiet, named);
      assert.equal((await lab.run(['unset', 'a.yaml', '["b"]'])).code, 0);
    }
  });

  it('says so when the editor keeps copies elsewhere', async function () {
    skipFor(this, windows);
    for (const [name, warns] of [
      ['code', true],
      ['cursor', true],
      ['ed', false],
      ['decoder', false],
    ] as const) {
      const editor = lab.write(name, '#!/bin/sh\nexit 3\n');
      chmodSync(editor, 0o755);
      const { err } = await lab.run(['edit', 'a.yaml'], {
        env: { EDITOR: `${editor} --wait`, XDG_RUNTIME_DIR: runtime },
      });
      assert.equal(/keeps plaintext copies of what it edits/.test(err), warns, name);
    }
  });

  it('says so when the editor left no file', async () => {
    const { code, err } = await edit('fs.unlinkSync(path)');
    assert.equal(code, 1);
    assert.match(err, /left no file/);
  });

  it('prefers SOPS_EDITOR to EDITOR', async () => {
    const env = { ...editor("save(text + 'b: 1\\n')"), EDITOR: 'no-such-editor-here' };
    assert.equal((await lab.run(['edit', 'a.yaml'], { env })).code, 0);
  });

  it('leaves the file when what is saved cannot be read and nobody can be asked', async () => {
    const before = lab.read('a.yaml');
    const { code, err } = await edit("save(text + 'canary-2: \"open\\n')");
    assert.equal(code, 1);
    assert.match(err, /^lockstep: a\.yaml: line \d+: /);
    assert.ok(!err.includes('canary'));
    assert.equal(lab.read('a.yaml'), before);
  });

  it('goes back to the editor with what was typed', async () => {
    const script = `save(text.includes('"open') ? text.replace('"open', 'closed') : text + 'b: "open\\n')`;
    const { code, err } = await edit(script, ['edit', 'a.yaml'], ['']);
    assert.equal(code, 0, err);
    assert.equal(lab.asked.length, 1);
    assert.equal(await opened(), `${plain}b: closed\n`);
  });

  const breaks = "save(text + 'b: \"open canary-2\\n')";
  const broken = `${plain}b: "open canary-2\n`;

  it('gives an edit up for the word discard alone', async () => {
    const before = lab.read('a.yaml');
    const answers = ['x', 'n', 'quit', 'discard it', ':q!', '\u0003', 'discard'];
    const { code, err } = await edit(breaks, ['edit', 'a.yaml'], answers);
    assert.equal(code, 1);
    assert.match(err, /Your edit is discarded/);
    assert.equal(lab.asked.length, answers.length);
    assert.equal(lab.read('a.yaml'), before);
    assert.ok(!readdirSync(lab.folder).includes(kept));
  });

  for (const [how, answers] of [
    ['the person stops', ['q']],
    ['there is no answer any more', []],
    ['nobody can be asked', undefined],
  ] as const)
    it(`keeps an edit beside the file, encrypted, when ${how}, and offers it again`, async () => {
      const before = lab.read('a.yaml');
      const { code, err } = await edit(breaks, ['edit', 'a.yaml'], answers && [...answers]);
      assert.equal(code, 1);
      assert.match(err, /not saved; it is kept beside the file, encrypted: a\.yaml\.lockstep-edit\n/);
      assert.equal(lab.read('a.yaml'), before);
      assert.ok(!lab.read(kept).includes('canary') && !err.includes('canary'));
      assert.equal(await opened(kept), broken);
      lab.asked.length = 0;
      const again = await edit(
        "fs.writeFileSync('seen', text); save(text.replace('\"open', 'closed'))",
        ['edit', 'a.yaml'],
        ['?', ''],
      );
      assert.equal(again.code, 0, again.err);
      assert.equal(lab.asked.length, 2);
      assert.equal(lab.read('seen'), broken);
      assert.equal(await opened(), `${plain}b: closed canary-2\n`);
      assert.ok(!readdirSync(lab.folder).includes(kept));
    });

  it('leaves an edit that waits alone until the person says so', async () => {
    assert.equal((await edit(breaks)).code, 1);
    const waits = lab.read(kept);
    for (const answers of [['n'], []]) {
      assert.equal((await edit("fs.writeFileSync('seen', text)", ['edit', 'a.yaml'], answers)).code, 200);
      assert.equal(lab.read('seen'), plain);
    }
    assert.match((await edit('')).err, /holds an edit that was not saved/);
    assert.equal((await edit(breaks, ['edit', 'a.yaml'], ['n', 'q'])).code, 1);
    assert.equal(lab.read(kept), waits, 'a second one takes another name');
    assert.equal((await edit('', ['edit', 'a.yaml'], ['discard'])).code, 200);
    assert.ok(!readdirSync(lab.folder).includes(kept));
  });

  it('asks what to do with an edit that cannot be written, and finds a place for it', async function () {
    skipFor(this, windows);
    const before = lab.read('a.yaml');
    chmodSync(join(lab.folder, 'a.yaml'), 0o444);
    symlinkSync('nowhere', join(lab.folder, kept));
    const script = "save(text + 'b: typed\\n')";
    const { code, err } = await edit(script, ['edit', 'a.yaml'], ['', 'q']);
    assert.equal(code, 3, err);
    assert.equal(lab.read('a.yaml'), before);
    const beside = readdirSync(lab.folder).filter((name) => name.includes('.edited-'));
    assert.equal(beside.length, 1, 'beside it in its own format, as when it changed meanwhile');
    const broken = await edit(breaks, ['edit', 'a.yaml'], ['q']);
    const [, name = ''] = /encrypted: (a\.yaml\.lockstep-edit-[0-9a-f]{6})\n/.exec(broken.err) ?? [];
    assert.match(await opened(name), /open canary-2/);
    assert.ok(!readdirSync(lab.folder).includes('nowhere'));
  });

  it('keeps what was typed on top of an edit that waited, in its place', async () => {
    assert.equal((await edit(breaks)).code, 1);
    const more = "save(text + 'c: more\\n')";
    assert.equal((await edit(more, ['edit', 'a.yaml'], ['', 'q'])).code, 1);
    assert.equal(await opened(kept), `${broken}c: more\n`);
    assert.deepEqual(
      readdirSync(lab.folder).filter((name) => name.includes('lockstep-edit')),
      [kept],
    );
  });

  it('does not offer what somebody without the data key put there', async () => {
    lab.write('planted', 'name: planted\n');
    const { out } = await lab.run(['encrypt', '--age', alice.recipient, 'planted']);
    lab.write(kept, out);
    const { code, err } = await edit("fs.writeFileSync('seen', text)", ['edit', 'a.yaml'], ['']);
    assert.equal(code, 200);
    assert.match(err, /another data key/);
    assert.equal(lab.read('seen'), plain);
  });

  it('keeps an edit of a new file, and one that the editor saved before it failed', async () => {
    const { code, err } = await edit(breaks, ['edit', '--age', alice.recipient, 'new.yaml']);
    assert.equal(code, 1, err);
    assert.match(await opened('new.yaml.lockstep-edit'), /open canary-2/);
    assert.ok(!lab.read('new.yaml.lockstep-edit').includes('canary'));
    assert.equal((await edit("save('x: 1\\n'); process.exit(3)")).code, 201);
    assert.equal(await opened(kept), 'x: 1\n');
    unlinkSync(join(lab.folder, kept));
    assert.equal((await edit('process.exit(3)')).code, 201);
    assert.ok(!readdirSync(lab.folder).includes(kept));
  });

  it('names the conflict of a merge, in what is edited and in the file', async () => {
    const markers = '<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n';
    const { code, err } = await edit(`save(text + ${JSON.stringify(markers)})`);
    assert.equal(code, 1);
    assert.match(err, /^lockstep: a\.yaml: line 7: The file holds the conflict markers of a merge\.\n/);
    lab.write(
      'a.yaml',
      lab.read('a.yaml').replace(/^name:.*\n/m, (line) => `<<<<<<< HEAD\n${line}=======\n${line}>>>>>>> other\n`),
    );
    const sealed = await lab.run(['decrypt', 'a.yaml']);
    assert.equal(sealed.code, 1);
    assert.match(
      sealed.err,
      /^lockstep: a\.yaml: line 2: The file holds the conflict markers of a merge\.\nlockstep git repair FILE makes/,
    );
  });

  it('gives the editor no key of the environment', async () => {
    const variables = ['KEY', 'KEY_FILE', 'KEY_CMD', 'SSH_PRIVATE_KEY_FILE', 'SSH_PRIVATE_KEY_CMD'];
    const names = variables.map((name) => `SOPS_AGE_${name}`);
    const env = { ...Object.fromEntries(names.map((name) => [name, 'none'])), SOPS_AGE_KEY: alice.identity };
    const script = "fs.writeFileSync('seen', JSON.stringify(process.env)); save(text + 'b: 1\\n')";
    const { code, err } = await lab.run(['edit', 'a.yaml'], {
      env: { ...editor(script), ...env, SOPS_AGE_RECIPIENTS: 'public' },
    });
    assert.equal(code, 0, err);
    const seen = JSON.parse(lab.read('seen'));
    assert.deepEqual(
      Object.keys(seen).filter((name) => name.startsWith('SOPS_AGE')),
      ['SOPS_AGE_RECIPIENTS'],
    );
  });

  it('names an editor that is not there, or that would not wait', async () => {
    const withEditor = (env: Record<string, string>) =>
      lab.run(['edit', 'a.yaml'], { env: { XDG_RUNTIME_DIR: runtime, ...env } });
    const missing = await withEditor({ EDITOR: 'no-such-editor-here -x' });
    assert.equal(missing.code, 201);
    assert.match(missing.err, /^lockstep: EDITOR names no-such-editor-here, which is not there\.\n/);
    const other = await withEditor({ SOPS_EDITOR: '/none/ed', EDITOR: 'true' });
    assert.match(other.err, /^lockstep: SOPS_EDITOR names \/none\/ed, which is not there\.\n/);
    for (const [line, word] of [
      ['code', '--wait'],
      ['/usr/bin/code-insiders -n', '--wait'],
      ['subl', '--wait'],
      ['gvim', '--nofork'],
    ] as const) {
      const { code, err } = await withEditor({ EDITOR: line });
      assert.equal(code, 201);
      assert.match(err, new RegExp(`ends before its window is closed.*\\n.*${word}`), line);
    }
  });

  it('asks before a value loses its encryption', async () => {
    const before = lab.read('a.yaml');
    const script = "save(text.replace('name:', 'name_unencrypted:'))";
    assert.equal((await edit(script)).code, 1);
    unlinkSync(join(lab.folder, kept));
    assert.equal((await edit(script, ['edit', 'a.yaml'], ['q'])).code, 1);
    unlinkSync(join(lab.folder, kept));
    assert.equal(lab.read('a.yaml'), before);
    assert.equal((await edit(script, ['edit', 'a.yaml'], ['w'])).code, 0);
    assert.ok(lab.read('a.yaml').includes('name_unencrypted: canary-1'));
  });

  it('starts a new file from an example', async () => {
    for (const name of ['new.yaml', 'new.json', 'new.env']) {
      const args = ['edit', '--age', alice.recipient, name];
      assert.equal(
        (await edit("fs.writeFileSync('example', text); save(text.replace('example_value', 'my own'))", args)).code,
        0,
      );
      assert.ok(lab.read('example').includes('example_value'));
      assert.ok(!lab.read(name).includes('my own'));
      assert.equal(await opened(name), lab.read('example').replace('example_value', 'my own'));
    }
    assert.equal((await edit('', ['edit', '--age', alice.recipient, 'none.yaml'])).code, 200);
    assert.ok(!readdirSync(lab.folder).includes('none.yaml'));
    assert.equal((await edit('', ['edit', 'none.yaml'])).code, 1);
  });

  it('does not overwrite what came meanwhile, and keeps what was typed', async () => {
    const script = `save(text + 'b: typed\\n'); fs.appendFileSync('a.yaml', '# changed\\n')`;
    const { code, err } = await edit(script);
    assert.equal(code, 3);
    assert.ok(lab.read('a.yaml').endsWith('# changed\n'));
    const beside = readdirSync(lab.folder).find((name) => name.includes('.edited-')) ?? '';
    assert.ok(err.includes(beside));
    assert.ok(!readFileSync(join(lab.folder, beside), 'utf8').includes('typed'));
    assert.equal(await opened(beside), `${plain}b: typed\n`);
  });

  it('shows the metadata when asked, and does not let it be changed', async () => {
    const args = ['edit', '-s', 'a.yaml'];
    const script = "fs.writeFileSync('seen', text); save(text.replace('8080', '9090'))";
    assert.equal((await edit(script, args)).code, 0);
    assert.ok(lab.read('seen').startsWith(plain) && lab.read('seen').includes(alice.recipient));
    assert.equal(await opened(), plain.replace('8080', '9090'));
    const before = lab.read('a.yaml');
    assert.equal((await edit("save(text.replace('age1', 'age2'))", args)).code, 1);
    assert.equal((await edit('', args)).code, 200);
    assert.equal(lab.read('a.yaml'), before);
  });

  it('wipes what an editor leaves beside the file', async () => {
    const script = `fs.writeFileSync(path + '~', text); fs.mkdirSync(path + '.d'); fs.writeFileSync(path + '.d/.a.yaml.swp', text);
      save(text + 'b: 1\\n')`;
    assert.equal((await edit(script)).code, 0);
  });

  it('does not touch what a link leads to', async function () {
    skipFor(this, windows);
    const own = lab.write('own.txt', 'mine');
    const script = `fs.symlinkSync(${JSON.stringify(own)}, path + '.link'); fs.linkSync(${JSON.stringify(own)}, path + '.hard'); save(text + 'b: 1\\n')`;
    assert.equal((await edit(script)).code, 0);
    assert.equal(lab.read('own.txt'), 'mine');
    writeFileSync(own, 'still mine');
  });
});
