import assert from 'node:assert/strict';
import {
  groupsWithRecovery,
  recipientsWithRecovery,
  recoveryKeys,
  withRecovery,
} from '../../../src/core/backup/recovery.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { generateIdentity, recipientOf } from '../age/texts.ts';

describe('a recovery key', () => {
  let [ada, grace, recovery] = ['', '', ''];
  before(async () => {
    [ada, grace, recovery] = (await Promise.all([0, 1, 2].map(async () => recipientOf(await generateIdentity())))) as [
      string,
      string,
      string,
    ];
  });

  it('comes into every rule and every group, and nothing else changes', () => {
    const text = `# ours
creation_rules:
  - path_regex: ^prod/ # keep
    key_groups:
      - age:
          - ${ada} # Ada
      - age:
          - ${grace}
  - path_regex: ^dev/
    age: ${ada},${grace}
  - age:
      - ${grace} # Grace
`;
    const next = withRecovery(text, recovery);
    const { rules = [] } = parseConfig(next);
    assert.equal(rules.length, 3);
    for (const { groups } of rules) for (const keys of groups) assert.ok(keys.some(({ name }) => name === recovery));
    for (const line of text.split('\n').filter((one) => !one.includes(','))) assert.ok(next.includes(line), line);
    assert.match(next, new RegExp(`- ${recovery} # Recovery$`, 'm'));
    assert.deepEqual(recoveryKeys(next), [recovery]);
    assert.equal(withRecovery(next, recovery), next, 'once is enough');
    assert.throws(() => withRecovery(text, 'AGE-SECRET-KEY-1X'), { code: 'BAD_RECIPIENT' });
  });

  it('is in new rules too, if every rule has it, and never by a comment alone', () => {
    const all = withRecovery(`creation_rules:\n  - age:\n      - ${ada}\n`, recovery);
    assert.deepEqual(recipientsWithRecovery(all, [grace]), [grace, recovery]);
    assert.deepEqual(recipientsWithRecovery(all, [recovery]), [recovery]);
    assert.deepEqual(recipientsWithRecovery(undefined, [grace]), [grace]);
    for (const text of [
      `# Recovery: ${recovery}\ncreation_rules:\n  - age: ${ada}\n`,
      `${all}  - path_regex: x\n    age: ${ada}\n`,
      `# Recovery: ${recovery}\n`,
      'creation_rules: [',
    ])
      assert.deepEqual(recipientsWithRecovery(text, [grace]), [grace], text);
  });

  it('joins the readers that a file has', () => {
    const [one, two] = [{ kind: 'age', name: ada } as const, { kind: 'age', name: recovery } as const];
    assert.deepEqual(groupsWithRecovery([[one], [two, one]], recovery), [
      [one, two],
      [two, one],
    ]);
  });
});
