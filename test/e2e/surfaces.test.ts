import assert from 'node:assert/strict';
import type { FormatId } from '../../src/core/format/document.ts';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { describeLeaks } from './leaksuite.ts';
import { act, canary, eventually, pictureFailures, Workbench } from './workbench.ts';

const dots = '••••••••';

describeLeaks('surfaces of the text editor', () => {
  const secret = canary();
  const plain = canary();
  const said = canary();
  const value = (i: number) => (i === 1 ? secret : `${secret}${i}`);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  let identity: string;

  const many = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i)).join('');

  async function makeFiles(recipient: string): Promise<Record<string, string>> {
    const sealed = async (format: FormatId, text: string) =>
      (await seal(text, format, { recipients: [recipient] }, systemClock)).text;
    return {
      'twelve.yaml': await sealed('yaml', `db:\n${many(12, (i) => `  key_${i}: ${value(i)}\n`)}`),
      'twelve.json': await sealed('json', `{\n${many(11, (i) => `  "key_${i}": "${value(i)}",\n`)}  "last": "x"\n}\n`),
      'twelve.env': await sealed(
        'dotenv',
        many(12, (i) => `KEY_${i}=${value(i)}\n`),
      ),
      'said.yaml': await sealed('yaml', `# ${said}\n# ${said}2\na: one\n`),
      'one.yaml': await sealed('yaml', `only: ${secret}\n`),
      'many.env': await sealed(
        'dotenv',
        many(1000, (i) => `KEY_${i}=${value(i)}\n`),
      ),
      '.env': `# local\nAPI_KEY=${plain}\nOTHER=${plain}2\n`,
      '.env.example': `API_KEY=made-up\n`,
    };
  }

  before(async () => {
    identity = await generateIdentity();
    const files = await makeFiles(await recipientOf(identity));
    workbench = await Workbench.start({
      files,
      settings: { 'lockstep.offerSetUp': false, 'lockstep.reveal.seconds': 3 },
    });
  });
  after(() => workbench?.close());
  afterEach(() => workbench.closeAll());

  const screen = async () => (await workbench.painted()).map((line) => line.text).join('\n');
  const shows = (wanted: string) =>
    eventually(screen, (text) => text.includes(wanted), `${wanted.slice(0, 6)}… on screen`);
  const hides = (wanted: string) => eventually(screen, (text) => !text.includes(wanted), 'a mask over it');

  it('mask before there is a key, and say why the file cannot be read', async () => {
    await workbench.openFile('one.yaml');
    await workbench.waitForPainted(`only: ${dots}`);
    assert.deepEqual((await workbench.waitForLens('You cannot read this file', 1)).titles, [
      'You cannot read this file · Why?',
    ]);
    await workbench.clickLens('You cannot read this file', () => workbench.isOpen());
    await workbench.choose('Import a Key');
    await workbench.choose('Type or Paste It');
    assert.ok((await workbench.typeInInput(identity)).hidden);
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    await workbench.waitForLens('1 secret · readable by you only', 1);
    await workbench.clearNotifications();
  });

  for (const [name, line] of [
    ['twelve.yaml', `  key_1: ${dots}`],
    ['twelve.json', `"key_1": "${dots}",`],
    ['twelve.env', `KEY_1=${dots}`],
  ] as const) {
    it(`mask every value of ${name} and fold its metadata`, async () => {
      await workbench.openFile(name);
      await workbench.waitForPainted(line);
      await workbench.waitForPainted(/encrypted in SOPS 3\.\d+ format, changed just now/);
      const text = await eventually(screen, (all) => !/recipient|BEGIN AGE|lastmodified/.test(all), 'folded metadata');
      assert.doesNotMatch(text, /ENC\[/);
      assert.ok(!text.includes(secret));
    });
  }

  it('have lenses that are verbs', async () => {
    await workbench.openFile('twelve.yaml');
    assert.deepEqual((await workbench.waitForLens('12 secrets', 1)).titles, [
      '12 secrets · readable by you only',
      'Open Secrets Editor',
      'Add Secret',
    ]);
    assert.deepEqual((await workbench.waitForLens('Copy', 3)).titles, ['Copy', 'Set', 'Reveal', 'More…']);
    await workbench.closeAll();
    await workbench.openFile('many.env');
    await workbench.waitForLens('1000 secrets', 1);
    await workbench.gotoLine(500);
    await workbench.waitForLens('Reveal', 500);
    assert.equal((await workbench.lenses()).filter((lens) => lens.titles.includes('Reveal')).length, 1);
  });

  it('have a hover with facts and links, and no value', async () => {
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    const text = await workbench.hover(3, 5);
    assert.match(text, new RegExp(`^db\\.key_1\\s+${dots}\\s+string`));
    assert.match(text, /Readable by you\b/);
    assert.match(text, /Copy\s+·\s+Set\s+·\s+Reveal\s+·\s+History\s+·\s+More…/);
    await act(
      async () => {
        if (!(await workbench.hoverBox.isVisible())) await workbench.hover(3, 5);
        await workbench.hoverBox.getByText('Reveal').click({ timeout: 5000 });
      },
      () => workbench.paints(secret),
      'Reveal in the hover',
    );
    await hides(secret);
  });

  it('reveal one value, for its time', async () => {
    await workbench.openFile('twelve.json');
    await workbench.waitForLens('12 secrets', 1);
    const revealed = new RegExp(`"key_1": "${secret}"[●◕◑◔○],`);
    await workbench.clickLens('Reveal', () => workbench.paints(revealed), 3);
    await workbench.screenshot('surfaces-reveal');
    await workbench.clickLens('Reveal', () => workbench.paints(value(2)), 4);
    await hides(`${secret}"`);
    await hides(secret);
  });

  it('end a reveal early', async () => {
    await workbench.setSetting('lockstep.reveal.seconds', 60);
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    const clickOnIt = () =>
      workbench.page
        .locator('.view-line')
        .filter({ hasText: 'key_1:' })
        .click({ position: { x: 110, y: 8 }, timeout: 5000 });
    const ends: Record<string, () => Promise<unknown>> = {
      'another editor': async () => {
        await workbench.openFile('.env.example');
        await workbench.openFile('twelve.yaml');
      },
      'an edit': async () => {
        await workbench.gotoLine(1, 1);
        await workbench.page.keyboard.press('End');
        await workbench.type(' ');
        await workbench.undo();
      },
      'a click on it': () => act(clickOnIt, async () => !(await workbench.paints(secret)), 'a click on the value'),
      'the command': () => workbench.palette('Lockstep: Hide Revealed Values'),
      'a window without focus': () =>
        workbench.page.evaluate(`document.hasFocus = () => false; window.dispatchEvent(new Event('blur'));`),
    };
    for (const [how, end] of Object.entries(ends)) {
      await workbench.gotoLine(2);
      await workbench.waitForLens('Reveal', 3);
      await workbench.clickLens('Reveal', () => workbench.paints(secret), 3);
      await end();
      await eventually(screen, (text) => !text.includes(secret), `${how} to end the reveal`);
    }
    await workbench.page.evaluate(`delete document.hasFocus; window.dispatchEvent(new Event('focus'));`);
    await eventually(
      () => workbench.spy.evaluate<boolean>('return vscode.window.state.focused'),
      (focused) => focused,
      'the focus to come back',
    );
    await workbench.setSetting('lockstep.reveal.seconds', 3);
  });

  it('reveal and hide by lens, key and Escape', async () => {
    await workbench.setSetting('lockstep.reveal.seconds', 60);
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    const shown = () => workbench.paints(secret);
    const hidden = async () => !(await shown());
    await workbench.clickLens('Reveal', shown, 3);
    await workbench.screenshot('surfaces-hide');
    await workbench.clickLens('Hide', hidden);
    await workbench.gotoLine(3, 3);
    const press = (seen: () => Promise<boolean>, ...keys: string[]) =>
      act(
        async () => {
          for (const key of (await seen()) ? [] : keys) await workbench.page.keyboard.press(key);
        },
        seen,
        keys.join(' '),
        { patience: 10_000 },
      );
    await press(shown, 'Control+k', 'Shift+R');
    await press(hidden, 'Control+k', 'Shift+R');
    await press(shown, 'Control+k', 'Shift+R');
    await press(hidden, 'Escape');
    await workbench.setSetting('lockstep.reveal.seconds', 3);
  });

  it('show comments under the mouse, by Reveal and by a setting, and to nobody else', async () => {
    await workbench.openFile('said.yaml');
    await workbench.waitForLens('1 secret', 1);
    await workbench.waitForPainted(`#${dots}`);
    await act(
      () => workbench.hover(1, 5),
      async () => (await workbench.hoverBox.innerText({ timeout: 1000 })).includes(said),
      'the comment under the mouse',
    );
    await workbench.page.keyboard.press('Escape');
    await workbench.gotoLine(2, 1);
    await workbench.waitForLens('Reveal', 2);
    await workbench.clickLens('Reveal', () => workbench.paints(`# ${said}2`), 2);
    await act(
      () => workbench.page.keyboard.press('Escape'),
      async () => !(await workbench.paints(said)),
      'Escape',
    );
    await workbench.setSetting('lockstep.comments.show', true);
    await shows(`# ${said}`);
    await workbench.screenshot('surfaces-comments');
    assert.deepEqual((await workbench.spyReport()).find(said), []);
    await workbench.setSetting('lockstep.comments.show', false);
    await hides(said);
    assert.deepEqual(await workbench.scan(said), []);
  });

  it('have a context menu for what is clicked, not for where the cursor was', async () => {
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    await workbench.gotoLine(1, 1);
    await workbench.moment();
    const line = workbench.page.locator('.view-line').filter({ hasText: 'key_1:' });
    await workbench.menu(() => line.click({ button: 'right', position: { x: 30, y: 8 } }), 'Reveal Value');
    await shows(secret);
    await hides(secret);
  });

  it('show no value in presentation mode', async () => {
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    await workbench.palette('Lockstep: Toggle Presentation Mode');
    await eventually(
      () => workbench.statusBar(),
      (items) => items.some((item) => item.includes('Presenting')),
      'the status bar',
    );
    const presenting = 'Presentation mode is on, so no value is shown.';
    await workbench.clickLens('Reveal', () => workbench.asks(presenting), 3);
    const question = await workbench.dialog(presenting);
    assert.ok(!(await screen()).includes(secret));
    await question.press('End Presentation Mode');
    await eventually(
      () => workbench.statusBar(),
      (items) => items.some((item) => item === 'Lockstep'),
      'the status bar',
    );
  });

  it('lock and unlock', async () => {
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    await workbench.palette('Lockstep: Lock');
    await workbench.waitForLens('Locked · Unlock', 1);
    assert.deepEqual(await workbench.lenses(), [{ line: 1, titles: ['Locked · Unlock'] }]);
    await workbench.waitForPainted(`  key_1: ${dots}`);
    await workbench.clickLens('Locked · Unlock', () => workbench.asks('Lockstep is locked.'));
    await (await workbench.dialog('Lockstep is locked.')).press('Unlock');
    await workbench.waitForLens('12 secrets', 1);
  });

  it('mask a plain file until somebody goes into a value', async () => {
    await workbench.openFile('.env');
    await workbench.waitForPainted(`API_KEY=${dots}`);
    assert.deepEqual((await workbench.waitForLens('are plaintext', 1)).titles, [
      '2 values are plaintext · Encrypt This File',
      'Why?',
    ]);
    assert.ok(!(await screen()).includes(plain));
    await workbench.screenshot('surfaces-plain');
    await workbench.focusEditor();
    await act(
      async () => {
        for (const key of ['Control+Home', 'ArrowDown', 'End']) await workbench.page.keyboard.press(key);
      },
      () => workbench.paints(plain),
      'the cursor at a value',
    );
    await workbench.waitForPainted(`OTHER=${dots}`);
    await act(
      () => workbench.page.keyboard.press('Home'),
      async () => !(await workbench.paints(plain)),
      'the cursor before a value',
    );
    await workbench.page.keyboard.press('Control+a');
    await hides(plain);
    const problems = await workbench.spy.evaluate<string[]>(
      `return vscode.languages.getDiagnostics(vscode.window.activeTextEditor.document.uri).map((d) => d.source + ': ' + d.message)`,
    );
    assert.deepEqual(problems, ['Lockstep: 2 values are plaintext. Encrypt this file.']);
  });

  it('leave examples alone', async () => {
    await workbench.openFile('.env.example');
    await workbench.waitForPainted('API_KEY=made-up');
    assert.deepEqual(await workbench.lenses(), []);
  });

  it('give no value of an encrypted file to other extensions', async () => {
    await workbench.openFile('twelve.yaml');
    await workbench.waitForLens('12 secrets', 1);
    await workbench.clickLens('Reveal', () => workbench.paints(secret), 3);
    assert.deepEqual((await workbench.spyReport()).find(secret), []);
    await hides(secret);
    assert.deepEqual(await workbench.scan(secret), []);
  });
});
