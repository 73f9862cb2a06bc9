import assert from 'node:assert/strict';
import { addRecipient, addRule, type RecipientsPlace, removeRecipient } from '../../../src/core/rules/edit.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';

const ada = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
const bob = 'age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw';
const eve = 'age1t7r9prsqc3w3x4auqq7y8zplrfsddmf8z97hct68gmhea2l34f9q63h2kp';
const pgp = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';

const lines = (...all: string[]) => `${all.join('\n')}\n`;

const recipients = (text: string) =>
  parseConfig(text).rules?.map(({ groups }) => groups.map((group) => group.map(({ name }) => name)));

/** A change of `before`, once with each line end; the lines that go and come. */
function diff(before: string, edit: (text: string) => { readonly text: string; readonly rules: readonly number[] }) {
  const found = edit(before);
  const crlf = edit(before.replaceAll('\n', '\r\n'));
  assert.equal(crlf.text, found.text.replaceAll('\n', '\r\n'));
  const [old, now] = [before.split('\n'), found.text.split('\n')];
  return {
    gone: old.filter((line) => !now.includes(line)),
    come: now.filter((line) => !old.includes(line)),
    rules: found.rules,
    text: found.text,
  };
}
const added = (text: string, place: RecipientsPlace, recipient: string, comment?: string) =>
  diff(text, (one) => addRecipient(one, place, recipient, comment));
const removed = (text: string, place: RecipientsPlace, recipient: string) =>
  diff(text, (one) => removeRecipient(one, place, recipient));

/** As teams write it. */
const team = lines(
  '# Who may read what. Ask ops before you change this.',
  'keys:',
  '  # people',
  `  - &ada ${ada} # Ada, ops`,
  `  - &bob ${bob}`,
  '',
  'creation_rules:',
  '  # production: two groups',
  '  - path_regex: ^prod/.*\\.yaml$',
  '    shamir_threshold: 2',
  '    key_groups:',
  '      - age:',
  '          - *ada # on call',
  '          - *bob',
  '        pgp:',
  `          - ${pgp}`,
  '      - age: [*bob]',
  '',
  '  # the rest',
  '  - path_regex: .*   # everything',
  '    age: >-',
  `      ${ada},`,
  `      ${bob}`,
  '    encrypted_regex: ^(data|stringData)$',
  'stores:',
  '  yaml: {indent: 2}',
);

