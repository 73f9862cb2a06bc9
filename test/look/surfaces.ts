import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrapKey } from '../../src/core/age/wrap.ts';
import { writeRequest } from '../../src/core/people/request.ts';
import { systemClock } from '../../src/core/ports.ts';
import { sealBytes } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { sealedTextOf } from '../../src/core/sops/sealedfile.ts';
import { dotenvxPublicKey, sealDotenvx } from '../../src/core/tokens/dotenvx.ts';
import { sealFlet } from '../../src/core/tokens/flet.ts';
import { type CommandId, commands, peopleView } from '../../src/extension/ids.ts';
import { askAgent } from '../../src/node/agent/client.ts';
import { alice, bob, carol } from '../core/support.ts';
import { EditorPage, sealed } from '../e2e/editorpage.ts';
import { eventually, type Folders, type Workbench } from '../e2e/workbench.ts';

/** One surface of the extension: how a person gets to see it. */
export interface Surface {
  readonly name: string;
  /** Resolves when it is on screen. */
  open(workbench: Workbench): Promise<unknown>;
  /** Takes away what `closeAll` and Escape leave. */
  close?(workbench: Workbench): Promise<unknown>;
}

const yaml = `# who may write
database:
  host: db.example.test
  password: example-password-1
  port: 5432
  certificate: |
    -----BEGIN CERTIFICATE-----
    example
    -----END CERTIFICATE-----
users:
  - name: example
    token: example-token-1
note_unencrypted: open to all
`;

const checklist = `# Maria: values to replace

- Recipient: \`${bob.recipient}\`
- Removed on: 2026-11-27

## \`vault.yaml\`

- [ ] \`database.password\`: in \`3f2a1bc4d5\`
- [x] \`users[0].token\`: in \`3f2a1bc4d5\`; changed on 2026-11-28

## \`app.env\`

- [ ] \`STRIPE_KEY\`: in \`3f2a1bc4d5\` as \`old.env\`
`;

/** What is imported: a name that is there, one with another value, one that needs a key, one that is elsewhere. */
const compose = `services:
  shop:
    image: example/shop
    environment:
      STRIPE_KEY: example-other-key
      DEBUG: "true"
      DATABASE_URL: postgres://shop:example@db/shop
      SIGNING_KEY: gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD2ZnKXJRC_WJp-RuqR0lgrEeYYADhrhWnjXrnESJgDnhkTYOhMfQZL9MExL6nqdRzQ==
      REGION: \${REGION}
`;

/** Keys that only sops can use, in the place of those of age. */
const cloudKeys = `    pgp:
        - created_at: "2026-11-21T10:20:30Z"
          enc: example
          fp: FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4
    kms:
        - arn: arn:aws:kms:eu-west-1:111122223333:key/example
          created_at: "2026-11-21T10:20:30Z"
          enc: example
          aws_profile: ""
    hc_vault:
        - vault_address: https://vault.example.test
          engine_path: sops
          key_name: first
          created_at: "2026-11-21T10:20:30Z"
          enc: example
`;

/** A source file with a value of Flet in it. */
async function flet(plain: string, passphrase: string): Promise<string> {
  const value = await sealFlet(Buffer.from(plain), passphrase, systemClock.now());
  return `from flet.security import decrypt\n\ntoken = decrypt("${value}", key)\nprint("done")\n`;
}

const dotenvxSecret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
const publicKeyOfNobody = dotenvxPublicKey('1'.repeat(64));

async function dotenvxFile(): Promise<string> {
  const publicKey = dotenvxPublicKey(dotenvxSecret);
  const token = (value: string) => sealDotenvx(Buffer.from(value), publicKey);
  return `#/-----------[DOTENV_PUBLIC_KEY]-----------/\nDOTENV_PUBLIC_KEY_SHOP="${publicKey}"\n\n# payments\nSTRIPE_KEY="${await token('example-key')}"\nDB_URL="${await token('example-url')}"\nPORT=3000\n`;
}

const thousand = Array.from({ length: 1000 }, (_, i) => `NAME_${i}=example-${i}\n`).join('');

const longName = 'a_name_that_somebody_thought_would_explain_everything_about_it'.repeat(3);
const long = `${longName}:\n  ${longName}:\n    ${longName}: ${'example '.repeat(200)}\nshort: example\n`;
const longFile = `sizes/${'a-folder-with-a-long-name/'.repeat(5)}${'a-long-name-'.repeat(8)}.yaml`;

