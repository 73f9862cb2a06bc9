import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { parseConfig, type Rule } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { accessOf, type Condition, canOpen, conditionOf } from '../../../src/core/survey/access.ts';
import { isChosen, mayHoldSecrets } from '../../../src/core/survey/candidates.ts';
import { type EncryptedFacts, type FileFacts, surveyFile } from '../../../src/core/survey/facts.ts';
import { alice, bob, carol, clock } from '../support.ts';

const ruleOf = (yaml: string): Rule => parseConfig(`creation_rules:\n${yaml}`).rules?.[0] as Rule;
const forAll = (...people: { recipient: string }[]) =>
  ruleOf(`  - age: ${people.map(({ recipient }) => recipient).join(',')}\n`);
const sealed = async (text: string, format: FormatId, ...people: { recipient: string }[]) =>
  (await seal(text, format, { recipients: people.map(({ recipient }) => recipient) }, clock)).text;
const survey = (path: string, text: string | Uint8Array, rule?: Rule) =>
  surveyFile(
    path,
    async () => (typeof text === 'string' ? Buffer.from(text) : text),
    async () => rule,
  );
const failing = (code: 'READ_ONLY' | 'TOO_LARGE' | 'GONE') => async () => {
  throw new LockstepError(code);
};
const none = async () => undefined;
const own = (...people: { recipient: string }[]) => new Set(people.map(({ recipient }) => recipient));
const condition = (facts: FileFacts, ...people: { recipient: string }[]): Condition =>
  conditionOf(facts, people.length > 0 ? own(...people) : undefined);