describe('edits of .sops.yaml', () => {
  it('add an item to a list of a key group, with its comment', () => {
    const { gone, come, rules } = added(team, { rule: 0, group: 0 }, eve, ' Eve');
    assert.deepEqual([gone, come, rules], [[], [`          - ${eve} # Eve`], [0]]);
  });

  it('add an item to a list within brackets', () => {
    const { gone, come } = added(team, { rule: 0, group: 1 }, eve, ' Eve');
    assert.deepEqual([gone, come], [['      - age: [*bob]'], [`      - age: [*bob, ${eve}]`]]);
  });

  it('add a line to a text that is folded', () => {
    const { gone, come, text } = added(team, { rule: 1 }, eve);
    assert.deepEqual([gone, come], [[`      ${bob}`], [`      ${bob},`, `      ${eve}`]]);
    assert.deepEqual(recipients(text)?.[1], [[ada, bob, eve]]);
  });

  it('add a part to a text with commas, in its own way of writing', () => {
    for (const [before, after] of [
      [`age: ${ada},${bob}`, `age: ${ada},${bob},${eve}`],
      [`age: '${ada}, ${bob}' # two`, `age: '${ada}, ${bob}, ${eve}' # two`],
      [`age: "${ada}"`, `age: "${ada},${eve}"`],
      [`age: ${ada}, # one`, `age: ${ada}, ${eve} # one`],
      [`age: &us ${ada}`, `age: &us ${ada},${eve}`],
      ['age:', `age: ${eve}`],
      ['age: ""', `age: "${eve}"`],
      [`age: [] # none`, undefined],
      [`pgp: ${pgp}`, undefined],
    ] as const) {
      const { text } = added(lines('creation_rules:', `  - ${before}`, '    path_regex: x'), { rule: 0 }, eve);
      if (after) assert.equal(text, lines('creation_rules:', `  - ${after}`, '    path_regex: x'));
      assert.ok(recipients(text)?.[0]?.[0]?.includes(eve), text);
    }
    const flow = `creation_rules: [{age: ${ada}, path_regex: x}]\n`;
    assert.deepEqual(recipients(added(flow, { rule: 0 }, eve).text), [[[ada, eve]]]);
  });

  it('tell which other rules share a list', () => {
    const shared = lines(
      'us: &us',
      `  - ${ada}`,
      'defaults: &defaults',
      '  age: *us',
      'creation_rules:',
      '  - path_regex: a',
      '    age: *us',
      '  - path_regex: b',
      '    <<: *defaults',
      '  - path_regex: c',
      `    age: ${bob}`,
    );
    const { come, rules } = added(shared, { rule: 0 }, eve);
    assert.deepEqual([come, rules], [[`  - ${eve}`], [0, 1]]);
    const without = removed(added(shared, { rule: 1 }, eve).text, { rule: 1 }, eve);
    assert.deepEqual([without.text, without.rules], [shared, [0, 1]]);
  });

  it('change nothing for a recipient that is there', () => {
    assert.deepEqual(addRecipient(team, { rule: 1 }, bob), { text: team, rules: [] });
  });

  it('take an item out with the comment behind it, and nothing else', () => {
    const { gone, come, rules } = removed(team, { rule: 0, group: 0 }, ada);
    assert.deepEqual([gone, come, rules], [['          - *ada # on call'], [], [0]]);
  });

  it('take a part out of a text, wherever it stands', () => {
    for (const [before, gone, after] of [
      [`${ada},${bob}`, ada, bob],
      [`'${ada}, ${bob}, ${eve}'`, bob, `'${ada}, ${eve}'`],
      [`"${ada}, ${bob}"`, bob, `"${ada}"`],
      [`&us ${ada}, ${bob}`, ada, `&us ${bob}`],
    ] as const) {
      const { text } = removed(lines('creation_rules:', `  - age: ${before} # us`), { rule: 0 }, gone);
      assert.equal(text, lines('creation_rules:', `  - age: ${after} # us`));
    }
    assert.deepEqual(removed(team, { rule: 1 }, bob).gone, [`      ${ada},`, `      ${bob}`]);
    assert.deepEqual(removed(team, { rule: 1 }, bob).come, [`      ${ada}`]);
    assert.deepEqual(removed(team, { rule: 1 }, ada).gone, [`      ${ada},`]);
  });

  it('take a recipient out of every place of the group', () => {
    const text = lines(
      'creation_rules:',
      '  - key_groups:',
      '      - merge:',
      `          - age: [${ada}, ${bob}]`,
      '        age:',
      `          - ${bob},${eve}`,
      `          - ${bob}`,
    );
    assert.deepEqual(recipients(removed(text, { rule: 0 }, bob).text), [[[ada, eve]]]);
  });

  it('leave nobody out by mistake', () => {
    assert.throws(() => removeRecipient(team, { rule: 0, group: 1 }, bob), { code: 'NO_RECIPIENTS' });
    const shared = `x: &x [${ada}]\ncreation_rules:\n  - age: *x\n    pgp: ${pgp}\n  - age: *x\n    path_regex: y\n`;
    assert.throws(() => removeRecipient(shared, { rule: 0 }, ada), { code: 'NO_RECIPIENTS' });
    const alone = lines('creation_rules:', `  - age: ${ada}`, `    pgp: ${pgp}`);
    assert.equal(removed(alone, { rule: 0 }, ada).text, lines('creation_rules:', `  - pgp: ${pgp}`));
  });

  it('refuse what is not there, and what cannot be written', () => {
    for (const place of [{ rule: 2 }, { rule: 0, group: 2 }, { rule: 1, group: 1 }]) {
      assert.throws(() => addRecipient(team, place, eve), { code: 'NO_SUCH_ENTRY' });
      assert.throws(() => removeRecipient(team, place, ada), { code: 'NO_SUCH_ENTRY' });
    }
    assert.throws(() => removeRecipient(team, { rule: 1 }, eve), { code: 'NO_SUCH_ENTRY' });
    for (const odd of ['', 'a,b', 'a\nb', "a'", 'a: b', 'a #b', '*a', 'AGE-SECRET-KEY-1X'])
      assert.throws(() => addRecipient(team, { rule: 1 }, odd), { code: 'BAD_RECIPIENT' }, odd);
    assert.throws(() => addRecipient(team, { rule: 0 }, eve, ' a\n  - b'), { code: 'BAD_RECIPIENT' });
    // The anchor is used elsewhere.
    const anchored = `creation_rules:\n  - age: [&a ${ada}, ${bob}]\n  - age: [*a]\n`;
    assert.throws(() => removeRecipient(anchored, { rule: 0 }, ada), { code: 'BAD_CONFIG' });
  });

  it('put a rule before the one that is named, with what belongs to that', () => {
    const rule = { pathRegex: '^new/', recipients: [eve] };
    for (const at of [0, 1, 2]) {
      const { gone, come, text } = diff(team, (one) => ({ text: addRule(one, rule, at), rules: [] }));
      assert.deepEqual(gone, []);
      assert.deepEqual(come, ['  - path_regex: ^new/', '    age:', `      - ${eve}`]);
      assert.equal(parseConfig(text).rules?.[at]?.pathRegex, '^new/');
      const rest = text.slice(0, text.indexOf('  - path_regex: ^new/'));
      assert.equal(rest.includes('# the rest'), at === 2);
    }
  });
});
