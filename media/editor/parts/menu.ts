import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { shownKey, spokenKey } from './shortcut.ts';

export interface Item {
  readonly label: string;
  readonly symbol: IconName;
  /** The key that does it without the menu. */
  readonly key?: string;
  readonly act: () => void;
}

let closeOpen: (() => void) | undefined;

/** Closes the menu that is open. */
export function closeMenu(): void {
  closeOpen?.();
}

/** A menu at a place of the window; the focus returns to `back` when it closes without a choice. Groups are set apart. */
export function openMenu(
  label: string,
  groups: readonly (readonly Item[])[],
  at: { x: number; y: number },
  back: () => void,
): void {
  closeMenu();
  const outside = ({ target }: Event) => {
    if (target instanceof Node && !menu.contains(target)) closeMenu();
  };
  const leave = () => {
    closeMenu();
    back();
  };
  const lines = groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => [
      ...(index > 0 ? [h('div', { role: 'separator', class: 'menu-line' })] : []),
      ...group.map((item) => itemButton(item, leave)),
    ]);
  const menu = h('div', { role: 'menu', class: 'menu', 'aria-label': label }, ...lines);
  menu.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const leaves = event.key === 'Escape' || event.key === 'Tab';
    if (leaves) leave();
    if (leaves || goTo([...menu.querySelectorAll('button')], event.key)) event.preventDefault();
  });
  (document.querySelector('main') ?? document.body).append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - height - 4))}px`;
  document.addEventListener('pointerdown', outside, true);
  closeOpen = () => {
    closeOpen = undefined;
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
  };
  menu.querySelector('button')?.focus();
}

function itemButton({ label, symbol, key, act }: Item, leave: () => void): HTMLButtonElement {
  const attributes = { type: 'button', role: 'menuitem', class: 'menu-item', tabindex: -1 };
  const button = h(
    'button',
    { ...attributes, ...(key && { 'aria-keyshortcuts': spokenKey(key) }) },
    icon(symbol),
    h('span', { class: 'menu-label' }, label),
    key !== undefined && h('span', { class: 'menu-key', 'aria-hidden': 'true' }, shownKey(key)),
  );
  button.addEventListener('click', () => {
    leave();
    act();
  });
  button.addEventListener('pointermove', () => button.focus());
  return button;
}

/** Gives the focus to the item that a key goes to: the next one, an end, or the next one with that letter. */
function goTo(buttons: readonly HTMLButtonElement[], key: string): boolean {
  const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const order = [...buttons.slice(now + 1), ...buttons.slice(0, now + 1)];
  const ends = { ArrowDown: order[0], ArrowUp: order.at(-2), Home: buttons[0], End: buttons.at(-1) };
  const starts = (button: HTMLButtonElement) =>
    button.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()) ?? false;
  const target = ends[key as keyof typeof ends] ?? (key.length === 1 ? order.find(starts) : undefined);
  target?.focus();
  return key in ends;
}
