import assert from 'node:assert/strict';
import { act, eventually, pictureFailures, Workbench } from './workbench.ts';

/** Where a picture that is loaded comes from. */
function sourceOf(image: object): string {
  const { naturalWidth, currentSrc } = image as { naturalWidth: number; currentSrc: string };
  return naturalWidth > 0 ? currentSrc : '';
}

/** What somebody sees who looks the extension up before there is anything to do with it. */
describe('the first look', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  before(async () => {
    workbench = await Workbench.start({ files: { 'a.txt': '' }, size: { width: 1500, height: 900 } });
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  const run = (command: string, ...args: unknown[]) =>
    workbench.spy.evaluate(`await vscode.commands.executeCommand(args.command, ...args.args)`, { command, args });

  it('at its page says what it does, step by step, and misses nothing', async () => {
    await run('workbench.view.extensions');
    const item = workbench.page.locator('.extension-list-item', { hasText: 'Lockstep' }).first();
    const page = workbench.webview();
    await act(
      () => item.click(),
      () => page.locator('h1', { hasText: 'Lockstep' }).first().isVisible(),
      'a click on the extension',
      { patience: 20_000 },
    );
    const steps = await page.locator('pre').allInnerTexts();
    assert.equal(steps.length, 4);
    assert.match(steps.join('\n'), /STRIPE_KEY=•{8}[\s\S]*STRIPE_KEY=sk_test_example/);
    // What does not load, or leads nowhere, has lost its address here.
    assert.equal(await page.locator('img:not([src]), a:not([href])').count(), 0);
    await workbench.screenshot('first-look-page');
  });

  it('at its walkthrough has steps whose text is rendered, each with a picture of its own', async () => {
    await run('workbench.action.closeSidebar');
    await run('workbench.action.openWalkthrough', 'lockstep.lockstep-secrets#start', false);
    const steps = workbench.page.locator('.getting-started-step:visible');
    await steps.first().waitFor();
    const pictures = new Set<string>();
    for (let n = 0; n < (await steps.count()); n++) {
      const words = steps.nth(n).locator('.step-description-container');
      await act(
        () => steps.nth(n).click({ timeout: 5000 }),
        async () => (await words.innerText({ timeout: 1000 })).trim() !== '',
        `a click on step ${n}`,
      );
      const text = await words.innerText();
      assert.deepEqual(text.match(/[`*_]/g), null, text);
      const picture = workbench.page.locator('.getting-started-media img:visible');
      const source = await eventually(
        () => picture.evaluate(sourceOf),
        (found) => found !== '' && !pictures.has(found),
        `a picture of step ${n}`,
      );
      pictures.add(source);
      await workbench.screenshot(`first-look-step-${n + 1}`);
    }
    assert.equal(pictures.size, 9);
  });
});
