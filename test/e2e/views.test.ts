import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { shortRecipient } from '../../src/core/view/hover.ts';
import { peopleView, secretsView } from '../../src/extension/ids.ts';
import { alice } from '../core/support.ts';
import { type Person, teamOf } from '../fakes/team.ts';
import { importKey } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { act, canary, eventually, pictureFailures, Workbench } from './workbench.ts';

const count = 200;
/** Milliseconds in which an update of all of them gets on by one percent, where much else runs. */
const patience = 30_000;

describeLeaks('the views, with 200 files and 12 people', function () {
  this.timeout(600_000);
  const secret = canary();
  let workbench: Workbench;
  let maria: Person;
  pictureFailures(() => workbench);

  const names = Array.from({ length: count }, (_, i) => `${i % 2 ? 'production' : 'staging'}/s${i}/secrets.yaml`);
  const rulesFor = (people: readonly Person[]) =>
    `creation_rules:\n  - path_regex: yaml$\n    age:\n      - ${alice.recipient} # Ada\n${people.map(({ recipient, name }) => `      - ${recipient} # ${name}\n`).join('')}`;
  const focus = (view: string) =>
    workbench.spy.evaluate(`await vscode.commands.executeCommand(args.id)`, { id: `${view}.focus` });
  /** What a screen reader says of each row on screen. */
  const heard = () =>
    workbench.page
      .locator('.pane-body .monaco-list-row')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  const hears = (wanted: string | RegExp) =>
    eventually(
      heard,
      (rows) => rows.some((row) => (typeof wanted === 'string' ? row === wanted : wanted.test(row))),
      `a row ${wanted}`,
    );
  /** A key for the row that has the keyboard: the next one waits until this one has led to a row, or it may meet a list that is drawn anew. */
  const walk = async (key: string, to: string) => {
    const list = workbench.page.locator('.pane-body .monaco-list:focus');
    const row = list.locator(`.monaco-list-row.focused[aria-label^="${to}"]`);
    let pressed = false;
    await act(
      async () => {
        if (!pressed || !(await row.isVisible())) await list.press(key, { timeout: 5000 });
        pressed = true;
      },
      () => row.isVisible(),
      `${key} to ${to}`,
      { patience: 15_000 },
    );
  };
  /** Takes all that a list of check marks offers. The key is for the question itself, wherever the keyboard is by then. */
  const takeAll = async (wanted: number) => {
    await eventually(
      () => workbench.question(),
      (text) => text.includes(`${wanted} Selected`),
      `${wanted} check marks`,
    );
    await workbench.accept();
  };
  /** Waits for what an update leads to, as long as its message tells that it gets on. */
  const whileItRuns = async (what: string, holds: () => boolean | Promise<boolean>, rest: number) => {
    let told = '';
    let end = performance.now() + patience;
    let over = false;
    const watch = async () => {
      for (; !over; await pause(1000)) {
        const now = (await workbench.notifications()).join();
        if (now !== told) end = performance.now() + patience;
        told = now;
      }
    };
    // Apart, so that what comes is seen at once; it may end with the page.
    watch().catch(() => undefined);
    try {
      for (; !(await holds()); await pause(rest)) assert.ok(performance.now() < end, `${what}; last told: ${told}`);
    } finally {
      over = true;
    }
  };

  before(async () => {
    const { people } = await teamOf({ files: 1 });
    maria = people[1] as Person;
    const readers = people.slice(2);
    const { text } = await seal(
      `database:\n  password: ${secret}\n`,
      'yaml',
      { recipients: [alice.recipient, ...readers.map(({ recipient }) => recipient)] },
      systemClock,
    );
    workbench = await Workbench.start({
      files: { '.sops.yaml': rulesFor(readers), ...Object.fromEntries(names.map((name) => [name, text])) },
      settings: { 'lockstep.offerSetUp': false },
    });
    await workbench.openFile(names[0] as string);
    await importKey(workbench);
    await workbench.closeAll();
  });
  after(() => workbench?.close());

  it('say by words what each row is, and are walked by keyboard', async () => {
    await focus(secretsView);
    await hears('Production, 100 files');
    await hears('secrets.yaml, s1, 1 secret');
    await hears('Ada, you, reads 200 files, age18ru0xy8…ty6u');
    // The rows came after the view had the focus.
    await focus(secretsView);
    await walk('Home', 'Production, 100 files');
    await walk('ArrowDown', 'secrets.yaml, s1, ');
    await walk('ArrowRight', 'secrets.yaml, s1, ');
    await hears('database.password');
    await walk('ArrowDown', 'database.password');
    await walk('Enter', 'database.password');
    await workbench.waitForPainted(/password: ••••••••/);
    await workbench.closeAll();
  });

  it('say at once what differs after the rules changed, and update it as one change', async () => {
    const { people } = await teamOf({ files: 1 });
    writeFileSync(workbench.path('.sops.yaml'), rulesFor([maria, ...people.slice(3)]));
    await focus(peopleView);
    await hears('Differ from .sops.yaml, 200 files');
    await hears(/^Maria, 200 not yet, reads 0 files/);
    await hears(/^age1wrxv5pg….*, 200 without a rule, reads 200 files/);
    const badge = workbench.page.locator('.activitybar .action-item', {
      has: workbench.page.locator('[aria-label^="Lockstep"]'),
    });
    assert.match(await badge.innerText(), /200/);
    await workbench.spy.evaluate(`void vscode.commands.executeCommand('lockstep.updateListed')`);
    await takeAll(count);
    const dialog = await workbench.dialog(/Added: Maria/);
    await dialog.press('Update');
    const changed = (text: string) => text.includes(': 200 files changed');
    await whileItRuns('the update did not end', async () => (await workbench.notifications()).some(changed), 100);
    await workbench.clearNotifications();
    await eventually(heard, (rows) => !rows.some((row) => row.startsWith('Differ')), 'nothing differs');
    await hears(/^Maria, reads 200 files/);
    for (const name of names.slice(0, 5)) {
      const { metadata } = readSealed(await readFile(workbench.path(name), 'utf8'), 'yaml');
      assert.ok(metadata.recipients.includes(maria.recipient), name);
    }
  });

  it('leave every file old or every file new when everything is killed in the middle of an update, and say which', async () => {
    const { people } = await teamOf({ files: 1 });
    const journal = workbench.path('.lockstep/journal');
    const readers = async () => {
      const texts = await Promise.all(names.map((name) => readFile(workbench.path(name), 'utf8')));
      return [...new Set(texts.map((text) => readSealed(text, 'yaml').metadata.recipients.toSorted().join()))];
    };
    for (const [round, wait] of [15, 120].entries()) {
      const wanted = [maria, ...people.slice(4 + round)];
      const [before, ...others] = await readers();
      assert.deepEqual(others, []);
      const after = [alice, ...wanted]
        .map(({ recipient }) => recipient)
        .sort()
        .join();
      assert.notEqual(before, after);
      writeFileSync(workbench.path('.sops.yaml'), rulesFor(wanted));
      await focus(peopleView);
      // The files may differ from the rules before too, when these were put back: whose name is gone is new.
      const { recipient } = people[3 + round] ?? assert.fail('too few people');
      await hears(`${shortRecipient(recipient)}, 200 without a rule, reads 200 files`);
      await hears(/^Differ from .sops.yaml, 200 files/);
      await workbench.spy.evaluate(`void vscode.commands.executeCommand('lockstep.updateListed')`);
      await takeAll(count);
      await (await workbench.dialog(/Removed: /)).press('Update');
      await whileItRuns('no journal was written', () => existsSync(journal), 2);
      await pause(wait);
      await workbench.crash({ now: true });
      await focus(peopleView);
      await workbench.waitForNotification(/A change of many files was interrupted/);
      await eventually(readers, (now) => now.length === 1, 'all files have the same readers');
      assert.ok([before, after].includes((await readers())[0] ?? ''));
      assert.ok(!existsSync(journal));
      await workbench.clearNotifications();
    }
  });

  it('hold no value', async () => {
    assert.ok(!(await heard()).join().includes(secret));
    assert.deepEqual(await workbench.scan(secret), []);
  });
});