/** The workspace: a file in each state. */
const exampleKey = Buffer.alloc(16, 7).toString('base64');

export async function lookFiles(): Promise<Record<string, string | Uint8Array>> {
  const vault = await sealed('yaml', yaml);
  return {
    'vault.yaml': vault,
    'app.env': await sealed('dotenv', '# payments\nSTRIPE_KEY=example-key\nDEBUG=true\nEMPTY=\n'),
    'settings.ini': await sealed('ini', '; about\n[smtp]\nuser = example\npassword = example-password-2\n'),
    'key.bin': (await sealBytes(new Uint8Array([1, 2, 3]), 'binary', { recipients: [alice.recipient] }, systemClock))
      .bytes,
    'damaged.yaml': vault
      .replace('example.test', 'example')
      .replace(/(host: ENC\[AES256_GCM,data:)(.)/, (_, a, b) => a + (b === 'A' ? 'B' : 'A')),
    'broken.yaml': vault.replace('database:\n', 'database: [\n'),
    'foreign.yaml': vault
      .replaceAll(/age1[a-z0-9]{50,}/g, 'age1yt3tfqlfrwdwx0z0ynwplcr6qxcxfaqycuprpmy89nr83ltx74tqdpszlw')
      .replace(
        /-----BEGIN AGE[\s\S]*?-----END AGE[^\n]*/g,
        '-----BEGIN AGE ENCRYPTED FILE-----\n            YWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n            -----END AGE ENCRYPTED FILE-----',
      ),
    '.lockstep/policy.yaml':
      'app.env:\n  STRIPE_KEY: { owner: Maria, expires: 2020-01-01 }\n  DEBUG: { owner: platform team }\n',
    'elsewhere.yaml': await sealed(
      'yaml',
      'database:\n  password: op://Private/db.example.com/password\n  url: vault://secret/team/database#url\n  own: example-password-3\napi_unencrypted: aws-sm://prod/api#token\n',
    ),
    '.env.production': await sealed('dotenv', 'STRIPE_KEY=example-live-key\n'),
    '.lockstep/environments.yaml': `# which files programs get
staging:
  files: [vault.yaml, app.env]
  loader: compose
  variables:
    database.password: PGPASSWORD
    database.user: PGUSER
development:
  files: [app.env, gone.env]
  default: true
`,
    'src/pay.py': `# payments\nSTRIPE_KEY = '${['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dcExample'].join('_')}'\n`,
    'vault.yaml.bak': yaml,
    '.lockstep/leavers/maria.md': checklist,
    'cloud.yaml': vault.replace(/ {4}age:\n(?: {8}.*\n)+/, cloudKeys),
    '.lockstep/requests/carol.txt': writeRequest({ name: 'Carol', recipient: carol.recipient, file: 'vault.yaml' }, []),
    'app.py': await flet('example-token-3', 'example phrase'),
    '.env': '# local\nAPI_KEY=example-api-key\nOTHER=example-other\n',
    'package.json':
      '{ "scripts": { "start": "node src/server.js", "dev": "vite --port 3000", "test": "node --test" } }\n',
    'plain.yaml': 'token: example-token-2\n',
    'sizes/none.yaml': await sealed('yaml', '{}\n'),
    'sizes/thousand.env': await sealed('dotenv', thousand),
    [longFile]: await sealed('yaml', long),
    'keys.yaml': await sealed(
      'yaml',
      `encryption_keys:\n    orders: ${exampleKey}\n    sessions: ${exampleKey}\napi_token: example-token-4\n`,
    ),
    '.env.shop': await dotenvxFile(),
    '.env.other': (await dotenvxFile()).replace(/03\w{64}/, publicKeyOfNobody),
    '.env.keys': `# .env.shop\nDOTENV_PRIVATE_KEY_SHOP=${dotenvxSecret}\n`,
    'shop/docker-compose.yml': compose,
    // The rule names one reader more than the files have.
    '.sops.yaml': `creation_rules:\n  - path_regex: \\.(yaml|env|ini)$\n    age: ${alice.recipient},${bob.recipient}\n`,
  };
}

/** Git history with the plaintext of a file that is encrypted now. */
export function makeHistory({ workspace, home }: Folders): void {
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: workspace, env: { ...process.env, HOME: home }, encoding: 'utf8' });
  git('init', '-q');
  writeFileSync(`${workspace}/was.env`, 'OLD_TOKEN=example-old-token\n');
  git('add', '-A');
  git('commit', '-qm', 'Plaintext');
  // The file as it is, after a commit that had nothing else than a value in plaintext.
  const file = `${workspace}/app.env`;
  const now = readFileSync(file);
  writeFileSync(file, 'STRIPE_KEY=example-first-key\n');
  git('commit', '-qam', 'A first key');
  writeFileSync(file, now);
  git('commit', '-qam', 'Encrypt it');
}

