import type { Locator, Page } from 'playwright-core';

export { until } from '../e2e/wait.ts';

/** The row with exactly this name on screen. */
export function row(page: Page, name: string): Locator {
  const label = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  return page.locator('.body > .row', { has: page.locator('.label', { hasText: label }) });
}

/** Makes a row the current one. */
export async function go(page: Page, name: string): Promise<Locator> {
  const found = row(page, name);
  await found.locator('.cell.name').click();
  return found;
}

/** Opens the menu of a row and chooses. */
export async function choose(page: Page, name: string, item: string): Promise<void> {
  await go(page, name);
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** The field of this label, once what is edited is in it. */
export function filled(page: Page, label: string): Locator {
  return page.locator('.field:not([aria-busy])').and(page.getByLabel(label));
}

/** The field of a value. */
export const field = (page: Page, name: string): Locator => filled(page, `Value of ${name}`);

/** The names on screen, in order. */
export function names(page: Page): Promise<string[]> {
  return page.locator('.body > .row').evaluateAll((rows) =>
    rows
      .map((one) => ({ top: one.getBoundingClientRect().top, name: one.querySelector('.label')?.textContent ?? '' }))
      .sort((a, b) => a.top - b.top)
      .map(({ name }) => name),
  );
}

/** The name of the row that has the focus, or is around what has it. */
export function focusedRow(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.closest('.row')?.querySelector('.label')?.textContent);
}

/** The window loses the focus, as far as the page can tell. */
export function blurWindow(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.dispatchEvent(new Event('blur'));
  });
}
