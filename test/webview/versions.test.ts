import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Row, VersionsRequest, VersionsState } from '../../src/protocol/versions.ts';
import { Browser, everything, picture } from './open.ts';
import { until } from './page.ts';

const browser = new Browser();

const hidden = (mark: string, more: Partial<Row['cells'][number]> = {}): Row['cells'][number] => ({
  kind: 'hidden',
  text: '',
  mark,
  shows: true,
  ...more,
});
const none: Row['cells'][number] = { kind: 'none', text: '', shows: false };
const row = (id: string, tone: Row['tone'], state: string, cells: Row['cells']): Row => ({
  ...{ id, kind: 'entry', name: id, tone, state, cells },
  actions: tone === 'changed' ? ['go'] : [],
});

const rows: Row[] = [
  { id: 'file', kind: 'heading', name: 'secrets.yaml', tone: 'note', state: '4 changes', cells: [], actions: [] },
  row('db.password', 'changed', 'changed', [hidden('a1b2'), hidden('c3d4')]),
  row('db.token', 'added', 'added', [none, hidden('9f9f', { text: '2–10 lines' })]),
  row('old.key', 'removed', 'removed', [hidden('7777'), none]),
  row('pool.size', 'changed', 'other kind', [hidden('1111'), { kind: 'words', text: 'not encrypted', shows: false }]),
];

/** A host that has values by row and column, and counts what it was asked. */
class Desk {
  readonly asked: VersionsRequest[] = [];
  send: (message: unknown) => Promise<void> = async () => undefined;
  state: VersionsState = {
    ...{ type: 'state', revision: 1, locked: false, presenting: false, revealSeconds: 10, title: 'Compare Secrets' },
    notes: [{ tone: 'warning', text: 'Without a key for the older version only ciphertext was compared.' }],
    columns: ['HEAD', 'Working Tree'],
    rows,
    nothing: 'Nothing differs.',
    actions: [{ id: 'equal', label: 'Show Equal Entries', pressed: false }],
    rowActions: [{ id: 'go', label: 'Go to Entry' }],
  };
  refuse = false;
  delay = 0;

  async receive(message: VersionsRequest): Promise<void> {
    this.asked.push(message);
    const answer = (result: unknown) => this.send({ type: 'answer', request: message.request, ok: true, result });
    if (message.type === 'ready') await this.send(this.state);
    if (message.type !== 'reveal') return answer(null);
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (this.refuse) {
      const error = { code: 'LOCKED', text: 'Lockstep is locked.' };
      return this.send({ type: 'answer', request: message.request, ok: false, error });
    }
    return answer({ text: `canary ${message.args.row} ${message.args.column}\nsecond line` });
  }

  named(type: VersionsRequest['type']): VersionsRequest[] {
    return this.asked.filter((one) => one.type === type);
  }

  push(change: Partial<VersionsState>): Promise<void> {
    this.state = { ...this.state, ...change, revision: this.state.revision + 1 };
    return this.send(this.state);
  }
}

const at = (page: Page, name: string) => page.locator(`.body > .row[data-row="${name}"]`);
const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.closest<HTMLElement>('.row')?.dataset.row ?? document.activeElement?.tagName,
  );

