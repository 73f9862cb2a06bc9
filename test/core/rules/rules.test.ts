import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../../src/core/errors.ts';
import { addRule } from '../../../src/core/rules/edit.ts';
import { explainRule } from '../../../src/core/rules/explain.ts';
import { matchRule, parseConfig, rulePath } from '../../../src/core/rules/rules.ts';
import { boundByCpuTime } from '../shared.ts';

const a = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
const b = 'age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw';

describe('.sops.yaml', () => {
  boundByCpuTime();

  it('picks the first rule that matches the path, unanchored', () => {
    const config = parseConfig(`creation_rules:\n  - path_regex: prod/.*\\.yaml$\n    age: ${a}\n  - age: ${b}\n`);
    assert.equal(matchRule(config, 'config/prod/db.yaml')?.index, 0);
    assert.equal(matchRule(config, 'config/dev/db.yaml')?.index, 1);
  });

  it('takes recipients as a string with commas or as a list', () => {
    const config = parseConfig(`creation_rules:\n  - age: " ${a} , ${b},"\n  - age:\n      - ${a}\n      - ${b}\n`);
    for (const rule of config.rules ?? []) assert.deepEqual(rule.recipients, [a, b]);
    assert.equal(config.rules?.length, 2);
  });

  it('tells no rules from rules that match nothing', () => {
    assert.equal(parseConfig('').rules, undefined);
    assert.equal(parseConfig('stores:\n  yaml:\n    indent: 2\n').rules, undefined);
    assert.deepEqual(parseConfig('creation_rules: []\n').rules, []);
    assert.equal(matchRule(parseConfig('creation_rules: []\n'), 'x.yaml'), undefined);
  });

  it('reads selectors, foreign keys and groups', () => {
    const config = parseConfig(
      `creation_rules:\n  - encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n    pgp: ABC\n    age: ${a}\n  - key_groups:\n      - age: [${a}]\n      - age: [${b}]\n  - key_groups:\n      - age: [${b}]\n`,
    );
    const [first, second, third] = config.rules ?? [];
    assert.equal(first?.selector.kind, 'encrypted_regex');
    assert.ok(first?.macOnlyEncrypted);
    assert.deepEqual(first?.foreign, ['pgp']);
    assert.deepEqual(second?.groups, [[{ kind: 'age', name: a }], [{ kind: 'age', name: b }]]);
    assert.deepEqual(third?.recipients, [b]);
  });

  it('refuses what it cannot read, by code', () => {
    const code = (text: string) => {
      try {
        parseConfig(text);
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return undefined;
    };
    assert.equal(code('creation_rules:\n  - path_regex: "(?<=x)"\n'), 'BAD_REGEX');
    assert.equal(code('creation_rules:\n  - encrypted_regex: "("\n'), 'BAD_REGEX');
    assert.equal(code('creation_rules:\n  - encrypted_regex: a\n    encrypted_suffix: b\n'), 'CONFLICTING_SELECTORS');
    assert.equal(code('creation_rules: {'), 'BAD_CONFIG');
    assert.equal(code('creation_rules: 3'), 'BAD_CONFIG');
    assert.equal(code('- a'), 'BAD_CONFIG');
    assert.equal(code('creation_rules:\n  - age: [[x]]\n'), 'BAD_CONFIG');
  });

  // A backtracking engine would need longer than the test's time-out for this.
  it('does not let a pattern hang it', () => {
    const config = parseConfig('creation_rules:\n  - path_regex: (a+)+$\n');
    assert.equal(matchRule(config, `${'a'.repeat(50_000)}!`), undefined);
  });

  it('does not let a long run of slashes or spaces hang it', () => {
    const slashes = '/'.repeat(1_000_000);
    const config = parseConfig(`creation_rules:\n  - hc_vault_transit_uri: "https://v${slashes}x"\n`);
    assert.deepEqual(config.rules?.[0]?.foreign, ['hc_vault']);
    const text = addRule(`# ${' '.repeat(1_000_000)}x\ncreation_rules: []\n`, {
      pathRegex: 'x',
      recipients: [a],
    });
    assert.equal(parseConfig(text).rules?.length, 1);
  });

  it('starts a new file that reads back', () => {
    const text = addRule(undefined, { pathRegex: "(^|/)\\.env$|it's", recipients: [a, b] });
    const rule = parseConfig(text).rules?.[0];
    assert.equal(rule?.pathRegex, "(^|/)\\.env$|it's");
    assert.deepEqual(rule?.recipients, [a, b]);
  });

  it('adds a rule before the others and keeps every line', () => {
    const old = `# team rules\ncreation_rules:\n  # everything\n  - age: ${a} # me\n    path_regex: x\nstores:\n  yaml: {indent: 2}\n`;
    for (const eol of ['\n', '\r\n']) {
      const before = old.replaceAll('\n', eol);
      const after = addRule(before, { pathRegex: 'new', recipients: [b] });
      const lines = after.split(eol);
      assert.ok(
        before.split(eol).every((line) => lines.includes(line)),
        after,
      );
      assert.ok(!after.replaceAll('\r\n', '').includes(eol === '\n' ? '\r' : '\n'));
      assert.deepEqual(
        parseConfig(after).rules?.map((rule) => rule.pathRegex),
        ['new', 'x'],
      );
    }
  });

  it('adds a rule to a list in flow style and keeps the others', () => {
    const after = addRule(`creation_rules: [{path_regex: x, age: ${a}}] # ours\n`, {
      pathRegex: 'new',
      recipients: [b],
    });
    assert.deepEqual(
      parseConfig(after).rules?.map((rule) => [rule.pathRegex, rule.recipients]),
      [
        ['new', [b]],
        ['x', [a]],
      ],
    );
    assert.ok(after.endsWith('] # ours\n'));
  });

  it('follows anchors, and reads only the first document', () => {
    const text = `keys:\n  - &me ${a}\n  - &you ${b}\ncreation_rules:\n  - age: [*me, *you]\n  - age: *you\n---\ncreation_rules: 3\n`;
    assert.deepEqual(
      parseConfig(text).rules?.map((rule) => rule.recipients),
      [[a, b], [b]],
    );
  });

  it('adds the rules to a file that has none', () => {
    for (const old of [
      'stores:\n  yaml:\n    indent: 2',
      'creation_rules: []\n',
      'creation_rules:\n',
      'creation_rules: [] # none\nstores: {}\n',
      '# only a comment\n',
      '',
    ]) {
      assert.deepEqual(
        parseConfig(addRule(old, { pathRegex: 'p', recipients: [a] })).rules?.map((rule) => rule.recipients),
        [[a]],
      );
    }
  });

  it('takes fields from merged maps as go-yaml does: own ones first, then the first map that has one', () => {
    const text = `x: &x {path_regex: x, age: ${a}, shamir_threshold: 2}\ny: &y {<<: *x, path_regex: y}\ncreation_rules:\n  - <<: [*y, *x]\n    age: ${b}\n  - <<: {path_regex: z}\n    age: ${a}\n  - "<<": {path_regex: q}\n    age: ${a}\n`;
    const [first, second, third] = parseConfig(text).rules ?? [];
    assert.deepEqual([first?.pathRegex, first?.recipients, first?.shamirThreshold], ['y', [b], 2]);
    assert.equal(third?.pathRegex, undefined);
    assert.deepEqual([second?.pathRegex, second?.recipients], ['z', [a]]);
    assert.throws(() => parseConfig('creation_rules:\n  - <<: 3\n'), {
      code: 'BAD_CONFIG',
      place: { offset: 24, line: 2 },
    });
  });

  it('reads every kind of key by the name that sops compares', () => {
    const flat = `creation_rules:\n  - age: ${a}\n    pgp: "AB CD, EF"\n    kms: arn:aws:kms:x:1:key/1+arn:aws:iam::1:role/r\n    aws_profile: dev\n    gcp_kms: [projects/p/k]\n    hckms: [r:1]\n    azure_keyvault: https://v.vault.azure.net/keys/k/1, https://v.vault.azure.net/keys/n\n    hc_vault_transit_uri: https://h:8200/v1/transit/keys/dev/\n`;
    assert.deepEqual(
      parseConfig(flat).rules?.[0]?.groups.map((keys) => keys.map(({ kind, name }) => `${kind} ${name}`)),
      [
        [
          `age ${a}`,
          'pgp ABCD',
          'pgp EF',
          'kms arn:aws:kms:x:1:key/1+arn:aws:iam::1:role/r||dev',
          'gcp_kms projects/p/k',
          'hckms r:1',
          'azure_kv https://v.vault.azure.net/keys/k/1',
          'azure_kv https://v.vault.azure.net/keys/n/',
          'hc_vault https://h:8200/v1/transit/keys/dev',
        ],
      ],
    );
    const grouped = `shared: &s\n  age: ["${b}, ${a}"]\n  merge:\n    - pgp: [DEEP]\ncreation_rules:\n  - age: ignored\n    key_groups:\n      - merge: [*s]\n        age: [${a}]\n        kms: [{arn: arn, role: role, context: {b: 2, a: one}, aws_profile: p}]\n        azure_keyvault: [{vaultUrl: "https://v", key: k, version: 1}]\n      - gcp_kms: [{resource_id: r}]\n        hckms: [{key_id: h}]\n        hc_vault: [https://h/v1/e/keys/k]\n`;
    const [rule] = parseConfig(grouped).rules ?? [];
    assert.deepEqual(
      rule?.groups.map((keys) => keys.map(({ kind, name }) => `${kind} ${name}`)),
      [
        ['pgp DEEP', `age ${b}`, `age ${a}`, 'kms arn+role|a:one,b:2|p', 'azure_kv https://v/keys/k/1'],
        ['gcp_kms r', 'hckms h', 'hc_vault https://h/v1/e/keys/k'],
      ],
    );
    assert.deepEqual(rule?.foreign, ['pgp', 'kms', 'azure_kv', 'gcp_kms', 'hckms', 'hc_vault']);
  });

  it('reads indentation and destinations', () => {
    const config = parseConfig(
      'stores:\n  yaml: {indent: 2}\n  json:\n    indent: -1\n  dotenv: {}\ndestination_rules:\n  - s3_bucket: b\n    path_regex: p\n    recreation_rule: {pgp: x}\n  - vault_path: v\n',
    );
    assert.deepEqual(config.indents, { yaml: 2, json: -1, jsonBinary: undefined });
    assert.deepEqual(config.destinations, [
      { pathRegex: 'p', kind: 's3' },
      { pathRegex: undefined, kind: 'vault' },
    ]);
  });

  it('takes truth in the words that go-yaml takes', () => {
    const read = (word: string) => parseConfig(`creation_rules:\n  - mac_only_encrypted: ${word}\n`).rules?.[0];
    for (const word of ['true', 'yes', 'on', 'y']) assert.equal(read(word)?.macOnlyEncrypted, true, word);
    for (const word of ['false', 'no', 'off', '', '~']) assert.equal(read(word)?.macOnlyEncrypted, false, word);
    for (const word of ['"true"', '1', 'ja', '[]']) assert.throws(() => read(word), { code: 'BAD_CONFIG' });
  });

  it('sees a path from the folder of .sops.yaml, and whole when the file is outside', () => {
    assert.equal(rulePath('/w', '/w/config/a.yaml'), 'config/a.yaml');
    assert.equal(rulePath('/w/', '/w/a.yaml'), 'a.yaml');
    assert.equal(rulePath('/w', '/work/a.yaml'), '/work/a.yaml');
    assert.equal(rulePath('/', '/a.yaml'), 'a.yaml');
    assert.equal(rulePath('C:\\w', 'C:\\w\\config\\a.yaml'), 'config\\a.yaml');
    assert.equal(rulePath('C:/w', 'C:\\x\\a.yaml'), 'C:\\x\\a.yaml');
    const config = parseConfig(`creation_rules:\n  - path_regex: ^config/a\n    age: ${a}\n`);
    assert.ok(matchRule(config, 'config\\a.yaml'));
    assert.equal(matchRule(config, '/x/config/a.yaml'), undefined);
  });

  it('says of each rule why it is, or is not, the one', () => {
    const config = parseConfig(
      `stores: {yaml: {indent: 2}}\ncreation_rules:\n  - path_regex: ^dev/\n    age: ${a}\n  - path_regex: prod/.*\\.yaml$\n    key_groups: [{age: [${a}]}, {age: [${b}], pgp: [X]}, {age: [${b}]}]\n    shamir_threshold: 2\n  - age: ${a}\n`,
    );
    const found = explainRule(config, 'config/prod/db.yaml');
    assert.deepEqual(
      found.rules?.map(({ outcome }) => outcome),
      [{ kind: 'no-match' }, { kind: 'match', match: { start: 7, end: 19 } }, { kind: 'not-reached', would: true }],
    );
    assert.equal(found.chosen?.index, 1);
    assert.equal(found.consequences?.required, 2);
    assert.equal(found.consequences?.groups.length, 3);
    assert.equal(found.consequences?.indents.yaml, 2);
    assert.deepEqual(found.consequences?.unhandled, [{ kind: 'pgp', name: 'X' }]);
    assert.deepEqual(explainRule(config, 'x').rules?.at(-1)?.outcome, { kind: 'every-file' });
    assert.deepEqual(explainRule(parseConfig(''), 'x').rules, undefined);
    assert.deepEqual(explainRule(parseConfig('creation_rules: []\n'), 'x').rules, []);
  });

  it('reads or refuses whatever stands in a field', () => {
    const name = fc.constantFrom(
      ...['path_regex', 'age', 'pgp', 'kms', 'hckms', 'aws_profile', 'key_groups', 'shamir_threshold', '<<', 'merge'],
      ...['arn', 'context', 'encrypted_regex', 'mac_only_encrypted', 'recreation_rule', 'indent', 'yaml', 'other'],
    );
    const { top } = fc.letrec<{ value: string; top: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('x', '1', '-1', '1.5', 'true', 'yes', '~', '""', '"a, b"', '*a', '2024-01-01', "'<<'", '('),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
        fc.uniqueArray(fc.tuple(name, tie('value')), { maxLength: 3, selector: ([key]) => key }).map((entries) => {
          return `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`;
        }),
      ),
      top: fc
        .tuple(tie('value'), tie('value'), tie('value'), tie('value'))
        .map(([a, b, c, d]) => `a: &a ${a}\ncreation_rules: ${b}\ndestination_rules: [${c}]\nstores: ${d}\n`),
    }));
    fc.assert(
      fc.property(top, fc.boolean(), (text, listed) => {
        try {
          explainRule(parseConfig(listed ? text.replace(/_rules: (?!\[)(.*)/, '_rules: [$1]') : text), 'dir/x.yaml');
        } catch (error) {
          assert.ok(error instanceof LockstepError, String(error));
          assert.ok(['BAD_CONFIG', 'BAD_REGEX', 'CONFLICTING_SELECTORS'].includes(error.code), error.code);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('writes no rule that would read otherwise', () => {
    for (const [old, pathRegex] of [
      ['a: 1\n---\nb: 2\n', 'p'],
      [undefined, '^a\nb$'],
      ['', "x'\n---\ny"],
    ] as const) {
      assert.throws(() => addRule(old, { pathRegex, recipients: [a] }), { code: 'BAD_CONFIG' });
    }
  });
});
