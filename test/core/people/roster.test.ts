import assert from 'node:assert/strict';
import { namesIn } from '../../../src/core/people/names.ts';
import { withoutPerson, withPerson } from '../../../src/core/people/roster.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { alice, bob, carol } from '../support.ts';

const [a, b, c] = [alice.recipient, bob.recipient, carol.recipient];
const lines = (...all: string[]) => `${all.join('\n')}\n`;
const readers = (text: string) =>
  parseConfig(text).rules?.map(({ groups }) => groups.map((group) => group.map(({ name }) => name)));

const team = lines(
  '# Who may read what. Ask ops before you change this.',
  'keys:',
  '  # people',
  `  - &alice ${a} # Alice, ops`,
  `  - &bob ${b}`,
  '',
  'creation_rules:',
  '  # production: two groups',
  '  - path_regex: ^prod/.*\\.yaml$',
  '    shamir_threshold: 2',
  '    key_groups:',
  '      - age:',
  '          - *alice # on call',
  '          - *bob',
  '      - age: [*bob, *alice]',
  '  # the rest',
  '  - path_regex: .*   # everything',
  '    age: >-',
  `      ${a},`,
  `      ${b}`,
  '    encrypted_regex: ^(data|stringData)$',
);

describe('somebody in .sops.yaml', () => {
  it('is the last of a list, with the name behind', () => {
    const text = lines('creation_rules:', '  - age:', `      - ${a} # Alice`, '    path_regex: x # all');
    const { text: next, rules } = withPerson(text, [{ rule: 0 }], b, 'Bob');
    assert.equal(next, text.replace('# Alice\n', `# Alice\n      - ${b} # Bob\n`));
    assert.deepEqual(rules, [0]);
  });

  it('has a line of a comment where others are on the same line, in any line ends', () => {
    for (const eol of ['\n', '\r\n']) {
      const text = team.replaceAll('\n', eol);
      const places = [{ rule: 0, group: 1 }, { rule: 1 }];
      const { text: next, rules } = withPerson(text, places, c, 'Carol: CI');
      assert.equal(namesIn(next).get(c), 'Carol: CI');
      assert.deepEqual(readers(next), [
        [
          [a, b],
          [b, a, c],
        ],
        [[a, b, c]],
      ]);
      assert.deepEqual(rules, [0, 1]);
      const kept = next.split(eol).filter((line) => !line.includes(c));
      assert.deepEqual(
        team.split('\n').filter((line) => !kept.includes(line)),
        ['      - age: [*bob, *alice]', `      ${b}`].filter((line) => !kept.includes(line)),
      );
      assert.ok(next.includes(`${eol}# Carol: CI: ${c}${eol}creation_rules:${eol}`));
    }
    const one = `{creation_rules: [{age: "${a}"}]}\n`;
    assert.equal(withPerson(one, [{ rule: 0 }], c, 'Carol').text.split('\n')[0], `# Carol: ${c}`);
  });

  it('shares a list by an anchor: every rule that changes is told', () => {
    const text = lines('creation_rules:', '  - path_regex: a', '    age: &all', `      - ${a}`, '  - age: *all');
    assert.deepEqual(withPerson(text, [{ rule: 1 }], b, 'Bob').rules, [0, 1]);
    assert.deepEqual(withPerson(text, [{ rule: 0 }, { rule: 1 }], b, 'Bob').rules, [0, 1]);
  });

  it('is there already: no rule changes, and the name is written down', () => {
    const { text, rules } = withPerson(team, [{ rule: 1 }], b, 'Bob');
    assert.deepEqual(rules, []);
    assert.equal(text, team.replace('creation_rules:', `# Bob: ${b}\ncreation_rules:`));
  });

  it('goes from every rule and group, with the lines about the key alone', () => {
    const { text, rules } = withoutPerson(`# Bob: ${b}\n${team}`, b);
    assert.deepEqual(readers(text), [[[a], [a]], [[a]]]);
    assert.deepEqual(rules, [0, 1]);
    assert.ok(!text.includes(b));
    assert.ok(text.startsWith(team.slice(0, team.indexOf('  - &bob'))));
    assert.equal(withoutPerson(text, b).text, text);
    assert.deepEqual(withoutPerson(text, b).rules, []);
  });

  it('is found however an SSH key is spelled', () => {
    const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILQWM2gmlG6hsoByj3/T3ZvfM7Weg3z+1LVuUbzF3zgH';
    const text = lines('creation_rules:', '  - age:', `      - ${a}`, `      - ${ssh} tom@host # Tom`);
    assert.equal(withoutPerson(text, ssh).text, lines('creation_rules:', '  - age:', `      - ${a}`));
  });

  it('cannot be the last of a rule or of a group', () => {
    for (const [text, rule] of [
      [lines('creation_rules:', `  - path_regex: x`, `    age: ${a}`, `  - age: ${b}`), 1],
      [
        lines(
          'creation_rules:',
          '  - key_groups:',
          `    - age: [${a}]`,
          `    - age: [${b}, ${a}]`,
          `    - age: [${b}]`,
        ),
        0,
      ],
    ] as const)
      assert.throws(() => withoutPerson(text, b), { code: 'NO_RECIPIENTS', place: { what: 'last', rule } });
  });

  it('stands in no rule that is not there', () => {
    assert.throws(() => withPerson(team, [{ rule: 2 }], c, 'Carol'), { code: 'NO_SUCH_ENTRY' });
    assert.throws(() => withPerson(team, [{ rule: 0, group: 2 }], c, 'Carol'), { code: 'NO_SUCH_ENTRY' });
  });
});