const run = (workbench: Workbench, command: CommandId | (string & {}), ...ids: readonly string[]) =>
  workbench.spy.evaluate(`void vscode.commands.executeCommand(args.command, ...args.ids)`, { command, ids });

/** A command whose question stays open for the picture. */
async function asks(workbench: Workbench, command: CommandId, ...ids: readonly string[]): Promise<void> {
  await run(workbench, command, ...ids);
  await workbench.page.locator('.quick-input-widget:visible, .monaco-dialog-box').first().waitFor();
}

/** A file in the text editor, its lenses drawn. */
async function text(workbench: Workbench, name: string, lens: string | RegExp): Promise<void> {
  await workbench.openFile(name);
  await workbench.waitForLens(lens, 1);
}

const onSecret = async (workbench: Workbench) => {
  await text(workbench, 'app.env', /secret/);
  await workbench.gotoLine(2, 4);
};

const table = (workbench: Workbench, name = 'vault.yaml') => EditorPage.open(workbench, name);

const asking = (name: string, command: CommandId, ...ids: readonly string[]): Surface => ({
  name,
  open: async (workbench) => {
    await onSecret(workbench);
    await asks(workbench, command, ...ids);
  },
});

const presenting = async (workbench: Workbench, wanted: boolean) => {
  await run(workbench, commands.togglePresentation);
  if (!wanted) await (await workbench.dialog(/Presentation mode/)).press('End Presentation Mode');
  await eventually(
    () => workbench.statusBar(),
    (items) => items.some((item) => item.includes('Presenting')) === wanted,
    'presentation mode',
  );
};

const unlock = async (workbench: Workbench) => {
  await run(workbench, commands.unlock);
  await (await workbench.dialog()).press('Unlock');
};

/** A source file with a secret in it, whose problem is there. */
async function hardCoded(workbench: Workbench): Promise<void> {
  await workbench.openFile('src/pay.py');
  await workbench.page.locator('.squiggly-warning').first().waitFor();
}

/** A program wants a file of the workspace, or one beside it that nobody here knows, too; it does not wait for the answer. */
async function programAsks(workbench: Workbench, name: string, elsewhere = false): Promise<void> {
  await onSecret(workbench);
  const bytes = readFileSync(workbench.path(name));
  const { text, format } = sealedTextOf(name, bytes);
  const keys = readSealed(text, format)
    .metadata.groups.flat()
    .map(({ enc, name: recipient }) => ({ enc, recipient }));
  if (elsewhere) keys.push({ enc: await wrapKey(new Uint8Array(32), alice.recipient), recipient: alice.recipient });
  const env = { ...process.env, TMPDIR: workbench.folders.tmp };
  void askAgent({ keys }, { env, platform: process.platform, cwd: workbench.folders.workspace });
  await workbench.page.locator('.monaco-dialog-box').waitFor();
}

/** Takes away the file that would hold up every change of who can read what. */
function hide({ folders }: Workbench, hidden: boolean): void {
  const [from, to] = ['broken.yaml', 'broken.yaml.off'].map((name) => join(folders.workspace, name)) as [
    string,
    string,
  ];
  renameSync(hidden ? from : to, hidden ? to : from);
}

/** Git in the workspace; what it prints goes nowhere. */
function gitIn({ folders: { workspace, home } }: Workbench, ...args: string[]): void {
  const words = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test', ...args];
  spawnSync('git', words, { cwd: workspace, env: { ...process.env, HOME: home } });
}

/** One file in a commit of its own. */
function commitFile(workbench: Workbench, name: string, text: string, message: string): void {
  writeFileSync(workbench.path(name), text);
  gitIn(workbench, 'add', name);
  gitIn(workbench, 'commit', '-qm', message, '--', name);
}

