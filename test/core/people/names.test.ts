import assert from 'node:assert/strict';
import { foldedName, namedKey, namedRecipient, namesIn, namingsIn } from '../../../src/core/people/names.ts';
import { alice, bob, carol } from '../support.ts';

const [a, b, c] = [alice.recipient, bob.recipient, carol.recipient];
const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPLkR6NQVPQpPCWV/bDJYKyxZPMCXmTvzWyjbcLGpVd';
const pgp = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';
const names = (...lines: string[]) => Object.fromEntries(namesIn(lines.join('\n')));

describe('names in .sops.yaml', () => {
  it('stand behind the only recipient of a line', () => {
    assert.deepEqual(names(`  - ${a} # Maria`, `  - "${b}"   #  Tom  Ångström `, `    age: ${c}\t# CI, deploys`), {
      [a]: 'Maria',
      [b]: 'Tom Ångström',
      [c]: 'CI, deploys',
    });
    assert.deepEqual(names(`  age: ${a},${b} # the team`), {}, 'not behind several');
    assert.deepEqual(names(`  - ${a} # `, `  - ${b} #!`, `  - ${c}#Maria`), {}, 'no name, and no comment');
  });

  it('stand as a comment of their own, with the recipient', () => {
    assert.deepEqual(names(`# Maria: ${a}`, `  # Tom = ${b}`, '  age: >-', `    ${a},`, `    ${b}`), {
      [a]: 'Maria',
      [b]: 'Tom',
    });
    assert.deepEqual(names(`# - ${a}`, `#${b}`, `# was ${c}`), {}, 'what was commented out names nobody');
  });

  it('stand on the line above, which is no heading and no text', () => {
    assert.deepEqual(names('  # Maria', `  - ${a}`, '  # Tom', `  - ${b}`), { [a]: 'Maria', [b]: 'Tom' });
    assert.deepEqual(names('  # Maria', `  - ${a}`, `  - ${b} # Tom`), { [a]: 'Maria', [b]: 'Tom' });
    assert.deepEqual(names('  # developers', `  - ${a}`, `  - ${b}`), {}, 'a heading');
    assert.deepEqual(names('  # people:', `  - ${a}`), {}, 'a heading');
    assert.deepEqual(names('# Ask ops', '# before you change this', `- ${a}`), {}, 'a text');
    assert.deepEqual(names('# Maria', '', `- ${a}`), {}, 'not above');
    assert.deepEqual(names('path_regex: x # Maria', `age: ${a}`), {}, 'the comment of something else');
  });

  it('are an anchor, or the comment of an SSH key, where nobody wrote a name', () => {
    assert.deepEqual(names(`  - &maria ${a}`, `  - &tom '${b}' # Tom`, `  - ${ssh} eve@host`, '  - *maria'), {
      [a]: 'maria',
      [b]: 'Tom',
      [ssh]: 'eve@host',
    });
    assert.deepEqual(names('# people', `- &maria ${a}`, `- &tom ${b}`), { [a]: 'maria', [b]: 'tom' });
    assert.deepEqual(
      names(`- ${ssh} eve@host # Eve`, `# Bob: ${ssh.replace('ed25519 AAAA', 'ed25519 BAAA')} bob@host`),
      {
        [ssh]: 'Eve',
        [ssh.replace('ed25519 AAAA', 'ed25519 BAAA')]: 'Bob',
      },
    );
  });

  it('of keys of other kinds', () => {
    assert.deepEqual(names(`- pgp: ${pgp} # Maria's YubiKey`), { [pgp]: "Maria's YubiKey" });
    const arn = 'arn:aws:kms:us-east-1:656532927350:key/920aff2e-c5f1-4040-943a-047fa387b27e';
    assert.deepEqual(names(`- kms: ${arn} # production`), { [arn]: 'production' });
  });

  it('prefer what was written, then what comes first', () => {
    assert.deepEqual(names(`- &m ${a}`, `- ${a} # Maria`, `- ${a} # Mary`, `# Boss: ${a}`), { [a]: 'Maria' });
    assert.deepEqual(
      namingsIn(`- &m ${a}\n- ${a} # Maria\r\n# Boss: ${a}`).map(({ name, line, kind }) => [name, line, kind]),
      [
        ['m', 1, 'anchor'],
        ['Maria', 2, 'behind'],
        ['Boss', 3, 'written'],
      ],
    );
  });

  it('are cut where they are long, and read in time where the file is hostile', () => {
    const [name = ''] = Object.values(names(`- ${a} # ${'é'.repeat(500)}`));
    assert.equal(name, `${'é'.repeat(59)}…`);
    assert.deepEqual(names(`# ${'é'.repeat(500)}: ${a}`), { [a]: name });
    const start = performance.now();
    for (const text of [`# ${'x: '.repeat(300_000)}`, 'age1'.repeat(300_000), `- ${a} ${' #'.repeat(300_000)}`])
      namesIn(text);
    assert.ok(performance.now() - start < 2000);
  });

  it('are shown with the short recipient, and forge nothing', () => {
    const of = namesIn(`- ${a} # Maria\n- ${b} # You\u202e\u0007 (age1)`);
    assert.equal(namedRecipient(of, a), `Maria (${a.slice(0, 11)}…${a.slice(-4)})`);
    assert.equal(namedRecipient(of, b), `You\\u{202e}\\u{7} (age1) (${b.slice(0, 11)}…${b.slice(-4)})`);
    assert.equal(namedRecipient(of, c), `${c.slice(0, 11)}…${c.slice(-4)}`);
    assert.equal(namedKey(of, { kind: 'age', name: a }), namedRecipient(of, a));
    assert.equal(namedKey(of, { kind: 'pgp', name: pgp }), 'PGP 85D77543B3D…3F21');
  });

  it('are the same in any case and composition', () => {
    assert.equal(foldedName('MARIA É'), foldedName('maria e\u0301'));
    assert.notEqual(foldedName('Maria'), foldedName('Mario'));
  });
});
