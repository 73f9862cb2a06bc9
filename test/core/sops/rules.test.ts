import assert from 'node:assert/strict';
import { configWithRule, matchRule, parseConfig } from '../../../src/core/sops/rules.ts';

const a = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';
const b = 'age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw';

describe('.sops.yaml', () => {
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
    assert.ok(second?.keyGroups);
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

  it('starts a new file that reads back', () => {
    const text = configWithRule(undefined, { pathRegex: "(^|/)\\.env$|it's", recipients: [a, b] });
    const rule = parseConfig(text).rules?.[0];
    assert.equal(rule?.pathRegex, "(^|/)\\.env$|it's");
    assert.deepEqual(rule?.recipients, [a, b]);
  });

  it('adds a rule before the others and keeps every line', () => {
    const old = `# team rules\ncreation_rules:\n  # everything\n  - age: ${a} # me\n    path_regex: x\nstores:\n  yaml: {indent: 2}\n`;
    for (const eol of ['\n', '\r\n']) {
      const before = old.replaceAll('\n', eol);
      const after = configWithRule(before, { pathRegex: 'new', recipients: [b] });
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
    const after = configWithRule(`creation_rules: [{path_regex: x, age: ${a}}] # ours\n`, {
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
        parseConfig(configWithRule(old, { pathRegex: 'p', recipients: [a] })).rules?.map((rule) => rule.recipients),
        [[a]],
      );
    }
  });

  it('refuses a rule that takes fields from another map', () => {
    assert.throws(() => parseConfig(`creation_rules:\n  - <<: {path_regex: x}\n    age: ${a}\n`), {
      code: 'BAD_CONFIG',
      place: { offset: 20, line: 2 },
    });
  });

  it('writes no rule that would read otherwise', () => {
    for (const [old, pathRegex] of [
      ['a: 1\n---\nb: 2\n', 'p'],
      [undefined, '^a\nb$'],
      ['', "x'\n---\ny"],
    ] as const) {
      assert.throws(() => configWithRule(old, { pathRegex, recipients: [a] }), { code: 'BAD_CONFIG' });
    }
  });
});