describe('what a repository holds, file by file', () => {
  let text: string;
  before(async () => {
    text = await sealed('a: canary\nb_unencrypted: 1\nc: {d: x}\n', 'yaml', alice, bob);
  });

  it('an encrypted file has the facts of its metadata, and no text', async () => {
    const facts = (await survey('/r/a.yaml', text, forAll(alice, bob))) as EncryptedFacts;
    assert.equal(facts.kind, 'encrypted');
    assert.equal(facts.values, 2);
    assert.deepEqual(
      facts.groups
        .flat()
        .map(({ name }) => name)
        .sort(),
      [alice.recipient, bob.recipient].sort(),
    );
    assert.equal(facts.lastModified, '2026-11-21T10:20:30Z');
    assert.equal(facts.drift.kind, 'same');
    assert.equal(condition(facts), 'encrypted');
    assert.equal(condition(facts, carol), 'not-yours');
    assert.ok(!JSON.stringify(facts.groups).includes('BEGIN AGE'));
  });

  it('says who is missing and who is too many', async () => {
    const facts = (await survey('/r/a.yaml', text, forAll(alice, carol))) as EncryptedFacts;
    assert.equal(condition(facts, alice), 'differs');
    assert.deepEqual(
      accessOf(facts).map(({ key, kind, group }) => [key.name, kind, group]),
      [
        [alice.recipient, 'has', 0],
        [bob.recipient, 'extra', 0],
        [carol.recipient, 'lacks', 0],
      ],
    );
  });

  it('a rule with other groups differs, and a key of each needed group opens', async () => {
    const groups = ruleOf(
      `  - shamir_threshold: 2\n    key_groups:\n${[alice, bob, carol].map(({ recipient }) => `      - age: [${recipient}]\n`).join('')}`,
    );
    const before = (await survey('/r/a.yaml', text, groups)) as EncryptedFacts;
    assert.equal(before.drift.kind, 'differs');
    const shared = (
      await seal('a: canary\n', 'yaml', { recipients: [], groups: groups.groups, shamirThreshold: 2 }, clock)
    ).text;
    const facts = (await survey('/r/a.yaml', shared, groups)) as EncryptedFacts;
    assert.equal(facts.drift.kind, 'same');
    assert.equal(canOpen(facts, own(alice)), false);
    assert.equal(canOpen(facts, own(alice, carol)), true);
    const three = ruleOf(
      `  - shamir_threshold: 3\n    key_groups:\n${[alice, bob, carol].map(({ recipient }) => `      - age: [${recipient}]\n`).join('')}`,
    );
    assert.equal(condition(await survey('/r/a.yaml', shared, three)), 'differs', 'the threshold counts, too');
  });

  it('no rule, and a rule that cannot be used', async () => {
    assert.equal(condition(await survey('/r/a.yaml', text)), 'no-rule');
    const nobody = ruleOf('  - path_regex: a\n');
    assert.equal(condition(await survey('/r/a.yaml', text, nobody)), 'bad-rule');
    const throwing = await surveyFile(
      '/r/a.yaml',
      async () => Buffer.from(text),
      async () => {
        throw new LockstepError('BAD_CONFIG');
      },
    );
    assert.deepEqual((throwing as EncryptedFacts).drift, { kind: 'bad-rule', code: 'BAD_CONFIG' });
  });

  it('damage that is seen without a key', async () => {
    const noMac = text.replace(/^ {4}mac:.*\n/m, '');
    assert.notEqual(noMac, text);
    assert.equal(condition(await survey('/r/a.yaml', noMac, forAll(alice, bob)), alice), 'damaged');
    const typedOver = text.replace(/^a: .*$/m, 'a: typed over');
    assert.equal(condition(await survey('/r/a.yaml', typedOver, forAll(alice, bob))), 'damaged');
    const emptied = text.replace(/^a: .*$/m, 'a: ""');
    assert.equal(condition(await survey('/r/a.yaml', emptied, forAll(alice, bob))), 'encrypted');
    assert.equal(condition(await survey('/r/a.yaml', text.slice(0, text.indexOf('sops:')))), 'damaged');
  });

  it('a merge that is not finished', async () => {
    const line = text.split('\n')[0] as string;
    const merging = text.replace(line, `<<<<<<< HEAD\n${line}\n=======\n${line}x\n>>>>>>> theirs`);
    assert.deepEqual(await survey('/r/a.yaml', merging), { kind: 'conflict', line: 1 });
  });

  for (const [path, content, wanted] of [
    ['/r/.env', 'A=canary\nB=x\n', 2],
    ['/r/tls.pem', '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n', 'key'],
    ['/r/store.p12', Uint8Array.of(0, 255, 1), 'store'],
  ] as const)
    it(`${path} is plain, with ${wanted} to encrypt`, async () => {
      const facts = await survey(path, content);
      assert.equal(facts.kind, 'plain');
      assert.equal('values' in facts && facts.values, wanted);
      assert.ok(!JSON.stringify(facts).includes('canary'));
    });

  it('what is no secret file is none', async () => {
    for (const [path, content] of [
      ['/r/package.json', '{"a": "b"}'],
      ['/r/.env.example', 'A=b\n'],
      ['/r/.sops.yaml', 'creation_rules: []\n'],
      ['/r/x.yaml', new Uint8Array([0xff, 0xfe, 0, 1])],
    ] as const)
      assert.equal((await survey(path, content)).kind, 'none', path);
  });

  it('files of Lockstep that hold names are none, whatever a rule says; others beside them are not let go', async () => {
    const rule = ruleOf(`  - path_regex: \\.yaml$\n    age: ${alice.recipient}\n`);
    const kindOf = async (path: string) =>
      (
        await surveyFile(
          path,
          async () => new TextEncoder().encode('a: canary\n'),
          async () => rule,
        )
      ).kind;
    for (const name of ['policy', 'environments']) assert.equal(await kindOf(`/r/.lockstep/${name}.yaml`), 'none');
    for (const path of ['/r/.lockstep/a.yaml', '/r/environments.yaml', '/r/x.lockstep/policy.yaml'])
      assert.equal(await kindOf(path), 'plain', path);
  });

  it('in a file of dotenvx, what dotenvx leaves as it is is no plaintext', async () => {
    const text = 'DOTENV_PUBLIC_KEY="02aa"\nA="encrypted:BAAA"\nexport URL_PLAIN=http://x\n';
    const kindOf = async (content: string) => (await survey('/r/.env.shop', content)).kind;
    assert.deepEqual([await kindOf(text), await kindOf(`${text}PORT=3000\n`)], ['none', 'plain']);
  });

  it('what cannot be read is said only where it may matter', async () => {
    assert.deepEqual(await surveyFile('/r/a.yaml', failing('READ_ONLY'), none), { kind: 'unread', code: 'READ_ONLY' });
    assert.deepEqual(await surveyFile('/r/.env', failing('TOO_LARGE'), none), { kind: 'unread', code: 'TOO_LARGE' });
    assert.equal((await surveyFile('/r/lock.json', failing('TOO_LARGE'), none)).kind, 'none');
    const rule = ruleOf(`  - path_regex: ^x\n    age: ${alice.recipient}\n`);
    assert.equal((await surveyFile('/r/x.json', failing('TOO_LARGE'), async () => rule)).kind, 'unread');
    assert.equal((await surveyFile('/r/a.yaml', failing('GONE'), none)).kind, 'none');
  });

  it('names are enough for most files', () => {
    const yes = ['/r/a.yaml', '.env.local', 'a/b.enc', 'tls.key', 'x.p12', '/r/node_modules.yaml'];
    const no = [
      '/r/.sops.yaml',
      'a.ts',
      '/r/node_modules/a/.env',
      '.git/a.json',
      '.lockstep/policy.yaml',
      'c:\\r\\node_modules\\a.json',
    ];
    assert.deepEqual([...yes, ...no].filter(mayHoldSecrets), yes);
    const rule = ruleOf(`  - path_regex: ^certs/\n    age: ${alice.recipient}\n`);
    assert.equal(isChosen('certs/a.crt', rule), true);
    assert.equal(isChosen('certs/a.crt', forAll(alice)), false, 'a rule for every file chooses none');
    assert.equal(isChosen('certs/node_modules/a', rule), false);
    assert.equal(isChosen('certs/a', undefined), false);
  });
});
