import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/bytes.ts';
import { ageNames } from '../../../src/core/keys/updatekeys.ts';
import { planGrant, planRevocation, type TeamFile } from '../../../src/core/people/plan.ts';
import { contentOf } from '../../../src/core/platform/disk.ts';
import { matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { surveyFile } from '../../../src/core/survey/facts.ts';
import { alice, bob, carol, clock } from '../support.ts';

const [a, b, c] = [alice.recipient, bob.recipient, carol.recipient];
const configOf = (text: string) => ({ path: '/r/.sops.yaml', text, content: contentOf(utf8(text)) });
const config = configOf(
  `creation_rules:
  - path_regex: ^prod/
    age: [${a}, ${b}]
  - path_regex: ^two/
    key_groups:
      - age: [${a}]
      - age: [${b}]
  - age:
      - ${a} # Alice
      - ${b} # Bob
`,
);

async function file(
  name: string,
  groups: readonly (readonly string[])[] | string,
  text = config.text,
): Promise<TeamFile> {
  const made =
    typeof groups === 'string'
      ? groups
      : (await seal('a: one\n', 'yaml', { recipients: [], groups: groups.map(ageNames) }, clock)).text;
  const facts = await surveyFile(
    name,
    async () => Buffer.from(made),
    async () => matchRule(parseConfig(text), name),
  );
  return { path: `/r/${name}`, facts, config: config.path };
}
const names = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path.slice(3));
const groupsOf = (files: readonly { readonly after: readonly (readonly { name: string }[])[] }[]) =>
  files.map(({ after }) => after.map((keys) => keys.map(({ name }) => name)));
const grant = (files: readonly TeamFile[], ...places: { rule: number; group?: number }[]) =>
  planGrant(config, files, { recipient: c, name: 'Carol', places });

describe('what granting access would change', () => {
  it('is every encrypted file of the chosen rules', async () => {
    const files = [
      await file('prod/a.yaml', [[a, b]]),
      await file('b.yaml', [[a, b]]),
      await file('prod/c.yaml', [[a, b, c]]),
      await file('prod/.env', 'A=1\n'),
      await file('d.yaml', [[a]]),
    ];
    const one = grant(files, { rule: 0 });
    assert.deepEqual(groupsOf(one.files), [[[a, b, c]]]);
    assert.deepEqual(names(one.files), ['prod/a.yaml']);
    assert.deepEqual([one.already, one.plain], [['/r/prod/c.yaml'], ['/r/prod/.env']]);
    assert.deepEqual([one.rules, one.differing, one.obstacles], [[0], [], []]);
    assert.match(one.config.after, new RegExp(`# Carol: ${c}\n`));
    const rest = grant(files, { rule: 2 });
    assert.deepEqual(groupsOf(rest.files), [[[a, b, c]], [[a, c]]]);
    assert.deepEqual(rest.differing, ['/r/d.yaml']);
    const other = [{ ...files[0]!, config: '/r/prod/.sops.yaml' }];
    assert.deepEqual(grant(other, { rule: 0 }).files, [], 'of another .sops.yaml');
  });

  it('is a place in one group, where there are several', async () => {
    const files = [await file('two/a.yaml', [[a], [b]]), await file('two/b.yaml', [[a, b]])];
    assert.throws(() => grant(files, { rule: 1 }), { code: 'KEY_GROUPS', place: { what: 'missing', rule: 1 } });
    const { files: found, obstacles } = grant(files, { rule: 1, group: 1 });
    assert.deepEqual(groupsOf(found), [[[a], [b, c]]]);
    assert.deepEqual(
      obstacles.map(({ path, error }) => [path, error.message]),
      [['/r/two/b.yaml', 'KEY_GROUPS (differ)']],
      'in a group of its own the key would open the file alone',
    );
  });

  it('is held up by files that nobody can look at', async () => {
    const sealed = (await seal('a: one\n', 'yaml', { recipients: [a] }, clock)).text;
    const files = [
      await file('prod/a.yaml', `<<<<<<< x\n${sealed}=======\n${sealed}>>>>>>> y\n`),
      await file('prod/secrets.yaml', 'a: [\n'),
    ];
    assert.deepEqual(
      grant(files, { rule: 0 }).obstacles.map(({ path, error }) => [path, error.code]),
      [['/r/prod/a.yaml', 'SYNTAX']],
    );
  });
});

describe('what revoking access would change', () => {
  it('is every file of that reader, whatever its rule says', async () => {
    const files = [
      await file('prod/a.yaml', [[a, b]]),
      await file('b.yaml', [[a, b, c]]),
      await file('c.yaml', [[a]]),
      await file('two/a.yaml', [[a, c], [b]]),
    ];
    const without = configOf(config.text.replace(/ {2}- path_regex: \^two\/[^#]*\]\n(?= {2}- age:\n)/, ''));
    const bobs = planRevocation([without], files.slice(0, 3), b);
    assert.ok(!bobs.configs[0]?.after.includes(b));
    assert.deepEqual(names(bobs.files), ['prod/a.yaml', 'b.yaml']);
    assert.deepEqual(groupsOf(bobs.files), [[[a]], [[a, c]]]);
    assert.deepEqual(bobs.outside, []);
    const carols = planRevocation([config], files, c);
    assert.deepEqual(names(carols.files), ['b.yaml', 'two/a.yaml']);
    assert.deepEqual([carols.outside, carols.configs], [['/r/b.yaml', '/r/two/a.yaml'], []]);
    assert.deepEqual([bobs.strangers, carols.strangers], [[{ path: '/r/b.yaml', keys: ageNames([c]) }], []]);
  });

  it('is refused where nobody would be left, and held up where nobody can look', async () => {
    assert.throws(() => planRevocation([config], [], b), { code: 'NO_RECIPIENTS', place: { what: 'last', rule: 1 } });
    const plain = configOf(`creation_rules:\n  - age: [${a}, ${b}]\n`);
    const files = [
      await file('a.yaml', [[b]]),
      await file('secrets.yaml', 'a: [\n'),
      await file('b.yaml', [[a, b], [b]]),
    ];
    const conflict = { ...files[0]!, path: '/r/x.yaml', facts: { kind: 'conflict', line: 1 } as const };
    const unread = { ...files[0]!, path: '/r/y.yaml', facts: { kind: 'unread', code: 'READ_ONLY' } as const };
    const { obstacles, files: found } = planRevocation([plain], [...files, conflict, unread], b);
    assert.deepEqual(
      obstacles.map(({ path, error }) => [path.slice(3), error.code]),
      [
        ['a.yaml', 'NO_RECIPIENTS'],
        ['b.yaml', 'NO_RECIPIENTS'],
        ['x.yaml', 'SYNTAX'],
        ['y.yaml', 'READ_ONLY'],
      ],
    );
    assert.deepEqual(found, []);
  });
});