/** A file that two branches changed, in the middle of the merge. */
async function clash(workbench: Workbench): Promise<void> {
  const commit = async (message: string, text: string) =>
    commitFile(workbench, 'merge.yaml', await sealed('yaml', text), message);
  const text = (password: string, key: string) =>
    `database:\n  host: db.example.test\n  password: ${password}\n  port: 5432\napi:\n  key: ${key}\n`;
  gitIn(workbench, 'checkout', '-qB', 'clash');
  await commit('Base', `${text('example-base-1', 'example-base-2')}old: example-3\n`);
  gitIn(workbench, 'checkout', '-qB', 'theirs');
  await commit('Rotate the password', `${text('example-theirs-1', 'example-base-2')}old: example-4\nnew: example-5\n`);
  gitIn(workbench, 'checkout', '-q', 'clash');
  await commit('Another key', text('example-ours-1', 'example-ours-2'));
  gitIn(workbench, 'merge', 'theirs');
}

/** A row of the page that shows versions beside each other. */
const versionsRow = (workbench: Workbench, name: string) =>
  new EditorPage(workbench).frame.locator('.body > .row', { hasText: name }).first();

const resolving: Surface = {
  name: 'Resolve by Secret',
  open: async (workbench) => {
    await clash(workbench);
    await run(workbench, commands.resolve, `file://${workbench.path('merge.yaml')}`);
    const row = versionsRow(workbench, 'database.password');
    // At its name: in a narrow window the eye of a version is in the middle.
    await row.click({ position: { x: 20, y: 10 } });
    await workbench.page.keyboard.press('3');
    await row.locator('.chosen').waitFor();
    await workbench.page.keyboard.press('Enter');
    await new EditorPage(workbench).frame.locator('.values .shown-value').nth(2).waitFor();
  },
  close: async (workbench) => {
    gitIn(workbench, 'merge', '--abort');
    await workbench.clearNotifications();
  },
};

const asOf: Surface = {
  name: 'Open Secrets as of',
  open: async (workbench) => {
    await clash(workbench);
    gitIn(workbench, 'merge', '--abort');
    await asks(workbench, commands.openAsOf, `file://${workbench.path('merge.yaml')}`);
    await workbench.choose(/Base/);
    await versionsRow(workbench, 'database.password').click();
  },
  close: (workbench) => workbench.clearNotifications(),
};

/** A value that was changed twice, and was plaintext before. */
async function past(workbench: Workbench): Promise<void> {
  const text = (password: string) => `database:\n  password: ${password}\n  user: example\n`;
  commitFile(workbench, 'past.yaml', text('example-past-1'), 'First version');
  commitFile(workbench, 'past.yaml', await sealed('yaml', text('example-past-1')), 'Encrypt it');
  commitFile(workbench, 'past.yaml', await sealed('yaml', text('example-past-2')), 'Rotate the password');
}

const panelOf = {
  close: async (workbench: Workbench) => {
    await workbench.clearNotifications();
    await run(workbench, 'workbench.action.closePanel');
  },
};

/** A plaintext file that is staged, and in the way of a commit. */
async function staged(workbench: Workbench): Promise<void> {
  writeFileSync(workbench.path('next.yaml'), 'database:\n  password: example-next-1\n  user: example\n');
  gitIn(workbench, 'add', 'next.yaml');
  await run(workbench, 'workbench.view.scm');
  await run(workbench, commands.checkCommit);
  await workbench.page.locator('.markers-panel').getByText('The next commit has').first().waitFor();
}

const unstage = async (workbench: Workbench) => {
  gitIn(workbench, 'rm', '-qf', 'next.yaml');
  await panelOf.close(workbench);
  await run(workbench, 'workbench.action.closeSidebar');
};

/** *Import Secrets* up to the list of names. */
async function importing(workbench: Workbench): Promise<void> {
  await run(workbench, commands.importSecrets, `file://${workbench.path('shop/docker-compose.yml')}`);
  await workbench.page.getByText('Key or pass phrase of 1 value').first().waitFor();
  await workbench.accept();
  await workbench.choose(/app\.env/);
  await workbench.page.getByText('clashes with another value').first().waitFor();
}

/** *Compare Secrets* of two files. */
async function comparing(workbench: Workbench) {
  await onSecret(workbench);
  await asks(workbench, commands.compareSecrets);
  await workbench.choose(/Another File/);
  await workbench.choose(/production/);
  const frame = workbench.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  await frame.locator('.body > .row').first().waitFor({ timeout: 60_000 });
  return frame;
}

