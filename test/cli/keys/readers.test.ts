import assert from 'node:assert/strict';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { alice, bob, carol } from '../../core/support.ts';
import { Lab } from '../lab.ts';

const plain = 'name: canary\nport: 8080\n';
const stranger = carol.recipient;

describe('who gets a data key', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    lab.write('a.yaml', plain);
    await ok('encrypt', '-i', '--age', `${alice.recipient},${bob.recipient}`, 'a.yaml');
  });
  afterEach(() => lab.dispose());

  async function ok(...args: string[]) {
    const ran = await lab.run(args);
    assert.equal(ran.code, 0, ran.err);
    assert.ok(!ran.err.includes('canary'));
    return ran;
  }
  const rule = (body: string) => lab.write('.sops.yaml', `creation_rules:\n${body}`);
  /** An entry for somebody else, which anybody can write into the file. */
  const added = () => {
    const text = lab.read('a.yaml');
    const entry = /( +)- enc: \|\n[\s\S]*?END AGE[^\n]*\n\s+recipient: age1\S+\n/.exec(text)?.[0] ?? assert.fail();
    const more = entry.replace(/age1\S+/, stranger);
    lab.write(
      'a.yaml',
      text.replace(entry, () => more + entry),
    );
    return lab.read('a.yaml');
  };
  const relabelled = () => lab.write('a.yaml', lab.read('a.yaml').replaceAll(alice.recipient, stranger));

  describe('when the entry that opened names somebody else', () => {
    it('is nobody new, whatever changes the keys', async () => {
      relabelled();
      const before = lab.read('a.yaml');
      rule(`  - age: ${alice.recipient},${stranger}\n`);
      for (const args of [
        ['rotate', '-i', '-y', 'a.yaml'],
        ['-r', '-i', '-y', 'a.yaml'],
        ['rotate', '-i', '-y', '--yes-lock-me-out', 'a.yaml'],
        ['rotate', '-y', '--output', 'b.yaml', 'a.yaml'],
        ['rotate', '-i', '-y', '--add-age', alice.recipient, '--rm-age', stranger, 'a.yaml'],
        ['updatekeys', '-y', '--rotate', 'a.yaml'],
        ['recipients', 'add', '-y', 'a.yaml', alice.recipient],
        ['recipients', 'remove', '-y', 'a.yaml', bob.recipient],
        ['groups', 'add', '-y', '--yes-lock-me-out', '-i', '-f', 'a.yaml', '--age', bob.recipient],
      ]) {
        const { code, err, out } = await lab.run(args, { answers: ['y', 'y', 'y'] });
        assert.equal(code, 1, args.join(' '));
        assert.match(err, /names another public key\. Somebody may have changed who can read the file/, args.join(' '));
        assert.ok(!out.includes('ENC['), args.join(' '));
        assert.equal(lab.read('a.yaml'), before, args.join(' '));
      }
      assert.throws(() => lab.read('b.yaml'));
    });

    it('is told when the file is merely opened or a value is set', async () => {
      relabelled();
      const read = await ok('decrypt', 'a.yaml');
      assert.equal(read.out, plain);
      assert.ok(read.err.includes(`Your key ${alice.recipient} opens an entry that names ${stranger}.`), read.err);
      assert.match((await ok('set', 'a.yaml', '["port"]', '1')).err, /Somebody may have changed who can read the file/);
    });
  });

  describe('rotate', () => {
    it('names everybody, also without a rule, and asks nothing then', async () => {
      added();
      const { err } = await ok('rotate', '-i', 'a.yaml');
      assert.equal(
        err,
        `lockstep: a.yaml: The new data key is for:\n  ${stranger}\n  ${alice.recipient} (yours)\n  ${bob.recipient}\n`,
      );
      rule(`  - path_regex: ^other$\n    age: ${bob.recipient}\n`);
      assert.match((await ok('rotate', '-i', 'a.yaml')).err, /is for:/);
    });

    it('goes on when the rule names all, in whatever order and spelling', async () => {
      rule(`  - age: [${stranger}, ${bob.recipient}, ${alice.recipient}]\n`);
      assert.match((await ok('rotate', '-i', 'a.yaml')).err, /is for:/);
      assert.equal(lab.asked.length, 0);
    });

    it('asks about somebody whom the rule does not name, and needs a flag where nobody can be asked', async () => {
      const before = added();
      rule(`  - age: ${alice.recipient},${bob.recipient}\n`);
      const refused = await lab.run(['rotate', '-i', 'a.yaml']);
      assert.equal(refused.code, 1);
      assert.ok(refused.err.includes(`${stranger} (not named by the rule)\n`), refused.err);
      assert.match(refused.err, /-y goes on with these/);
      assert.equal((await lab.run(['rotate', 'a.yaml'])).out, '');
      assert.equal((await lab.run(['rotate', '-i', 'a.yaml'], { answers: [''] })).code, 1);
      assert.equal((await lab.run(['rotate', '-i', 'a.yaml'], { answers: ['x', 'n'] })).code, 1);
      assert.equal(lab.read('a.yaml'), before);
      assert.equal((await lab.run(['rotate', '-i', 'a.yaml'], { answers: ['y'] })).code, 0);
      await ok('rotate', '-i', '-y', 'a.yaml');
      assert.equal((await ok('decrypt', 'a.yaml')).out, plain);
    });

    it('asks about nobody whom the command line itself names', async () => {
      rule(`  - age: ${alice.recipient},${bob.recipient}\n`);
      await ok('rotate', '-i', '--add-age', stranger, 'a.yaml');
      assert.match((await ok('rotate', '-i', '--rm-age', stranger, 'a.yaml')).err, /at their source/);
      await ok('recipients', 'add', 'a.yaml', stranger);
    });

    it('needs a flag where the rule cannot be read', async () => {
      for (const text of ['creation_rules: "\n', 'creation_rules:\n  - path_regex: "("\n    age: x\n']) {
        lab.write('.sops.yaml', text);
        const { code, err } = await lab.run(['rotate', '-i', 'a.yaml']);
        assert.equal(code, 1);
        assert.match(err, /The rule in \.sops\.yaml cannot be read/);
        await ok('rotate', '-i', '-y', 'a.yaml');
      }
    });

    it('asks before a file asks for fewer groups than its rule', async () => {
      rule(`  - key_groups:\n      - age: [${alice.recipient}]\n      - age: [${bob.recipient}]\n`);
      const { code, err } = await lab.run(['rotate', '-i', 'a.yaml']);
      assert.equal(code, 1);
      assert.match(err, /asks for keys of more groups than the file does/);
    });

    it('looks for each group of a file in the rule', async () => {
      const keys = { env: { SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}` } };
      rule(`  - key_groups:\n      - age: [${alice.recipient}]\n      - age: [${bob.recipient}]\n`);
      lab.write('g.yaml', plain);
      assert.equal((await lab.run(['encrypt', '-i', 'g.yaml'])).code, 0);
      const rotated = await lab.run(['rotate', '-i', 'g.yaml'], keys);
      assert.equal(rotated.code, 0, rotated.err);
      assert.match(rotated.err, / Group 1\n {2}age1\S+ \(yours\)\n Group 2\n[\s\S]*Needed together: 2 of 2 groups\n$/);
      const swapped = lab.read('g.yaml').replaceAll(bob.recipient, alice.recipient);
      lab.write('h.yaml', swapped);
      assert.equal((await lab.run(['rotate', '-i', '-y', 'h.yaml'], keys)).code, 1);
    });
  });

  describe('and nobody is locked out by a slip', () => {
    it('without an explicit word', async () => {
      rule(`  - age: ${bob.recipient}\n`);
      const before = lab.read('a.yaml');
      for (const args of [
        ['rotate', '-i', '-y', '--rm-age', alice.recipient, 'a.yaml'],
        ['rotate', '-y', '--rm-age', alice.recipient, 'a.yaml'],
        ['updatekeys', '-y', 'a.yaml'],
        ['updatekeys', '-y', '--rotate', 'a.yaml'],
        ['recipients', 'remove', '-y', 'a.yaml', alice.recipient],
        ['groups', 'add', '-y', '-i', '-f', 'a.yaml', '--age', stranger],
      ]) {
        const { code, err, out } = await lab.run(args);
        assert.equal(code, 1, args.join(' '));
        assert.match(err, /would (?:not )?open the file[.:]/, args.join(' '));
        assert.match(err, /--yes-lock-me-out/);
        assert.ok(!out.includes('ENC['));
        const no = await lab.run(args, { answers: ['n', 'n'] });
        assert.equal(no.code, 1, args.join(' '));
        assert.equal(lab.read('a.yaml'), before, args.join(' '));
      }
      await ok('updatekeys', '-y', '--yes-lock-me-out', 'a.yaml');
      assert.equal((await lab.run(['decrypt', 'a.yaml'])).code, 128);
    });

    it('and a person can say yes', async () => {
      const args = ['rotate', '-i', '--rm-age', alice.recipient, 'a.yaml'];
      assert.equal((await lab.run(args, { answers: ['y'] })).code, 0);
      assert.match(lab.asked.join(), /Lock yourself out\? \(y\/n\)/);
      assert.equal((await lab.run(['decrypt', 'a.yaml'], { env: { SOPS_AGE_KEY: bob.identity } })).out, plain);
    });

    it('also before a new file is typed', async () => {
      const program = () => assert.fail('an editor was started');
      const args = ['edit', '--age', bob.recipient, 'new.yaml'];
      const { code, err } = await lab.run(args, { program, env: { EDITOR: 'x' } });
      assert.equal(code, 1);
      assert.match(err, new RegExp(`new\\.yaml: The new file is for:\n {2}${bob.recipient}\n`));
      assert.match(err, /None of your keys on this machine/);
      const typed = (_: string, words: readonly string[]) => {
        lab.write('seen', words.at(-1) ?? '');
        return 0;
      };
      const env = { EDITOR: 'x' };
      assert.equal((await lab.run([...args, '--yes-lock-me-out'], { program: typed, env })).code, 200);
      assert.equal((await lab.run(['edit', '--age', alice.recipient, 'n.yaml'], { program: typed, env })).code, 200);
    });
  });

  describe('updatekeys', () => {
    it('says what a removal leaves open, or rotates at once', async () => {
      rule(`  - age: ${alice.recipient}\n`);
      const values = (text: string) => text.match(/^\w+: ENC.*/gm);
      const before = lab.read('a.yaml');
      const { err } = await ok('updatekeys', '-y', 'a.yaml');
      assert.match(err, /may have kept the data key and the values\.\nlockstep rotate -i a\.yaml makes a new data key/);
      assert.deepEqual(values(lab.read('a.yaml')), values(before));
      lab.write('a.yaml', before);
      const rotated = await ok('updatekeys', '-y', '--rotate', 'a.yaml');
      assert.match(rotated.err, /replace the secrets themselves at their source/);
      assert.ok(!rotated.err.includes('rotate -i'));
      assert.notDeepEqual(values(lab.read('a.yaml')), values(before));
      assert.equal((await ok('recipients', 'list', 'a.yaml')).out, `${alice.recipient}\n`);
      assert.equal((await ok('decrypt', 'a.yaml')).out, plain);
    });

    it('names on standard error who gets the data key', async () => {
      rule(`  - age: [${alice.recipient}, ${bob.recipient}, ${stranger}]\n`);
      const { err } = await ok('updatekeys', '-y', 'a.yaml');
      assert.ok(err.startsWith(`lockstep: a.yaml: The data key is for:\n  ${stranger}\n`), err);
    });
  });

  it('is nobody whose name is only on the list of a damaged file', async () => {
    const other = await recipientOf(await generateIdentity());
    lab.write(
      'a.yaml',
      lab
        .read('a.yaml')
        .replace(/^port: .*/m, 'port: 1')
        .replaceAll(bob.recipient, other),
    );
    assert.notEqual((await lab.run(['rotate', '-i', '-y', 'a.yaml'])).code, 0);
    rule(`  - age: [${alice.recipient}, ${stranger}]\n`);
    assert.notEqual((await lab.run(['updatekeys', '-y', '--rotate', 'a.yaml'])).code, 0);
  });
});
