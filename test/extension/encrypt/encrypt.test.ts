import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { register } from '../../../src/extension/encrypt/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { ignoreInGit, withLine, withoutLine } from '../../../src/extension/session/ignore.ts';
import { tellWrites } from '../../../src/extension/session/written.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { until } from '../../e2e/wait.ts';
import { type FakeEditor, fake, commands as fakeCommands, fakeContext, Uri } from '../../fakes/vscode.ts';
import { cannotMount } from '../../mounting.ts';
import { itUnless } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('encrypting in place', () => {
  let stage: Stage;
  let run: (id: CommandId, ...ids: unknown[]) => Promise<void>;
  const plain = '# why\nA=canary\nB=two\n';
  const path = (name = '.env') => join(stage.folder, name);
  const disk = (name?: string) => readFileSync(path(name), 'utf8');
  const uri = (name?: string) => Uri.file(path(name));
  const rule = (recipient = stage.recipient) => {
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n`);
    stage.rules.forget();
  };
  const opened = () => fake.executed.filter(([id]) => id === 'vscode.open').map(([, at]) => String(at));
  const strays = () => readdirSync(stage.folder).filter((name) => name.endsWith('.tmp'));

  beforeEach(async () => {
    stage = await makeStage();
    const feature = register(stage.services);
    run = async (id, ...ids) => {
      assert.equal(await feature.commands[id]?.(...ids), undefined);
    };
    rule();
    stage.write('.env', plain);
  });
  afterEach(() => stage.end());

  it('is by the rule that is there, also where nobody told that it has changed', async () => {
    const other = await recipientOf(await generateIdentity());
    assert.ok(await stage.rules.find(uri() as never));
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient},${other}\n`);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.deepEqual(readSealed(disk(), 'dotenv').metadata.recipients, [stage.recipient, other]);
  });

  it('asks before it splits a hard link, whose other name would keep the clear text', async () => {
    linkSync(path(), path('other'));
    stage.script.confirm = false;
    await run(commands.encryptFile, uri());
    assert.equal(disk(), plain);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.ok(!disk().includes('canary'));
    assert.equal(disk('other'), plain);
  });

  itUnless(cannotMount(), 'writes a file where it stands that something is mounted on, and says so once', async () => {
    stage.write('source', plain);
    execFileSync('mount', ['--bind', path('source'), path()]);
    const listening = tellWrites(stage.services);
    try {
      await run(commands.encryptFile, uri());
      assert.ok(!disk().includes('canary'));
      assert.equal(disk('source'), disk());
      stage.script.choose = 'Decrypt File';
      await run(commands.decryptFile, uri());
      assert.equal(disk('source'), plain);
      assert.deepEqual(strays(), []);
      const told = stage.script.asked.filter((text) => text.includes('.env is a mount point'));
      assert.equal(told.length, 1);
    } finally {
      listening.dispose();
      execFileSync('umount', [path()]);
    }
  });

  it('changes the file after its editor is closed, and opens it again', async () => {
    const editor = stage.open('.env', plain);
    const seen: string[] = [];
    fake.events.closeDocument.event(() => seen.push(disk()));
    await run(commands.encryptFile);
    assert.deepEqual(seen, [plain], 'the bytes are still the old ones when the editor closes');
    assert.equal(editor.document.isClosed, true);
    assert.deepEqual(opened(), [String(uri())]);
    assert.ok(!disk().includes('canary'));
    assert.match(disk(), /^A=ENC\[.*\nB=ENC\[.*\n/m);
    assert.match(disk(), /^sops_mac=/m);
    assert.deepEqual(strays(), []);
    assert.ok(!fake.log.join().includes('canary'));
  });

  it('names what programs that load a .env read differently, once, and offers to take off quotes', async () => {
    stage.write('.env', 'A="canary"\nexport B=canary\nC=canary # why\nD=canary\n');
    stage.open('.env', 'A="canary"\nexport B=canary\nC=canary # why\nD=canary\n');
    stage.script.message = 'Remove Quotes';
    await run(commands.encryptFile);
    const said = stage.script.asked.filter((one) => one.includes('differently'));
    assert.deepEqual(said, [
      '.env: SOPS keeps values exactly as written. Programs that load a .env file read these differently: ' +
        'A (quotes); export B (export); C (a comment behind it).',
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(fake.executed.some(([id, at]) => id === commands.removeQuotes && at === String(uri())));
    stage.write('.env', 'A=canary\n');
    await run(commands.encryptFile, uri());
    assert.equal(stage.script.asked.filter((one) => one.includes('differently')).length, 1);
  });

  it('offers to write values of several lines on one', async () => {
    const several = 'A=1\nKEY="canary\n=canary\nend"\n';
    stage.write('.env', several);
    stage.script.confirm = false;
    await run(commands.encryptFile, uri());
    assert.equal(disk(), several, 'not without a yes');
    const asked = stage.script.asked.find((one) => one.includes('several lines')) ?? '';
    assert.match(asked, /\.env has values of several lines: KEY \(lines 2–4\)/);
    assert.doesNotMatch(asked, /canary/);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.match(disk(), /^A=ENC\[.*\nKEY=ENC\[.*\nsops_/m);
    assert.doesNotMatch(disk(), /canary/);
    stage.script.choose = 'Decrypt File';
    await run(commands.decryptFile, uri());
    assert.equal(disk(), 'A=1\nKEY="canary\\n=canary\\nend"\n');
  });

  it('decrypts nothing when a lock comes while it asks', async () => {
    await run(commands.encryptFile, uri());
    const sealed = disk();
    Object.defineProperty(stage.script, 'choose', {
      get() {
        stage.vault.lock();
        return 'Decrypt File';
      },
    });
    await assert.rejects(run(commands.decryptFile, uri()), { code: 'LOCKED' });
    assert.equal(disk(), sealed);
    assert.deepEqual(strays(), []);
  });

  it('asks before it replaces a file outside the workspace that a link leads to', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-outside-')));
    try {
      const theirs = join(outside, 'credentials');
      writeFileSync(theirs, plain);
      symlinkSync(theirs, path('linked.env'));
      stage.script.confirm = false;
      await run(commands.encryptFile, uri('linked.env'));
      assert.equal(readFileSync(theirs, 'utf8'), plain);
      assert.ok(stage.script.asked.some((one) => one.includes('outside this workspace') && one.includes(theirs)));
      stage.script.confirm = true;
      await run(commands.encryptFile, uri('linked.env'));
      assert.match(readFileSync(theirs, 'utf8'), /^A=ENC\[/m);
      stage.script.confirm = false;
      stage.script.choose = 'Decrypt File';
      await run(commands.decryptFile, uri('linked.env'));
      assert.match(readFileSync(theirs, 'utf8'), /^A=ENC\[/m);
    } finally {
      rmSync(outside, { recursive: true });
    }
    // Within the workspace a link is nobody's surprise.
    stage.script.asked.length = 0;
    stage.write('real.env', plain);
    symlinkSync(path('real.env'), path('inner.env'));
    await run(commands.encryptFile, uri('inner.env'));
    assert.match(disk('real.env'), /^A=ENC\[/m);
    assert.deepEqual(stage.script.asked, ['inner.env is encrypted.']);
  });

  it('takes the unsaved text, and gives it up in the editor before it closes', async () => {
    const editor = stage.open('.env', `${plain}C=dirty\n`);
    editor.document.isDirty = true;
    fakeCommands.registerCommand('workbench.action.files.revert', () => {
      editor.document.isDirty = false;
    });
    await run(commands.encryptFile);
    assert.match(disk(), /^C=ENC\[/m);
    assert.equal(editor.document.isDirty, false);
    assert.equal(editor.document.isClosed, true);
  });

  const failures: [string, string, (editor: FakeEditor) => void][] = [
    ['a read-only file', 'READ_ONLY', () => chmodSync(path(), 0o444)],
    ['a rule that is broken', 'BAD_CONFIG', () => stage.write('.sops.yaml', 'creation_rules: [')],
    ['a rule for nobody', 'NO_RECIPIENTS', () => stage.write('.sops.yaml', 'creation_rules:\n  - path_regex: env\n')],
    [
      'a rule with other kinds of key',
      'FOREIGN_MASTER_KEY',
      () => stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n    pgp: ABCD\n`),
    ],
    ['a name that is not UTF-8', 'NOT_UTF8', () => writeFileSync(path(), Buffer.from([0x41, 0xff, 0x3d]))],
    ['broken syntax', 'SYNTAX', () => stage.write('.env', 'A=1\nno equals sign\n')],
    [
      'values without their metadata',
      'NO_METADATA',
      () => stage.write('.env', 'A=ENC[AES256_GCM,data:eA==,type:str]\n'),
    ],
  ];
  for (const [name, code, arrange] of failures) {
    it(`leaves everything as it is for ${name}`, async () => {
      const editor = stage.open('.env', plain);
      arrange(editor);
      const before = readFileSync(path());
      stage.rules.forget();
      await run(commands.encryptFile);
      assert.deepEqual(readFileSync(path()), before);
      assert.equal(editor.document.isClosed, false);
      assert.deepEqual(strays(), []);
      assert.match(fake.log.join('\n'), new RegExp(`error ${code}`));
      assert.equal(stage.script.asked.length, 1, 'one message');
      assert.ok(!`${stage.script.asked}${fake.log}`.includes('canary'));
    });
  }

  it('does not encrypt twice', async () => {
    await run(commands.encryptFile, uri());
    const once = disk();
    await run(commands.encryptFile, uri());
    assert.equal(disk(), once);
    assert.match(fake.log.join(), /ALREADY_ENCRYPTED/);
  });

  it('never overwrites a file that somebody changed meanwhile', async () => {
    const editor = stage.open('.env', plain);
    fake.events.closeDocument.event(() => writeFileSync(path(), 'A=theirs\n'));
    await run(commands.encryptFile);
    assert.equal(disk(), 'A=theirs\n');
    assert.equal(editor.document.isClosed, true);
    assert.deepEqual(opened(), [String(uri())], 'it is opened again');
    assert.deepEqual(strays(), []);
    assert.match(fake.log.join(), /CHANGED_ON_DISK/);
  });

  it('asks before it encrypts for others only', async () => {
    rule(await recipientOf(await generateIdentity()));
    await run(commands.encryptFile, uri());
    assert.equal(disk(), plain);
    assert.match(stage.script.asked[0] ?? '', /You will not be able to read \.env/);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.match(disk(), /ENC\[/);
  });

  it('asks once about each key of somebody else', async () => {
    const [one, two] = await Promise.all(
      [generateIdentity(), generateIdentity()].map(async (key) => recipientOf(await key)),
    );
    rule(`${stage.recipient},${one}`);
    await run(commands.encryptFile, uri());
    assert.equal(disk(), plain);
    assert.match(stage.script.asked[0] ?? '', /Encrypt \.env for one more person/);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.match(disk(), /ENC\[/);
    const asked = () => stage.script.asked.filter((text) => /more pe/.test(text)).length;
    const before = asked();
    stage.write('again.env', 'A=b\n');
    await run(commands.encryptFile, uri('again.env'));
    assert.equal(asked(), before, 'the key is known now');
    rule(`${stage.recipient},${one},${two}`);
    stage.write('more.env', 'A=b\n');
    await run(commands.encryptFile, uri('more.env'));
    assert.equal(asked(), before + 1, 'another key is not');
  });

  it('goes on with the other files of a selection', async () => {
    stage.write('a.yaml', 'x: one\n');
    stage.write('b.json', '{"x": ');
    stage.write('c.json', '{"x": "one"}');
    const files = ['a.yaml', 'b.json', 'c.json'].map(uri);
    await run(commands.encryptFile, files[0], files);
    assert.match(disk('a.yaml'), /ENC\[/);
    assert.equal(disk('b.json'), '{"x": ');
    assert.match(disk('c.json'), /ENC\[/);
  });

  it('names a file that nobody looks at, and is silent about the one in front', async () => {
    stage.open('.env', plain);
    await run(commands.encryptFile);
    assert.deepEqual(stage.script.asked, []);
    for (const name of ['a.env', 'b.env', 'c.env', 'd.env', 'e.env']) stage.write(name, plain);
    stage.script.message = 'Open';
    await run(commands.encryptFile, uri('a.env'));
    assert.deepEqual(stage.script.asked, ['a.env is encrypted.']);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(opened().at(-1), String(uri('a.env')));
    await run(commands.encryptFile, uri('b.env'), ['b.env', 'c.env', 'd.env', 'e.env'].map(uri));
    assert.equal(stage.script.asked.at(-1), '4 files are encrypted: b.env, c.env, d.env and 1 more.');
  });

  describe('without a rule', () => {
    const rules = '# ours\ncreation_rules:\n  - path_regex: &p ^prod/ # keep\n    age: age1x\n';
    const bare = (text = rules) => {
      stage.write('.sops.yaml', text);
      stage.rules.forget();
    };
    const asked = () => stage.script.asked.filter((one) => one.startsWith('Encrypt '));

    it('writes one behind the others for this file, this ending or this folder, and encrypts', async () => {
      for (const [pick, name, regex] of [
        ['files', 'tls/a.pem', '^tls/a\\.pem$'],
        ['ending', 'tls/b.p12', '\\.p12$'],
        ['folder', 'tls/c.key', '^tls/'],
        ['name', 'x/id_rsa', '(^|/)id_rsa$'],
      ] as const) {
        bare();
        stage.write(name, 'canary');
        stage.script.pick = pick;
        await run(commands.encryptFile, uri(name));
        assert.match(disk(name), /ENC\[/, name);
        const found = parseConfig(disk('.sops.yaml')).rules ?? [];
        assert.deepEqual(
          found.map((one) => one.pathRegex),
          ['^prod/', regex],
        );
        assert.deepEqual(found[1]?.recipients, [stage.recipient]);
        assert.ok(disk('.sops.yaml').startsWith(rules), 'every line is kept');
      }
      assert.equal(
        asked()[0],
        'Encrypt tls/a.pem\n$(file) Only tls/a.pem\n$(files) Every .pem File\n$(folder) Every File in tls/',
      );
      assert.ok(!`${stage.script.asked}${fake.log}`.includes('canary'));
    });

    it('makes .sops.yaml, and a key where there is none', async () => {
      rmSync(path('.sops.yaml'));
      stage.rules.forget();
      await stage.vault.remove(stage.recipient);
      stage.script.input = 'ada@laptop';
      stage.script.pick = 'files';
      await run(commands.encryptFile, uri());
      const [key] = await stage.vault.keys();
      assert.equal(key?.label, 'ada@laptop');
      assert.match(disk(), /^A=ENC\[/m);
      assert.equal(parseConfig(disk('.sops.yaml')).rules?.[0]?.recipients[0], key?.recipient);
    });

    it('writes to the .sops.yaml that counts for the file', async () => {
      bare();
      stage.write('deep/.sops.yaml', 'creation_rules:\n  - path_regex: ^x$\n    age: age1x\n');
      stage.write('deep/down/.env', plain);
      stage.script.pick = 'files';
      await run(commands.encryptFile, uri('deep/down/.env'));
      assert.match(disk('deep/down/.env'), /ENC\[/);
      assert.equal(disk('.sops.yaml'), rules);
      assert.equal(parseConfig(disk('deep/.sops.yaml')).rules?.[1]?.pathRegex, '^down/\\.env$');
    });

    it('asks once about several files, and not about one that cannot be encrypted', async () => {
      bare();
      stage.write('a.pem', 'canary');
      stage.write('b.pem', 'canary');
      stage.write('broken.json', '{"x": ');
      stage.script.pick = 'ending';
      const files = ['a.pem', 'b.pem'].map((name) => uri(name));
      await run(commands.encryptFile, files[0], files);
      for (const name of ['a.pem', 'b.pem']) assert.match(disk(name), /ENC\[/, name);
      assert.equal(asked().length, 1);
      const sealed = disk('a.pem');
      bare();
      await run(commands.encryptFile, files[0]);
      assert.equal(disk('a.pem'), sealed);
      assert.match(fake.log.join(), /ALREADY_ENCRYPTED/);
      assert.equal(asked().length, 1);
      assert.equal(disk('.sops.yaml'), rules);
    });

    it('asks for whom, where other rules name a team', async () => {
      const [ada, bob] = await Promise.all(
        [generateIdentity(), generateIdentity()].map(async (key) => recipientOf(await key)),
      );
      const team = `creation_rules:
  - path_regex: ^prod/
    age: ${stage.recipient},${ada}
  - path_regex: ^dev/
    age: [${ada}, ${stage.recipient}]
  - path_regex: ^theirs/
    age: ${bob}
  - path_regex: ^both/
    key_groups: [{age: [${stage.recipient}]}, {age: [${bob}]}]
`;
      bare(team);
      stage.script.pick = ['files', 'team0'];
      stage.script.confirm = true;
      await run(commands.encryptFile, uri());
      assert.match(disk(), /^A=ENC\[/m);
      const offered = asked().filter((one) => one.includes('Only Me'));
      assert.equal(offered.length, 1);
      assert.deepEqual(offered[0]?.split('\n').slice(1), [
        '$(person) Only Me',
        '$(organization) The 2 People of ^prod/',
      ]);
      assert.deepEqual(parseConfig(disk('.sops.yaml')).rules?.at(-1)?.recipients, [stage.recipient, ada]);
      stage.write('b.env', plain);
      bare(team);
      stage.script.pick = ['files', 'own'];
      await run(commands.encryptFile, uri('b.env'));
      assert.deepEqual(parseConfig(disk('.sops.yaml')).rules?.at(-1)?.recipients, [stage.recipient]);
      stage.write('c.env', plain);
      bare(team);
      stage.script.pick = ['files'];
      await run(commands.encryptFile, uri('c.env'));
      assert.equal(disk('c.env'), plain, 'left');
      assert.equal(disk('.sops.yaml'), team);
    });

    it('changes nothing when it is left', async () => {
      bare();
      await run(commands.encryptFile, uri());
      assert.equal(disk(), plain);
      assert.equal(disk('.sops.yaml'), rules);
      assert.equal(stage.script.asked.length, 1);
    });

    it('encrypts for the own key outside the workspace, or opens the folder', async () => {
      const outside = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-outside-')));
      try {
        const theirs = Uri.file(join(outside, 'a.env'));
        writeFileSync(theirs.fsPath, plain);
        stage.script.pick = 'open';
        await run(commands.encryptFile, theirs);
        assert.deepEqual(fake.executed.at(-1)?.slice(0, 2).map(String), [
          'vscode.openFolder',
          String(Uri.file(outside)),
        ]);
        assert.equal(readFileSync(theirs.fsPath, 'utf8'), plain);
        stage.script.pick = 'own';
        await run(commands.encryptFile, theirs);
        assert.match(readFileSync(theirs.fsPath, 'utf8'), /^A=ENC\[/m);
        assert.deepEqual(readdirSync(outside), ['a.env']);
      } finally {
        rmSync(outside, { recursive: true });
      }
    });

    it('offers to put the own key into a rule for nobody', async () => {
      bare('creation_rules:\n  - path_regex: env # all\n');
      stage.script.message = 'Add My Key to the Rule';
      await run(commands.encryptFile, uri());
      await until(() => disk() !== plain, 'the file is encrypted');
      assert.match(disk(), /^A=ENC\[/m);
      assert.equal(disk('.sops.yaml'), `creation_rules:\n  - path_regex: env # all\n    age: ${stage.recipient}\n`);
    });

    it('leads to a .sops.yaml that is wrong, at the line', async () => {
      bare('creation_rules:\n  - path_regex: x\n    age: [\n');
      stage.script.message = 'Open .sops.yaml';
      await run(commands.encryptFile, uri());
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [, at, options] = fake.executed.at(-1) ?? [];
      assert.equal(String(at), String(uri('.sops.yaml')));
      assert.ok((options as { selection: { start: { line: number } } }).selection.start.line > 0);
    });

    it('asks for a file where none is in front, and for the name of one that has none', async () => {
      bare();
      stage.script.openFile = path();
      stage.script.pick = 'files';
      await run(commands.encryptFile);
      assert.match(disk(), /^A=ENC\[/m);
      stage.script.message = 'Save As…';
      await run(commands.encryptFile, Uri.parse('untitled:Untitled-1'));
      assert.deepEqual(fake.executed.at(-1), ['workbench.action.files.saveAs']);
    });
  });

  it('does nothing in Restricted Mode', async () => {
    fake.trusted = false;
    for (const id of [commands.encryptFile, commands.decryptFile, commands.showExposed]) await run(id, uri());
    assert.equal(disk(), plain);
    assert.equal(stage.script.asked.length, 3);
  });

  describe('and git', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: stage.folder });
    beforeEach(() => {
      git('init', '-q');
      git('add', '.env');
      git('commit', '-q', '-m', 'one');
    });

    it('says which values its history holds in clear text', async () => {
      stage.write('.env', `${plain}NEW=three\nEMPTY=\n`);
      await run(commands.encryptFile, uri());
      assert.deepEqual(stage.script.asked, [
        'These 2 values are readable in git history. Replace them at their source.',
        '.env is encrypted.',
      ]);
      const [tree] = fake.trees;
      const [file] = tree?.provider.getChildren() ?? [];
      const items = () => (tree?.provider.getChildren(file) ?? []).map((node) => tree?.provider.getTreeItem(node));
      assert.deepEqual(
        items().map((item) => item?.label),
        ['A', 'B'],
      );
      const { command, arguments: args } = items()[1]?.command ?? assert.fail();
      await run(command as CommandId, ...args);
      const [, at, options] = fake.executed.at(-1) ?? [];
      assert.equal(String(at), String(uri()));
      assert.equal((options as { selection: { start: { line: number } } }).selection.start.line, 2);
      assert.ok(!stage.script.asked.join().includes('canary'));
    });

    describe('the list of values in its history', () => {
      const tree = () => fake.trees[0] ?? assert.fail();
      const shown = () =>
        tree()
          .provider.getChildren()
          .map((file) => {
            const { label, description } = tree().provider.getTreeItem(file);
            const values = tree()
              .provider.getChildren(file)
              .map((node) => tree().provider.getTreeItem(node));
            return [
              `${label}: ${description}`,
              ...values.map((item) => `${item.checkboxState?.state ? 'x' : '-'} ${item.label} ${item.description}`),
            ];
          });
      const commit = () => String(git('rev-parse', '--short=10', 'HEAD')).trim();
      const said = () => {
        const { values } = stage.services.context.workspaceState as unknown as { values: Map<string, unknown> };
        assert.ok(values.has('lockstep.exposed'));
        return `${JSON.stringify([...values])}${stage.script.asked}${fake.log}`;
      };
      const settled = () => new Promise((resolve) => setTimeout(resolve, 700));

      it('has all files, stays, and is reached again from one place', async () => {
        const plaintext = commit();
        stage.write('app.yaml', 'db:\n  password: canary\n');
        git('add', '-A');
        git('commit', '-q', '-m', 'two');
        const second = commit();
        for (const name of ['.env', 'app.yaml']) await run(commands.encryptFile, uri(name));
        const list = [
          ['.env: 2 of 2 left', `- A plaintext in ${plaintext}`, `- B plaintext in ${plaintext}`],
          ['app.yaml: 1 of 1 left', `- db.password plaintext in ${second}`],
        ];
        assert.deepEqual(shown(), list, 'without a search of its own');
        assert.equal(tree().description, '3 left');
        await run(commands.showExposed);
        assert.deepEqual(shown(), list);
        assert.deepEqual(fake.executed.at(-1), ['lockstep.exposed.focus']);
        const known = fake.executed.findLast(([id, key]) => id === 'setContext' && key === 'lockstep.hasExposed');
        assert.equal(known?.[2], true);
        assert.ok(!said().includes('canary'));
        rmSync(path('app.yaml'));
        await run(commands.showExposed);
        assert.equal(shown().length, 1, 'a file that is gone is off the list');
      });

      it('has files of any name', async () => {
        const rule = `  - path_regex: ^token\\.txt$\n    age: ${stage.recipient}\n`;
        stage.write('.sops.yaml', `creation_rules:\n${rule}`);
        stage.rules.forget();
        stage.write('token.txt', 'canary');
        git('add', '-A');
        git('commit', '-q', '-m', 'two');
        await run(commands.encryptFile, uri('token.txt'));
        await stage.services.exposed.forget(uri('token.txt'));
        await run(commands.showExposed);
        assert.match(shown()[0]?.[0] ?? '', /^token.txt: 1 of 1 left$/);
      });

      it('ticks off by hand, and keeps that until a newer commit has the value', async () => {
        await run(commands.encryptFile, uri());
        const [file] = tree().provider.getChildren();
        const [first] = tree().provider.getChildren(file);
        tree().check([first, 1]);
        await new Promise((resolve) => setImmediate(resolve));
        assert.match(shown()[0]?.[1] ?? '', /^x A replaced$/);
        assert.equal(tree().description, '1 left');
        await run(commands.showExposed);
        assert.match(shown()[0]?.[1] ?? '', /^x A replaced$/);
        // An older Lockstep stored seven digits.
        const { values } = stage.services.context.workspaceState as unknown as { values: Map<string, unknown> };
        const stored = JSON.stringify(values.get('lockstep.exposed'));
        const older = stored.replaceAll(/("commit":"\w{7})\w{3}"/g, '$1"');
        assert.notEqual(older, stored);
        values.set('lockstep.exposed', JSON.parse(older));
        await run(commands.showExposed);
        assert.match(shown()[0]?.[1] ?? '', /^x A replaced$/);
        const sealed = disk();
        stage.write('.env', plain);
        git('commit', '-q', '--allow-empty', '-a', '-m', 'back');
        stage.write('.env', 'A=canary-again\nB=two\n');
        git('commit', '-q', '-a', '-m', 'worse');
        stage.write('.env', sealed);
        await run(commands.showExposed);
        assert.match(shown()[0]?.[1] ?? '', /^- A plaintext in /);
      });

      it('ticks off what really is another value, and nothing else', async () => {
        await run(commands.encryptFile, uri());
        const write = async (text: string) => {
          stage.write('.env', await stage.sealed(text, 'dotenv'));
          fake.events.files.fire(uri());
        };
        await write(plain);
        await settled();
        assert.equal(tree().description, '2 left', 'another ciphertext of the same values');
        await write('# why\nA=fresh\nB=two\n');
        await until(() => tree().description === '1 left', 'one is ticked off');
        assert.deepEqual(
          shown()[0]?.map((line) => line.slice(0, 3)),
          ['.en', 'x A', '- B'],
        );
        stage.vault.lock();
        await write('# why\nA=fresh\nB=fresh\n');
        await settled();
        assert.equal(tree().description, '1 left', 'not while it is locked');
        stage.vault.unlock();
        await until(() => tree().description === '', 'all are ticked off');
        assert.ok(!said().includes('canary'));
      });

      it('says that there is no repository, where there is none', async () => {
        rmSync(path('.git'), { recursive: true });
        stage.write('x.env', await stage.sealed('A=canary\n', 'dotenv'));
        await run(commands.showExposed, uri('x.env'));
        assert.deepEqual(stage.script.asked, ['x.env is in no git repository, so there is no history to search.']);
        fake.cancelling = true;
        await run(commands.showExposed);
        fake.cancelling = false;
        assert.equal(stage.script.asked.length, 1, 'nothing is said of files that were not looked at');
        await run(commands.showExposed);
        assert.match(stage.script.asked.at(-1) ?? '', /holds no value of an encrypted file/);
      });
    });

    it('finds nothing where only ciphertext was committed', async () => {
      stage.write('other.env', 'A=canary\n');
      await run(commands.encryptFile, uri('other.env'));
      git('add', '-A');
      git('commit', '-q', '-m', 'two');
      stage.script.asked.length = 0;
      await run(commands.showExposed, uri('other.env'));
      assert.deepEqual(stage.script.asked, ['other.env: git history holds none of these values as plaintext.']);
    });

    it('decrypts on a clear word, and keeps the file out of git', async () => {
      stage.write('new.env', 'A=canary\nB=2\n');
      await run(commands.encryptFile, uri('new.env'));
      const sealed = disk('new.env');
      await run(commands.decryptFile, uri('new.env'));
      assert.equal(disk('new.env'), sealed, 'not without a yes');
      stage.script.choose = 'Decrypt File and Add to .gitignore';
      await run(commands.decryptFile, uri('new.env'));
      assert.equal(disk('new.env'), 'A=canary\nB=2\n');
      assert.equal(disk('.gitignore'), '/new.env\n');
      assert.deepEqual(strays(), []);
    });

    it('offers .gitignore first where it helps, and takes its line back with the encryption', async () => {
      const verbs = () => (stage.script.asked.at(-1) ?? '').split('\n').at(-1);
      stage.write('new.env', 'A=canary\n');
      stage.write('.gitignore', 'node_modules\n');
      for (const name of ['.env', 'new.env']) await run(commands.encryptFile, uri(name));
      await run(commands.decryptFile, uri());
      assert.equal(verbs(), '[Decrypt File]', 'git tracks it');
      await run(commands.decryptFile, uri('new.env'));
      assert.equal(verbs(), '[Decrypt File and Add to .gitignore] [Decrypt File]');
      stage.script.choose = 'Decrypt File and Add to .gitignore';
      await run(commands.decryptFile, uri('new.env'));
      assert.equal(disk('.gitignore'), 'node_modules\n/new.env\n');
      await run(commands.encryptFile, uri('new.env'));
      assert.equal(disk('.gitignore'), 'node_modules\n');
      stage.write('.gitignore', '/new.env\n');
      stage.script.choose = 'Decrypt File';
      await run(commands.decryptFile, uri('new.env'));
      assert.match(stage.script.asked.at(-2) ?? '', /\n\[Decrypt File\]$/, 'git ignores it');
      await run(commands.encryptFile, uri('new.env'));
      assert.equal(disk('.gitignore'), '/new.env\n', 'a line that a person wrote');
    });

    it('removes a .gitignore that was made for the line alone', async () => {
      stage.write('new.env', 'A=canary\n');
      await run(commands.encryptFile, uri('new.env'));
      stage.script.choose = 'Decrypt File and Add to .gitignore';
      await run(commands.decryptFile, uri('new.env'));
      await run(commands.encryptFile, uri('new.env'));
      assert.ok(!readdirSync(stage.folder).includes('.gitignore'));
    });

    it('says that a tracked file stays tracked', async () => {
      await run(commands.encryptFile, uri());
      stage.script.choose = 'Decrypt File';
      await run(commands.decryptFile, uri());
      assert.match(stage.script.asked.at(-2) ?? '', /Git tracks this file/);
      assert.equal(stage.script.asked.at(-1), '.env is decrypted.');
      assert.equal(disk(), plain);
    });
  });

  it('has nothing to decrypt in a plain file', async () => {
    await assert.rejects(run(commands.decryptFile, uri()), { code: 'NO_METADATA', place: { what: 'decrypted' } });
    assert.equal(disk(), plain);
  });

  it('does not take unsaved text over bytes that are no text', async () => {
    writeFileSync(path(), Buffer.from([0x41, 0x3d, 0xff]));
    stage.open('.env', 'A=\uFFFD\nB=2\n').document.isDirty = true;
    await run(commands.encryptFile);
    assert.deepEqual(readFileSync(path()), Buffer.from([0x41, 0x3d, 0xff]));
    assert.match(stage.script.asked.join(), /not UTF-8/);
  });

  it('asks before a rule that chooses nothing makes a file that only looks encrypted', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n    encrypted_regex: ^nothing$\n`);
    stage.rules.forget();
    await run(commands.encryptFile, uri());
    assert.equal(disk(), plain);
    assert.match(stage.script.asked.join(), /No value of .*would be encrypted/);
    stage.script.confirm = true;
    await run(commands.encryptFile, uri());
    assert.match(disk(), /^A=canary\n[\s\S]*^sops_mac=/m);
  });

  it('does not decrypt what does not match its seal, or what is closed to us', async () => {
    await run(commands.encryptFile, uri());
    const damaged = disk().replace(/^B=.*\n/m, '');
    writeFileSync(path(), damaged);
    stage.script.choose = 'Decrypt File';
    await assert.rejects(run(commands.decryptFile, uri()), { code: 'EDIT_LOCKED' });
    stage.write('.env', await stage.sealed('A=1\n', 'dotenv', await recipientOf(await generateIdentity())));
    await assert.rejects(run(commands.decryptFile, uri()), { code: 'NOT_A_RECIPIENT' });
    stage.vault.lock();
    stage.script.gesture = false;
    await run(commands.decryptFile, uri());
    assert.ok(stage.vault.locked);
    assert.match(disk(), /ENC\[/);
  });
});

describe('a line in .gitignore', () => {
  it('means one path, and fits the file', () => {
    assert.equal(withLine('', 'a/.env'), '/a/.env\n');
    assert.equal(withLine('x', '.env'), 'x\n/.env\n');
    assert.equal(withLine('x\r\n', '.env'), 'x\r\n/.env\r\n');
    assert.equal(withLine('', 'a*[b]?\\c '), '/a\\*\\[b\\]\\?\\\\c\\ \n');
    for (const text of ['', 'x\n', 'x\r\ny\r\n']) assert.equal(withoutLine(withLine(text, 'a/.env'), 'a/.env'), text);
    assert.equal(withoutLine('a/.env\n/a/.env', 'a/.env'), 'a/.env\n');
    assert.equal(withoutLine('x\n', 'x'), 'x\n');
  });

  it('goes into no file that a link chooses, and is one line', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-ignore-')));
    try {
      execFileSync('git', ['init', '-q', folder]);
      writeFileSync(join(folder, 'profile'), 'x\n');
      symlinkSync('profile', join(folder, '.gitignore'));
      await assert.rejects(
        async () =>
          ignoreInGit(
            { platform: nodePlatform, context: fakeContext() } as never,
            Uri.file(join(folder, '.env')) as never,
          ),
        {
          code: 'NOT_A_FILE',
        },
      );
      assert.equal(readFileSync(join(folder, 'profile'), 'utf8'), 'x\n');
      rmSync(join(folder, '.gitignore'));
      await assert.rejects(
        async () =>
          ignoreInGit(
            { platform: nodePlatform, context: fakeContext() } as never,
            Uri.file(join(folder, 'a\n!b.env')) as never,
          ),
        {
          code: 'BAD_NAME',
        },
      );
      await ignoreInGit(
        { platform: nodePlatform, context: fakeContext() } as never,
        Uri.file(join(folder, '.env')) as never,
      );
      assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '/.env\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