/** Every surface, in the order in which a person meets them. */
export const surfaces: readonly Surface[] = [
  { name: 'Encrypted YAML', open: (workbench) => text(workbench, 'vault.yaml', /secrets?/) },
  { name: 'Encrypted .env', open: (workbench) => text(workbench, 'app.env', /secrets?/) },
  { name: 'Encrypted INI', open: (workbench) => text(workbench, 'settings.ini', /secrets?/) },
  {
    name: 'Value revealed',
    open: async (workbench) => {
      await onSecret(workbench);
      // By hand: a command would have to be confirmed.
      await workbench.clickLens(/^Reveal$/, () => workbench.paints(/example-key/));
    },
  },
  {
    name: 'Value of another system',
    open: async (workbench) => {
      await workbench.openFile('app.py');
      await workbench.gotoLine(3, 30);
      await run(workbench, commands.decryptSelection);
      await workbench.typeInInput('example phrase', { asked: /Pass Phrase of Flet/ });
      await workbench.waitForPainted(/example-token-3/);
    },
    close: (workbench) => workbench.clearNotifications(),
  },
  {
    name: 'Encrypt Selection',
    open: async (workbench) => {
      await workbench.openFile('app.py');
      await workbench.gotoLine(4, 8);
      await workbench.spy.evaluate(`await vscode.commands.executeCommand('editor.action.smartSelect.expand')`);
      await asks(workbench, commands.encryptSelection);
    },
  },
  {
    name: 'Hover',
    open: async (workbench) => {
      await text(workbench, 'app.env', /secret/);
      await workbench.hover(2, 4);
    },
  },
  {
    name: 'Context menu',
    open: async (workbench) => {
      await onSecret(workbench);
      await workbench.spy.evaluate(`await vscode.commands.executeCommand('editor.action.showContextMenu')`);
      await workbench.page.locator('.monaco-menu .action-label:visible').first().waitFor();
    },
  },
  {
    name: 'Encrypt With Key',
    open: async (workbench) => {
      await workbench.openFile('app.py');
      await workbench.gotoLine(4, 8);
      await workbench.spy.evaluate(`await vscode.commands.executeCommand('editor.action.smartSelect.expand')`);
      await asks(workbench, commands.encryptWithKey);
      await workbench.page.getByText('orders', { exact: true }).first().waitFor();
    },
  },
  asking('More actions', commands.moreActions),
  asking('Set', commands.setValue),
  asking('Generate', commands.generateValue),
  asking('Add', commands.addSecret),
  asking('Rename', commands.renameSecret),
  asking('Delete', commands.deleteSecret),
  asking('Who can read', commands.updateReaders),
  asking('Rotate', commands.rotateDataKey),
  asking('Decrypt in place', commands.decryptFile),
  asking('Why', commands.explainFile),
  {
    name: 'Why not',
    open: async (workbench) => {
      await text(workbench, 'foreign.yaml', /cannot read/);
      await asks(workbench, commands.whyNotOpen);
    },
  },
  {
    name: 'Why not, other services',
    open: async (workbench) => {
      // Where gpg is installed, its key was tried.
      await text(workbench, 'cloud.yaml', /Needs PGP|cannot read/);
      await asks(workbench, commands.whyNotOpen);
    },
  },
  asking('Menu', commands.showMenu),
  asking('Run with secrets', commands.runWithSecrets),
  asking('Open terminal with secrets', commands.openTerminal),
  asking('Switch Environment', commands.switchEnvironment),
  {
    name: 'Environment of production',
    open: async (workbench) => {
      await onSecret(workbench);
      await asks(workbench, commands.switchEnvironment);
      await workbench.choose(/production/);
      await eventually(
        () => workbench.statusBar(),
        (items) => items.some((item) => item.includes('production')),
        'the environment in the status bar',
      );
    },
    close: async (workbench) => {
      await asks(workbench, commands.switchEnvironment);
      await workbench.choose(/development/);
    },
  },
  {
    name: 'environments.yaml',
    open: async (workbench) => {
      await workbench.openFile('.lockstep/environments.yaml');
      await workbench.page.locator('.squiggly-warning').first().waitFor();
      await run(workbench, 'workbench.actions.view.problems');
      await workbench.page.locator('.markers-panel').first().waitFor();
    },
    close: (workbench) => run(workbench, 'workbench.action.closePanel'),
  },
  {
    name: 'Hard-coded secret',
    open: async (workbench) => {
      await hardCoded(workbench);
      await run(workbench, 'workbench.actions.view.problems');
      await workbench.page.locator('.markers-panel').first().waitFor();
    },
    close: (workbench) => run(workbench, 'workbench.action.closePanel'),
  },
  {
    name: 'Hard-coded secret, quick fixes',
    open: async (workbench) => {
      await hardCoded(workbench);
      await run(workbench, 'editor.action.marker.next');
      await workbench.page.keyboard.press('Escape');
      await workbench.page.keyboard.press('Control+Period');
      await workbench.page.locator('.action-widget').first().waitFor();
    },
  },
  {
    name: 'Move to Secrets',
    open: async (workbench) => {
      await hardCoded(workbench);
      await workbench.gotoLine(2, 20);
      await asks(workbench, commands.moveToSecrets);
      await workbench.choose(/app\.env/);
      await workbench.page.locator('.quick-input-widget:visible input').first().waitFor();
    },
  },
  {
    name: 'Hard-coded secrets in the workspace',
    open: async (workbench) => {
      await run(workbench, commands.findSecrets);
      await workbench.page.locator('.notifications-toasts .notification-list-item').first().waitFor();
    },
    close: (workbench) => workbench.clearNotifications(),
  },
  asking('Left-over plaintext', commands.findLeftOver),
  { name: 'Program asks', open: (workbench) => programAsks(workbench, 'app.env') },
  { name: 'Program asks, elsewhere', open: (workbench) => programAsks(workbench, 'vault.yaml', true) },
  asking('Manage keys', commands.manageKeys),
  asking('Create key', commands.createKey),
  {
    name: 'One key',
    open: async (workbench) => {
      await onSecret(workbench);
      await asks(workbench, commands.manageKeys);
      await workbench.choose(/age1/);
      await eventually(
        () => workbench.choices(),
        (found) => found.some((one) => one.includes('Repositories')),
        'what can be done with a key',
      );
    },
  },
  asking('Import key', commands.importKey),
  asking('Back up key', commands.backUpKey),
  asking('Restore keys', commands.restoreKeys),
  asking('Recovery key', commands.addRecoveryKey),
  asking('Set Up, all steps', commands.setUp, 'steps'),
  {
    name: 'Access log',
    open: async (workbench) => {
      await onSecret(workbench);
      await workbench.clickLens(/^Reveal$/, () => workbench.paints(/example-key/));
      await run(workbench, commands.showAccessLog);
      await workbench.page.locator('.quick-input-widget:visible .monaco-list-row').first().waitFor();
    },
  },
  asking('Set Up', commands.setUp),
  { name: 'Plain .env', open: (workbench) => text(workbench, '.env', /plaintext/) },
  {
    name: 'Encrypt',
    open: async (workbench) => {
      await text(workbench, '.env', /plaintext/);
      await run(workbench, commands.encryptFile);
      await workbench.page
        .locator('.quick-input-widget:visible, .monaco-dialog-box, .notifications-toasts .notification-list-item')
        .first()
        .waitFor();
    },
    close: async (workbench) => {
      await workbench.clearNotifications();
      writeFileSync(workbench.path('.env'), '# local\nAPI_KEY=example-api-key\nOTHER=example-other\n');
    },
  },
  {
    name: 'History of a Secret',
    open: async (workbench) => {
      await text(workbench, 'app.env', /secret/);
      await run(workbench, commands.showHistory, `file://${workbench.path('app.env')}`, '[0,"STRIPE_KEY"]');
      await workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Added' }).first().waitFor();
    },
    close: (workbench) => run(workbench, 'workbench.action.closePanel'),
  },
  {
    name: 'Old value',
    open: async (workbench) => {
      await text(workbench, 'app.env', /secret/);
      await run(workbench, commands.showHistory, `file://${workbench.path('app.env')}`, '[0,"STRIPE_KEY"]');
      await workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Added' }).first().click();
      await versionsRow(workbench, 'STRIPE_KEY').click();
    },
    close: (workbench) => run(workbench, 'workbench.action.closePanel'),
  },
  resolving,
  asOf,
  asking('Set up git', commands.setUpGit),
  {
    name: 'Values in Git History',
    open: async (workbench) => {
      await past(workbench);
      await run(workbench, commands.showExposed, `file://${workbench.path('past.yaml')}`);
      await workbench.page.getByText('database.user').first().waitFor();
    },
    ...panelOf,
  },
  { name: 'Before a commit', open: staged, close: unstage },
  {
    name: 'Before a commit: the question',
    open: async (workbench) => {
      await staged(workbench);
      await asks(workbench, commands.commitChecked);
    },
    close: unstage,
  },
  {
    name: 'Not a Secret',
    open: async (workbench) => {
      await hardCoded(workbench);
      await workbench.gotoLine(2, 20);
      await asks(workbench, commands.notSecret);
    },
  },
  { name: 'Damaged file', open: (workbench) => text(workbench, 'damaged.yaml', /./) },
  { name: 'Broken file', open: (workbench) => text(workbench, 'broken.yaml', /./) },
  { name: 'File for others', open: (workbench) => text(workbench, 'foreign.yaml', /./) },
  {
    name: 'Problems',
    open: async (workbench) => {
      await text(workbench, '.env', /plaintext/);
      await run(workbench, 'workbench.actions.view.problems');
      await workbench.page.locator('.markers-panel').first().waitFor();
    },
    close: (workbench) => run(workbench, 'workbench.action.closePanel'),
  },
  {
    name: 'Explorer',
    open: async (workbench) => {
      await workbench.openFile('vault.yaml');
      await run(workbench, 'workbench.view.explorer');
      await workbench.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    },
    close: (workbench) => run(workbench, 'workbench.action.closeSidebar'),
  },
  {
    name: 'Walkthrough',
    open: async (workbench) => {
      await workbench.spy.evaluate(
        `void vscode.commands.executeCommand('workbench.action.openWalkthrough', 'lockstep.lockstep-secrets#start', false)`,
      );
      await workbench.page.locator('.getting-started-step').first().waitFor();
    },
  },
  {
    name: 'Presenting',
    open: async (workbench) => {
      await presenting(workbench, true);
      await text(workbench, 'app.env', /secret/);
    },
    close: (workbench) => presenting(workbench, false),
  },
  {
    name: 'Locked',
    open: async (workbench) => {
      await run(workbench, commands.lock);
      await text(workbench, 'vault.yaml', /Locked/);
    },
    close: unlock,
  },
  { name: 'Secrets Editor', open: (workbench) => table(workbench) },
  {
    name: 'Secrets Editor: revealed',
    open: async (workbench) => (await table(workbench)).show('password'),
  },
  {
    name: 'Secrets Editor: a field',
    open: async (workbench) => (await table(workbench)).edit('password'),
  },
  {
    name: 'Secrets Editor: menu',
    open: async (workbench) => {
      const page = await table(workbench);
      await page.go('password');
      await page.press('Shift+F10');
      await page.frame.locator('.menu').waitFor();
    },
  },
  {
    name: 'Secrets Editor: generate',
    open: async (workbench) => {
      const page = await table(workbench);
      await page.menu('password', 'Generate…');
      await page.frame.getByText(/Very strong/).waitFor();
    },
  },
  {
    name: 'Secrets Editor: text',
    open: async (workbench) => (await table(workbench)).textView(),
  },
  {
    name: 'Secrets Editor: unsaved',
    open: async (workbench) => (await table(workbench, 'app.env')).set('DEBUG', 'false'),
    // VS Code would ask whether to save it.
    close: (workbench) =>
      workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.files.revert')`),
  },
  ...(
    [
      ['add', commands.addEncryptionKey],
      ['generate', commands.generateEncryptionKey],
      ['which', commands.copyEncryptionKey],
    ] as const
  ).map(
    ([name, command]): Surface => ({
      name: `Secrets Editor: encryption key, ${name}`,
      open: async (workbench) => {
        await table(workbench, 'keys.yaml');
        await asks(workbench, command);
      },
    }),
  ),
  {
    name: 'Secrets Editor: encryption key, reset',
    open: async (workbench) => {
      await table(workbench, 'keys.yaml');
      await asks(workbench, commands.resetEncryptionKey);
      await workbench.page.keyboard.press('Enter');
      await workbench.dialog(/Reset the encryption key/);
    },
  },
  { name: 'Secrets Editor: dotenvx', open: (workbench) => table(workbench, '.env.shop') },
  { name: 'Secrets Editor: dotenvx without its key', open: (workbench) => table(workbench, '.env.other') },
  {
    name: 'Export: what reads it',
    open: async (workbench) => {
      await table(workbench);
      await asks(workbench, commands.exportSecrets);
    },
  },
  {
    name: 'Export: what it cannot hold',
    open: async (workbench) => {
      await table(workbench);
      await asks(workbench, commands.exportSecrets);
      await workbench.page.keyboard.type('docker run');
      await workbench.page.keyboard.press('Enter');
      await workbench.page.locator('.monaco-dialog-box').waitFor();
    },
  },
  {
    name: 'Move dotenvx Key',
    open: async (workbench) => {
      await table(workbench, '.env.shop');
      await asks(workbench, commands.moveDotenvxKey);
    },
  },
  { name: 'Secrets Editor: other managers', open: (workbench) => table(workbench, 'elsewhere.yaml') },
  { name: 'Secrets Editor: binary', open: (workbench) => table(workbench, 'key.bin') },
  {
    name: 'Secrets Editor: owners and expiry',
    open: async (workbench) => (await table(workbench, 'app.env')).frame.getByText('Maria').first().waitFor(),
  },
  {
    name: 'Secrets and People × Files',
    open: async (workbench) => {
      await workbench.spy.evaluate(`await vscode.commands.executeCommand(args.id)`, { id: `${peopleView}.focus` });
      await workbench.page.locator('.monaco-list-row', { hasText: 'app.env' }).first().waitFor();
      await workbench.page.locator('.monaco-list-row', { hasText: 'reads' }).first().click();
    },
    close: (workbench) => workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.view.explorer')`),
  },
  {
    name: 'Values to replace',
    open: async (workbench) => {
      await run(workbench, commands.showChecklist);
      await workbench.page.getByText('users[0].token').first().waitFor();
    },
    close: (workbench) => workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.closePanel')`),
  },
  {
    name: 'Grant Access: who',
    open: async (workbench) => {
      await run(workbench, commands.grantAccess);
      await workbench.page.getByText('From the Clipboard').first().waitFor();
    },
  },
  {
    name: 'Grant Access: the question',
    open: async (workbench) => {
      hide(workbench, true);
      await run(workbench, commands.grantAccess);
      await workbench.choose(/carol\.txt/);
      await workbench.page.getByText('Whose key is').first().waitFor();
      await workbench.accept();
      await workbench.dialog(/Let Carol read/);
    },
    close: async (workbench) => hide(workbench, false),
  },
  {
    name: 'Revoke Access: who',
    open: async (workbench) => {
      await run(workbench, commands.revokeAccess);
      await workbench.page.getByText('No rule names this key').first().waitFor();
    },
  },
  { name: 'Compare Secrets', open: (workbench) => comparing(workbench) },
  {
    name: 'Compare Secrets: a value',
    open: async (workbench) => {
      const frame = await comparing(workbench);
      await frame.locator('.body > .row', { hasText: 'STRIPE_KEY' }).click();
      await workbench.page.keyboard.press('Enter');
      await frame.locator('.values .shown-value').nth(1).waitFor();
    },
  },
  { name: 'Import: the list', open: importing },
  {
    name: 'Import: a clash',
    open: async (workbench) => {
      await importing(workbench);
      await workbench.accept();
      await workbench.page.getByText('Leave the New Value Out').first().waitFor();
    },
  },
  {
    name: 'Import: the question',
    open: async (workbench) => {
      await importing(workbench);
      await workbench.accept();
      await workbench.choose(/Replace the Value/);
      await workbench.dialog(/Write 2 values/);
    },
  },
  { name: 'Secrets Editor: no entry', open: (workbench) => table(workbench, 'sizes/none.yaml') },
  { name: 'Secrets Editor: 1,000 entries', open: (workbench) => table(workbench, 'sizes/thousand.env') },
  { name: 'Secrets Editor: long names', open: (workbench) => table(workbench, longFile) },
  { name: 'No entry as text', open: (workbench) => text(workbench, 'sizes/none.yaml', /secrets/) },
  { name: '1,000 entries as text', open: (workbench) => text(workbench, 'sizes/thousand.env', /secrets/) },
  { name: 'Long names as text', open: (workbench) => text(workbench, longFile, /secret/) },
  { name: 'Secrets Editor: damaged', open: (workbench) => table(workbench, 'damaged.yaml') },
  { name: 'Secrets Editor: for others', open: (workbench) => table(workbench, 'foreign.yaml') },
  {
    name: 'Secrets Editor: locked',
    open: async (workbench) => {
      await run(workbench, commands.lock);
      await (await table(workbench)).button('Unlock').waitFor();
    },
    close: unlock,
  },
];
