import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Browser, dress, picture, type Theme } from './open.ts';
import { choose, field, go, row } from './page.ts';
import { many, nested } from './samples.ts';
import { StubHost } from './stub.ts';

const browser = new Browser();
const axe = readFileSync(join(__dirname, '..', '..', 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds, as lines; by all of its rules, or by one. */
async function violations(page: Page, rule?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(async (only) => {
    const { axe: run } = window as unknown as { axe: { run(options: unknown): Promise<{ violations: Violation[] }> } };
    return (await run.run({ resultTypes: ['violations'], ...(only && { runOnly: [only] }) })).violations;
  }, rule);
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}

const text = '# Values\ndatabase:\n  password: one\nother: two\n';
const conflicts = [
  { path: 'stripe_key', mine: 'changed', theirs: 'changed', clash: true },
  { path: 'tls_key', mine: 'removed', theirs: 'same', clash: false },
] as const;

interface State {
  readonly name: string;
  readonly host?: () => StubHost;
  readonly act?: (page: Page) => Promise<unknown>;
}

const edits = (name: string) => async (page: Page) => {
  await go(page, name);
  await page.keyboard.press('Enter');
  await field(page, name).waitFor();
};

/** The states of the page that look different. */
const states: readonly State[] = [
  { name: 'table', act: (page) => go(page, 'stripe_key') },
  { name: 'empty', host: () => new StubHost([]) },
  {
    name: 'unreadable',
    host: () =>
      new StubHost([], {
        notice: { kind: 'unreadable', text: 'None of your keys opens it.', actions: ['importKey', 'openAsText'] },
      }),
  },
  { name: 'read-only', host: () => new StubHost(nested(), { readOnly: true, presenting: true, conflict: true }) },
  {
    name: 'reveal',
    act: async (page) => {
      await (await go(page, 'tls_key')).getByRole('button', { name: 'Reveal' }).click();
      await page.locator('.box').waitFor();
    },
  },
  {
    name: 'generate',
    act: async (page) => {
      await choose(page, 'stripe_key', 'Generate…');
      await page.locator('.strength .bar').waitFor();
    },
  },
  {
    name: 'problem',
    act: async (page) => {
      await go(page, 'port');
      await page.keyboard.press('Enter');
      await page.getByLabel('Value of port').fill('many');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'add', act: (page) => go(page, 'password').then(() => page.keyboard.press('Insert')) },
  { name: 'delete', act: (page) => go(page, 'password').then(() => page.keyboard.press('Delete')) },
  { name: 'menu', act: (page) => go(page, 'password').then(() => page.keyboard.press('Shift+F10')) },
  { name: 'move', act: (page) => choose(page, 'password', 'Move to…') },
  { name: 'paste', act: (page) => page.getByRole('button', { name: 'Paste .env' }).click() },
  { name: 'one', host: () => new StubHost(many(1)), act: (page) => go(page, 'SECRET_00000') },
  { name: 'thousand', host: () => new StubHost(many(1000)), act: (page) => page.keyboard.press('End') },
  { name: 'file-menu', act: (page) => page.getByRole('button', { name: 'More Actions on This File' }).click() },
  {
    name: 'binary',
    host: () => new StubHost([{ name: 'data', value: 'AAEC', binary: true }], { format: 'binary' }),
    act: (page) => go(page, 'data'),
  },
  { name: 'edit', act: edits('stripe_key') },
  { name: 'edit-lines', act: edits('tls_key') },
  {
    name: 'paste-correct',
    act: async (page) => {
      await page.getByRole('button', { name: 'Paste .env' }).click();
      await page.locator('dialog textarea').fill('NEW=1\nnot an assignment\nstripe_key=other');
      await page.keyboard.press('Control+Enter');
      await page.locator('.reasons').waitFor();
    },
  },
  {
    name: 'text-left',
    host: () => {
      const host = new StubHost(nested(), {}, text);
      host.silent.add('textSet');
      return host;
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Text', exact: true }).click();
      await page.locator('.cm-line').first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('new: value');
      await page.keyboard.press('Control+Home');
    },
  },
  { name: 'help', act: (page) => page.getByRole('button', { name: 'Keys' }).click() },
  { name: 'search', act: (page) => page.getByRole('searchbox').fill('pass') },
  {
    name: 'copied',
    act: async (page) => {
      await go(page, 'stripe_key');
      await page.keyboard.press('Control+c');
      await page.locator('.toast').waitFor();
    },
  },
  {
    name: 'conflict',
    host: () => {
      const host = new StubHost(nested(), { conflict: true });
      host.conflicts = [...conflicts];
      return host;
    },
    act: (page) => page.getByRole('button', { name: 'Compare and Choose' }).click(),
  },
  {
    name: 'text',
    host: () => new StubHost(nested(), {}, text),
    act: async (page) => {
      await page.getByRole('button', { name: 'Text', exact: true }).click();
      await page.locator('.cm-line', { hasText: 'other' }).click();
      await page.locator('.cm-open-value').waitFor();
      await page.keyboard.press('Control+f');
    },
  },
];

describe('access for everyone', () => {
  before(() => browser.start());
  after(() => browser.stop());
  afterEach(() => assert.deepEqual(browser.complaints, []));

  for (const { name, host = () => new StubHost(nested()), act } of states) {
    it(`holds in the state: ${name}`, async () => {
      const page = await browser.open(host(), { still: true });
      await act?.(page);
      assert.deepEqual(await violations(page), []);
      for (const theme of ['dark', 'light', 'hc', 'hcLight'] satisfies Theme[]) {
        await dress(page, theme);
        await picture(page, `${name}-${theme}`);
        assert.deepEqual(await violations(page, 'color-contrast'), [], theme);
      }
      await page.close();
    });
  }

  it('works with colours of the system, and at twice the size', async () => {
    const page = await browser.open(new StubHost(nested()), { theme: 'hc' });
    await page.emulateMedia({ forcedColors: 'active' });
    await go(page, 'stripe_key');
    await picture(page, 'forced-colours');
    await page.emulateMedia({ forcedColors: 'none' });
    await page.setViewportSize({ width: 550, height: 350 });
    await row(page, 'stripe_key').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    assert.ok(wide, 'the page scrolls sideways');
    await picture(page, 'narrow');
    await page.close();
  });

  it('reaches every button at twice the size', async () => {
    const page = await browser.open(new StubHost(nested()));
    await page.evaluate(() => {
      document.documentElement.style.zoom = '2';
    });
    await go(page, 'stripe_key');
    const covered = await page.evaluate(() => {
      const buttons = [
        ...document.querySelectorAll<HTMLElement>('.bar button, .bar input, .row:focus .actions button'),
      ];
      return buttons
        .filter((button) => button.checkVisibility({ visibilityProperty: true }))
        .flatMap((button) => {
          const { left, top, width, height } = button.getBoundingClientRect();
          const there = document.elementFromPoint(left + width / 2, top + height / 2);
          return there && button.contains(there) ? [] : [button.getAttribute('aria-label') ?? button.textContent];
        });
    });
    assert.deepEqual(covered, []);
    await picture(page, 'zoomed');
    await page.close();
  });

  it('moves nothing where motion is not wanted', async () => {
    const page = await browser.open(new StubHost(nested()), { still: true });
    await (await go(page, 'stripe_key')).getByRole('button', { name: 'Reveal' }).click();
    await page.locator('.shown-value').waitFor();
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await choose(page, 'stripe_key', 'Generate…');
    await page.locator('.strength .bar').waitFor();
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await page.close();
  });

  it('counts seconds where motion is not wanted', async () => {
    const page = await browser.open(new StubHost(nested()), { still: true });
    await (await go(page, 'stripe_key')).getByRole('button', { name: 'Reveal' }).click();
    assert.match((await page.locator('.seconds').textContent())!, /^\d+ s$/);
    assert.equal(await page.locator('.countdown').count(), 0);
    await page.close();
  });

  it('can be used by keys alone, with a focus that is seen', async () => {
    const page = await browser.open(new StubHost(nested()));
    const seen: string[] = [];
    await page.locator('.body > .row:focus').waitFor();
    // The focus starts in the table: everything else is before it.
    for (let count = 0; count < 13; count++) {
      if (count > 0) await page.keyboard.press('Shift+Tab');
      const found = await page.evaluate(() => {
        const { activeElement: active } = document;
        if (!active || active === document.body) return undefined;
        const around = active.closest('.search') ?? active;
        const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(around);
        const name = active.getAttribute('aria-label') ?? active.getAttribute('role') ?? active.textContent ?? '';
        const other = getComputedStyle(document.querySelector('.views')!).borderColor;
        const visible = (outlineStyle !== 'none' && outlineWidth !== '0px') || borderColor !== other;
        return { name: active.closest('.body > .row') ? 'row' : name.trim(), visible };
      });
      if (!found || seen.includes(found.name)) break;
      assert.ok(found.visible, `${found.name} shows no focus`);
      seen.push(found.name);
    }
    assert.deepEqual(seen.reverse(), [
      'Search names…',
      'Search in Values Too',
      'Add',
      'Add Group',
      'Paste .env',
      'Close All Groups',
      'Encrypted · readable by 3',
      'Table',
      'Text',
      'More Actions on This File',
      'Keys',
      'Changed',
      'row',
    ]);
    await page.close();
  });
});
