// Makes the pictures of the README and of the walkthrough: real screenshots of the packaged extension on
// the example workspace. Usage: node --import tsx test/e2e/pictures.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { makeExample } from '../example/make.mjs';
import { root } from '../run/setup.mjs';
import { EditorPage, importKey } from './editorpage.ts';
import { eventually, Workbench } from './workbench.ts';

const widget = '.quick-input-widget:visible';
const secrets = 'config/secrets.production.yaml';

/** A step of the picture in the README. */
interface Step {
  readonly title: string;
  readonly picture: Buffer;
}

/** The steps below each other. Nothing behind them, and a grey that can be read on light and on dark. */
const pageOf = (steps: readonly Step[]) => `<!doctype html><style>
  body { margin: 0; width: 790px; font: 15px/1.4 system-ui, sans-serif; color: #8a8a8a }
  h2 { font-size: 15px; font-weight: 600; margin: 18px 0 8px; display: flex; gap: 10px; align-items: center }
  b { background: #2b7bb9; color: #fff; border-radius: 50%; width: 24px; height: 24px; display: grid; place-items: center }
  img { display: block; max-width: 788px; border: 1px solid #8a8a8a80; border-radius: 6px }
  h2:first-child { margin-top: 0 }
</style>${steps
  .map(
    ({ title, picture }, n) =>
      `<h2><b>${n + 1}</b>${title}</h2><img src="data:image/png;base64,${picture.toString('base64')}">`,
  )
  .join('')}`;

function keep(folder: string, name: string, picture: Buffer): Buffer {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, `${name}.png`), picture);
  return picture;
}

/** A part of the screen. @param top how much of it is left out above. */
async function cut(page: Page, what: Locator, width: number, height: number, top = 0): Promise<Buffer> {
  const box = await what.boundingBox();
  if (!box) throw new Error('nothing to take a picture of');
  // The pointer would be in the picture, and what it hovers over.
  await page.mouse.move(1, 1);
  await page.waitForTimeout(600);
  return page.screenshot({
    clip: { x: box.x, y: box.y + top, width: Math.min(width, box.width), height: Math.min(height, box.height - top) },
  });
}

async function make(workbench: Workbench): Promise<void> {
  const { page } = workbench;
  const shot = (...[what, width, height, top]: [Locator, number, number, number?]) =>
    cut(page, what, width, height, top);
  const editor = page.locator('.editor-group-container.active .editor-container').first();
  await page.keyboard.press('Control+b');
  await importKey(workbench);

  await workbench.palette('Lockstep: Set Up Secrets in This Workspace');
  await eventually(
    () => workbench.choices(),
    (items) => items.some((item) => item.includes('.env')),
    'the files',
  );
  const setUp = await shot(page.locator(widget), 680, 260);
  await workbench.accept();
  await workbench.waitForNotification(/readable in git history/);
  await workbench.clearNotifications();

  // One step of the wizard, as the walkthrough does it.
  const step = (name: string) =>
    workbench.spy.evaluate(`void vscode.commands.executeCommand('lockstep.setUp', args.name)`, { name });
  /** A message that has come to rest. */
  const toast = async (words: RegExp) => {
    await workbench.waitForNotification(words);
    await page.waitForTimeout(1000);
    return shot(page.locator('.notification-toast').first(), 500, 120);
  };
  await step('steps');
  await page.locator(widget).getByText('Steps Done').waitFor();
  const key = await shot(page.locator(widget), 680, 400);
  await page.keyboard.press('Escape');
  await workbench.clearNotifications();
  await step('verify');
  const verify = await toast(/^3 files decrypt/);
  await workbench.clearNotifications();
  await step('commit');
  await page.locator(widget).getByText('Stages and commits').waitFor();
  const commit = await shot(page.locator(widget), 680, 120);
  await page.keyboard.press('Escape');

  await workbench.openFile('.env');
  await workbench.waitForLens('secrets', 1);
  await workbench.gotoLine(10);
  const encrypted = await shot(editor, 640, 330);

  await workbench.palette('Lockstep: Reveal Value');
  await workbench.waitForPainted(/sk_test_example/);
  const revealed = await shot(editor, 640, 110, 205);
  await page.keyboard.press('Escape');
  await workbench.closeAll();

  const editorPage = await EditorPage.open(workbench, secrets);
  await editorPage.show('password');
  const table = await shot(editor, 780, 380);
  await workbench.closeAll();

  await workbench.palette('Lockstep: Back Up Key');
  await workbench.typeInInput('orange tiger window paper stone', { accept: false, asked: 'Pass Phrase' });
  const backUp = await shot(page.locator(widget), 680, 200);
  await page.keyboard.press('Escape');

  await workbench.openFile('.sops.yaml');
  await workbench.waitForPainted(/creation_rules/);
  const rules = await shot(editor, 780, 170);
  await workbench.palette('Lockstep: Copy My Public Key');
  const share = await toast(/public key of .* is copied/);

  for (const [name, picture] of Object.entries({
    key,
    setUp,
    rules,
    encrypted,
    verify,
    backUp,
    commit,
    revealed,
    share,
  }))
    keep('media', `walkthrough-${name.toLowerCase()}`, picture);
  const steps = await workbench.context.newPage();
  await steps.setViewportSize({ width: 790, height: 400 });
  await steps.setContent(
    pageOf([
      { title: 'Set Up finds the files that hold secrets and encrypts them', picture: setUp },
      { title: 'Names and order stay, every value is eight dots', picture: encrypted },
      { title: 'Reveal shows one value for ten seconds', picture: revealed },
      { title: 'The Secrets Editor shows the file as a table', picture: table },
    ]),
  );
  keep('docs/images', 'steps', await steps.screenshot({ fullPage: true, omitBackground: true }));
}

async function main(): Promise<void> {
  const workbench = await Workbench.start({
    prepare: (folders) => makeExample(folders.workspace),
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'lockstep.offerSetUp': false,
      'editor.minimap.enabled': false,
      'scm.diffDecorations': 'none',
      'breadcrumbs.enabled': false,
    },
    size: { width: 960, height: 640 },
  });
  try {
    await make(workbench);
  } catch (error) {
    await workbench.screenshot('pictures-failed');
    throw error;
  } finally {
    await workbench.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
