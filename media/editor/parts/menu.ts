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
  const buttons: HTMLButtonElement[] = [];
  const item = ({ label: text, symbol, key, act }: Item) => {
    const button = h(
      'button',
      {
        type: 'button',
        role: 'menuitem',
        class: 'menu-item',
        tabindex: -1,
        ...(key && { 'aria-keyshortcuts': spokenKey(key) }),
      },
      icon(symbol),
      h('span', { class: 'menu-label' }, text),
      key !== undefined && h('span', { class: 'menu-key', 'aria-hidden': 'true' }, shownKey(key)),
    );
    button.addEventListener('click', () => {
      close();
      back();
      act();
    });
    button.addEventListener('pointermove', () => button.focus());
    buttons.push(button);
    return button;
  };
  const filled = groups.filter((group) => group.length > 0);
  const menu = h(
    'div',
    { role: 'menu', class: 'menu', 'aria-label': label },
    ...filled.flatMap((group, index) => [
      ...(index > 0 ? [h('div', { role: 'separator', class: 'menu-line' })] : []),
      ...group.map(item),
    ]),
  );
  const close = () => {
    closeOpen = undefined;
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
  };
  const outside = (event: Event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  };
  const steps: Readonly<Record<string, (at: number) => number>> = {
    ArrowDown: (now) => (now + 1) % buttons.length,
    ArrowUp: (now) => (now - 1 + buttons.length) % buttons.length,
    Home: () => 0,
    End: () => buttons.length - 1,
  };
  menu.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const step = steps[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
      back();
    } else if (step) {
      event.preventDefault();
      buttons[step(buttons.indexOf(document.activeElement as HTMLButtonElement))]?.focus();
    } else if (event.key.length === 1) startWith(buttons, event.key);
  });
  (document.querySelector('main') ?? document.body).append(menu);
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - height - 4))}px`;
  closeOpen = close;
  document.addEventListener('pointerdown', outside, true);
  buttons[0]?.focus();
}

/** The next item that starts with a letter. */
function startWith(buttons: readonly HTMLButtonElement[], letter: string): void {
  const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const order = [...buttons.slice(now + 1), ...buttons.slice(0, now + 1)];
  order.find((button) => button.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}
