import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from '../../../src/extension/encrypt/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('questions before a file is encrypted', () => {
  let stage: Stage;
  const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const encrypt = async (name: string, text: string, rule = '') => {
    stage.script.asked.length = 0;
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n${rule}`);
    stage.rules.forget();
    stage.write(name, text);
    const handler = register(stage.services).commands[commands.encryptFile];
    assert.equal(await handler?.(Uri.file(join(stage.folder, name))), undefined);
    // That it is done is the last thing said of a file that nobody looks at, and no question.
    if (stage.script.asked.at(-1) === `${name} is encrypted.`) stage.script.asked.pop();
    assert.ok(!`${stage.script.asked.join()}${fake.log.join()}`.includes('canary'), stage.script.asked.join('\n'));
    return disk(name);
  };
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.end());

  describe('about numbers', () => {
    const text = 'id: 12345678901234567890123\nphone: +4917012345678\npin: 00123\nport: 8080\n';

    it('name them, what becomes of each, and never the digits', async () => {
      assert.equal(await encrypt('a.yaml', text), text);
      const [asked = ''] = stage.script.asked;
      assert.match(asked, /^3 values of a\.yaml would change\.\n/);
      for (const line of ['id: loses digits', 'phone: loses its sign', 'pin: is read as octal'])
        assert.ok(asked.split('\n').includes(line), asked);
      assert.ok(asked.endsWith('[Keep as Text] [Encrypt File]'), asked);
      assert.ok(!/12345|4917|00123|port/.test(asked));
    });

    it('keep them as text, or take them as the numbers that they are', async () => {
      stage.script.choose = 'Keep as Text';
      assert.match(
        await encrypt('a.yaml', text),
        /^id: "ENC\[.*,type:str\]"\nphone: "ENC\[.*,type:str\]"\npin: "ENC\[.*,type:str\]"\nport: ENC\[.*,type:int\]\n/,
      );
      stage.script.choose = 'Encrypt File';
      assert.match(await encrypt('b.yaml', text), /^id: ENC\[.*,type:float\]\n/);
    });

    it('save the file that sops refuses', async () => {
      stage.script.choose = 'Encrypt File';
      const large = 'a:\n  b: 18446744073709551615\n';
      assert.equal(await encrypt('a.yaml', large), large);
      assert.match(
        stage.script.asked.at(-1) ?? '',
        /^a\.yaml: a\.b: The number is too large for a SOPS file\. Quote it/,
      );
      stage.script.choose = 'Keep as Text';
      assert.match(
        await encrypt('a.json', '{"a": [1e400, 12345678901234567890123]}'),
        /"ENC\[.*,type:str\]", "ENC\[.*,type:str\]"/,
      );
      assert.match(await encrypt('a.yaml', large), /b: "ENC\[.*,type:str\]"/);
    });

    it('come about tags and aliases as well, and about nothing else', async () => {
      await encrypt('a.yaml', 'a: &a {x: 1}\nb: *a\nc: !vault canary\n');
      assert.match(stage.script.asked[0] ?? '', /\nb: becomes a copy\nc: loses its tag\n\[Encrypt File\]$/);
      await encrypt('b.yaml', 'a: 1\nb: 1.5\nc: "00123"\nd: true\n');
      await encrypt('c.env', 'PIN=00123\n');
      assert.deepEqual(stage.script.asked, []);
      await encrypt('d.yaml', 'mode: 0644\nkey: canary\n', '    encrypted_regex: ^key$\n');
      assert.ok(
        !stage.script.asked.some((one: string) => one.includes('would change')),
        'in clear text it stays as it is',
      );
    });
  });

  describe('about clear text', () => {
    const text = 'kind: canary\ndb:\n  password: canary\ndecoy: canary\n';

    it('come although a decoy is encrypted, and name what looks like a secret', async () => {
      assert.equal(await encrypt('a.yaml', text, '    encrypted_regex: ^decoy$\n'), text);
      assert.equal(
        stage.script.asked[0],
        'Values of a.yaml would stay plaintext.\nWith encrypted_regex ^decoy$ in .sops.yaml, anybody who sees the file can read: db.password.\n[Encrypt File]',
      );
      stage.script.confirm = true;
      assert.match(await encrypt('a.yaml', text, '    encrypted_regex: ^decoy$\n'), /password: canary\ndecoy: ENC/);
    });

    it('come about everything of a .env file', async () => {
      await encrypt('.env', 'A=canary\nB=canary\nC=canary\n', '    encrypted_regex: ^A$\n');
      assert.match(stage.script.asked[0] ?? '', /can read: B, C\.\n/);
    });

    it('are a notice afterwards where nothing looks like a secret', async () => {
      assert.match(
        await encrypt('a.yaml', 'kind: canary\nmeta: {name: canary}\nkey: canary\n', '    encrypted_regex: ^key$\n'),
        /ENC/,
      );
      assert.deepEqual(stage.script.asked, [
        'Not encrypted, because of the rule in .sops.yaml: a.yaml: kind, meta.name.',
      ]);
    });

    it('are nothing where names say so themselves', async () => {
      assert.match(await encrypt('a.yaml', 'password_unencrypted: canary\nkey: canary\n'), /key: ENC/);
      assert.deepEqual(stage.script.asked, []);
    });
  });

  describe('about rules', () => {
    it('say which field does nothing', async () => {
      assert.match(await encrypt('a.yaml', 'key: canary\n', '    encrypted-regex: ^x$\n'), /ENC/);
      assert.deepEqual(stage.script.asked, [
        '.sops.yaml, line 3: SOPS does not know the field encrypted-regex and ignores it. Did you mean encrypted_regex?',
      ]);
    });

    it('say what is wrong with one, where, and why', async () => {
      await encrypt('a.yaml', 'key: canary\n', "    encrypted_regex: '(x'\n");
      assert.match(
        stage.script.asked[0] ?? '',
        /^a\.yaml: \.sops\.yaml, line 3: The encrypted_regex of rule 1 is not an RE2 regular expression: missing closing \): \(x\. Correct it\./,
      );
      await encrypt('a.yaml', 'key: canary\n', '    pgp: AGE-SECRET-KEY-1CANARY\n');
      assert.match(
        stage.script.asked[0] ?? '',
        /^a\.yaml: \.sops\.yaml, line \d: There is a private key in place of a public key in rule 1\./,
      );
      assert.ok(!stage.script.asked.join().includes('1CANARY'));
    });
  });
});