describe('versions beside each other', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => {
    assert.deepEqual(browser.complaints, []);
    assert.deepEqual(browser.strangers, []);
  });

  it('are dots with fingerprints, and rows for screen readers', async () => {
    const page = await browser.openVersions(new Desk());
    assert.equal(await page.locator('.versions[role=grid]').getAttribute('aria-rowcount'), '6');
    assert.deepEqual(await page.locator('[role=columnheader]').allTextContents(), [
      ...['Name', 'Change', 'HEAD', 'Working Tree', ''],
    ]);
    assert.equal(await at(page, 'db.password').getAttribute('aria-rowindex'), '3');
    assert.deepEqual(await at(page, 'db.password').locator('.mark').allTextContents(), ['a1b2', 'c3d4']);
    assert.equal(await at(page, 'db.token').locator('.mask').count(), 1);
    assert.equal(await page.locator('.body > .row[tabindex="0"]').count(), 1);
    assert.equal(await page.locator('.notes .note').textContent(), new Desk().state.notes[0]?.text);
    assert.equal(await page.locator('.bar-buttons .button').getAttribute('aria-pressed'), 'false');
    assert.ok(!(await everything(page)).includes('canary'));
    await picture(page, 'versions-dark');
    await page.close();
  });

  it('have fingerprints that do not touch from row to row, and buttons with a gap', async () => {
    const desk = new Desk();
    desk.state = { ...desk.state, actions: [...desk.state.actions, { id: 'again', label: 'Compare Again' }] };
    const page = await browser.openVersions(desk);
    const boxes = (selector: string) =>
      page.locator(selector).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    const marks = await boxes('.mark');
    const first = marks.filter(({ left }) => left === marks[0]?.left);
    assert.equal(first.length, 3);
    for (const { height } of first) assert.ok(height <= 20, String(height));
    const [one, other] = await boxes('.bar-buttons > .button');
    assert.ok(one && other && other.left - one.right >= 6, JSON.stringify([one, other]));
    await page.close();
  });

  it('are shown by the eye of a version, whose row is the current one then', async () => {
    const page = await browser.openVersions(new Desk());
    const row = at(page, 'db.password');
    await row.hover();
    await row.locator('[data-act="reveal"]').first().click();
    await page.locator('.values .shown-value').first().waitFor();
    assert.equal(await row.getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('.body > [aria-selected="true"]').count(), 1);
    await page.close();
  });

  it('are shown old beside new by Enter, and hidden by Escape, time, another row, a lock and the window', async () => {
    const desk = new Desk();
    desk.state = { ...desk.state, revealSeconds: 1 };
    const page = await browser.openVersions(desk);
    await at(page, 'db.password').click();
    const shown = () => page.locator('.values .shown-value').allTextContents();
    const both = ['canary db.password 0\nsecond line', 'canary db.password 1\nsecond line'];
    const gone = async () => (await shown()).length === 0 && !(await everything(page)).includes('canary');
    await page.keyboard.press('Enter');
    await until(async () => (await shown()).length === 2);
    assert.deepEqual(await shown(), both);
    await picture(page, 'versions-shown-dark');
    await page.keyboard.press('Escape');
    assert.ok(await gone());
    await page.keyboard.press('Enter');
    await until(async () => (await shown()).length === 2);
    await until(gone);
    await desk.push({ revealSeconds: 60 });
    const endings: (() => Promise<unknown>)[] = [
      () => desk.send({ type: 'forget' }),
      () => desk.push({ locked: true }),
      () => desk.push({ presenting: true }),
      () => page.evaluate(() => window.dispatchEvent(new Event('blur'))),
      () => desk.push({ rows: rows.filter(({ id }) => id !== 'db.password') }),
    ];
    for (const end of endings) {
      await desk.push({ locked: false, presenting: false, rows });
      await at(page, 'db.password').click();
      await page.keyboard.press('Enter');
      await until(async () => (await shown()).length === 2);
      await end();
      await until(gone);
    }
    await page.close();
  });

  it('come too late after they were hidden, and a refusal is said', async () => {
    const desk = new Desk();
    desk.delay = 150;
    const page = await browser.openVersions(desk);
    await at(page, 'db.password').click();
    await page.keyboard.press('Enter');
    await until(async () => desk.named('reveal').length === 1);
    await desk.send({ type: 'forget' });
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(400);
    assert.ok(!(await everything(page)).includes('canary'));
    desk.refuse = true;
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('.toast.error').count()) === 1);
    assert.match((await page.locator('[role=alert]').textContent()) ?? '', /locked/);
    await page.close();
  });

  it('cannot be shown while locked or presenting, nor where there is none', async () => {
    const desk = new Desk();
    const page = await browser.openVersions(desk);
    assert.equal(await page.locator('.body [data-act=reveal]').count(), 5);
    assert.equal(await at(page, 'pool.size').locator('[data-act=reveal]').count(), 1);
    await desk.push({ presenting: true });
    await until(async () => (await page.locator('.body [data-act=reveal]').count()) === 0);
    assert.match((await page.locator('.notes').textContent()) ?? '', /Presentation mode/);
    await page.close();
  });

  it('go by keys: rows, buttons, menu, search, choice', async () => {
    const desk = new Desk();
    const open = { choice: 'open' as const };
    const chosen = { choice: 'chosen' as const };
    desk.state = { ...desk.state, columns: ['Base', 'Ours', 'Theirs'] };
    desk.state = {
      ...desk.state,
      rows: [row('a.b', 'conflict', 'conflict', [hidden('1'), hidden('2', open), hidden('3', chosen)]), ...many(1000)],
    };
    const page = await browser.openVersions(desk);
    assert.ok((await page.locator('.body > .row').count()) < 80);
    await at(page, 'a.b').click();
    assert.deepEqual(
      await page.locator('.chooser').evaluateAll((all) => all.map((one) => one.getAttribute('aria-checked'))),
      ['false', 'true'],
    );
    for (const key of ['1', '2', '3']) await page.keyboard.press(key);
    await until(async () => desk.named('choose').length === 2);
    assert.deepEqual(
      desk.named('choose').map(({ args }) => args),
      [
        { row: 'a.b', column: 1 },
        { row: 'a.b', column: 2 },
      ],
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.act), 'choose');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'a.b');
    await page.keyboard.press('End');
    assert.equal(await focused(page), 'entry 999');
    await page.keyboard.press('Shift+F10');
    await page.keyboard.press('Enter');
    await until(async () => desk.named('act').length === 1);
    assert.deepEqual(desk.named('act')[0]?.args, { action: 'go', row: 'entry 999' });
    await page.keyboard.press('Home');
    await page.keyboard.press('e');
    assert.equal(await focused(page), 'INPUT');
    await page.keyboard.type('ntry 77');
    await until(async () => (await page.locator('.search-count').textContent()) === '11 of 1001');
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'entry 77');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.search-field').inputValue(), '');
    await page.close();
  });

  it('are pictures in light and high contrast, and fit a narrow window', async () => {
    for (const theme of ['light', 'hc', 'hcLight'] as const) {
      const page = await browser.openVersions(new Desk(), theme);
      await at(page, 'db.password').click();
      await page.keyboard.press('Enter');
      await until(async () => (await page.locator('.values .shown-value').count()) === 2);
      await picture(page, `versions-${theme}`);
      if (theme === 'light') {
        await page.setViewportSize({ width: 480, height: 500 });
        await picture(page, 'versions-narrow');
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      }
      await page.close();
    }
  });
});

function many(count: number): Row[] {
  return Array.from({ length: count }, (_, i) =>
    row(`entry ${i}`, 'changed', 'changed', [hidden('1'), hidden('2'), none]),
  );
}
