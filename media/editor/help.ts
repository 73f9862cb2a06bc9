import { openDialog } from './dialog.ts';
import { h } from './dom.ts';
import { words } from './words.ts';

const keys: readonly (readonly [string, string])[] = [
  ['↑ ↓ Home End PgUp PgDn', 'Move between rows; with Shift select them'],
  ['→ ←', 'Open or close a group; to the buttons of a row and back'],
  ['Space (held)', 'Show the value while the key is down'],
  ['Enter', 'Edit the value; Enter again sets it, Escape leaves it'],
  ['Shift+Enter', 'In a value: a line break'],
  ['Ctrl+C', 'Copy the value; the clipboard is cleared after a while'],
  ['Ctrl+V', 'Paste the lines of a .env'],
  ['Insert', 'Add a secret below'],
  ['F2', 'Rename'],
  ['Delete', 'Delete what is selected, after one question'],
  ['Alt+↑ Alt+↓', 'Move a row up or down'],
  ['Shift+F10', 'Everything else that can be done with a row'],
  ['Letters, Ctrl+F', 'Search'],
  ['Ctrl+Z Ctrl+Y Ctrl+S', 'Undo, redo, save'],
  ['?', 'This list'],
];

/** The list of keys. */
export function showHelp(closed: () => void): void {
  const onMac = /^Mac/.test(navigator.platform);
  const shown = (key: string) => (onMac ? key.replaceAll('Ctrl+', '⌘').replaceAll('Alt+', '⌥') : key);
  const list = h(
    'dl',
    { class: 'keys' },
    ...keys.flatMap(([key, meaning]) => [h('dt', {}, h('kbd', {}, shown(key))), h('dd', {}, meaning)]),
  );
  openDialog(words.help, [h('div', { class: 'dialog-body', tabindex: 0 }, list)], closed);
}
