import assert from 'node:assert/strict';
import { programName, spoken } from '../../src/cli/name.ts';
import { alice } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('the name that the command line is started under', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  it('is that of the link, or the one that a wrapper says', () => {
    for (const [script, env, name] of [
      ['/usr/lib/node_modules/lockstep-secrets/dist/cli.js', {}, 'lockstep'],
      ['/usr/local/bin/lockstep', {}, 'lockstep'],
      ['/usr/local/bin/sops', {}, 'sops'],
      ['/opt/sops.js', {}, 'sops'],
      ['/opt/sops/cli.js', {}, 'lockstep'],
      [undefined, {}, 'lockstep'],
      ['/opt/cli.js', { LOCKSTEP_NAME: 'sops' }, 'sops'],
      ['/usr/local/bin/sops', { LOCKSTEP_NAME: 'lockstep' }, 'lockstep'],
    ] as const)
      assert.equal(programName(script, env), name, `${script}`);
  });

  it('stands in the commands that we advise, and nowhere else', () => {
    assert.equal(spoken('lockstep edit FILE, lockstep --help', 'sops'), 'sops edit FILE, sops --help');
    assert.equal(spoken('lockstep edit FILE', 'lockstep'), 'lockstep edit FILE');
    assert.equal(spoken('my-lockstep.yaml', 'sops'), 'my-lockstep.yaml');
  });

  it('puts the words of sops first, for a person too', async () => {
    lab.write('plain.yaml', 'a: b\n');
    const ours = 'lockstep: plain.yaml: The file is not encrypted: it has no sops metadata.\n';
    assert.ok((await lab.run(['decrypt', 'plain.yaml'])).err.startsWith(ours));
    const { err } = await lab.run(['decrypt', 'plain.yaml'], { name: 'sops', answers: [] });
    assert.ok(err.startsWith(`sops metadata not found\n${ours}sops encrypt -i FILE`), err);
  });

  it('leaves a message that is compared as a whole alone, but for a person', async () => {
    lab.write('plain.yaml', 'a: b\n');
    lab.write('rules', 'creation_rules:\n  - path_regex: plain\n');
    const words = ['--config', 'rules', 'encrypt', 'plain.yaml'];
    const alone = 'Could not generate data key: [empty key group provided]\n';
    assert.equal((await lab.run(words, { name: 'sops' })).err, alone);
    assert.match(
      (await lab.run(words, { name: 'sops', answers: [] })).err,
      new RegExp(`^${alone.replace(/[[\]]/g, '\\$&')}lockstep: `),
    );
    assert.match((await lab.run(words)).err, /^lockstep: /);
  });

  it('keeps remarks on a run that succeeds from programs, and from nobody else', async () => {
    const words = ['filestatus', 'plain.yaml', 'more'];
    lab.write('plain.yaml', 'a: b\n');
    assert.match((await lab.run(words)).err, /^lockstep: Only the first name/);
    assert.equal((await lab.run(words, { name: 'sops' })).err.includes('lockstep'), false);
    assert.match((await lab.run(words, { name: 'sops', answers: [] })).err, /^lockstep: /m);
    assert.match((await lab.run(['--verbose', ...words], { name: 'sops' })).err, /^lockstep: /m);
    const failed = await lab.run(['decrypt', 'plain.yaml', 'more'], { name: 'sops' });
    assert.match(failed.err, /^sops metadata not found\nlockstep: [\s\S]+^lockstep: Only the first/m);
  });

  it('repeats no name as it is, in the words of sops either', async () => {
    const name = '\u001b[31m\u202e';
    for (const args of [
      ['decrypt', `${name}.yaml`],
      ['rotate', '--add-age', alice.recipient, `${name}.yaml`],
      ['decrypt', '--decryption-order', `${name},${name}`, 'a.yaml'],
      ['decrypt', '--output', `no/${name}`, 'a.yaml'],
      ['decrypt', '--extract', `["${name}"]`, 'a.yaml'],
      [`--${name}`, 'a.yaml'],
      [name, 'more'],
    ]) {
      lab.write('a.yaml', 'a: b\n');
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml'])).code, 0);
      const { code, err } = await lab.run(args, { name: 'sops' });
      assert.notEqual(code, 0);
      assert.match(err, /\\u\{1b\}/, args.join(' '));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      assert.doesNotMatch(err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('tells with --verbose that the data key was found', async () => {
    lab.write('a.yaml', 'a: b\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml'])).code, 0);
    const { err } = await lab.run(['--verbose', 'decrypt', 'a.yaml'], { name: 'sops' });
    assert.match(
      err,
      /^\[SOPS\]\t time="\d{4}-[^"]+Z" level=info msg="Data key recovered successfully"\nlockstep: Keys were looked for in:\n/,
    );
    assert.match((await lab.run(['--verbose', 'decrypt', 'a.yaml'])).err, /^lockstep: a\.yaml: Data key recovered/);
    assert.equal((await lab.run(['decrypt', 'a.yaml'], { name: 'sops' })).err, '');
  });
});
