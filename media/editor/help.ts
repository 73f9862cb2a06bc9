import { openDialog } from './dialog.ts';
import { h } from './dom.ts';
import { shownKey } from './shortcut.ts';
import { words } from './words.ts';

type Keys = readonly (readonly [string, string])[];

const table: Keys = [
  ['↑ ↓ Home End PgUp PgDn', 'Move between rows; with Shift select them'],
  ['→ ←', 'Open or close a group; to the buttons of a row and back'],
  ['Ctrl+→ Ctrl+←', 'Open or close all groups'],
  ['Space (held)', 'Show the value while the key is down'],
  ['Enter', 'Edit the value; Enter again sets it, Escape leaves it; Tab goes to its buttons and its type'],
  ['Shift+Enter', 'In a value: a line break'],
  ['Ctrl+C', 'Copy the value; the clipboard is cleared after a while'],
  ['Ctrl+V', 'Paste into the value, where Enter sets it; or add the lines of a .env'],
  ['Insert', 'Add a secret below'],
  ['F2', 'Rename'],
  ['Del', 'Delete what is selected, after one question'],
  ['Alt+↑ Alt+↓', 'Move a row up or down'],
  ['Shift+F10', 'Everything else that can be done with a row'],
  ['Letters, Ctrl+F', 'Search'],
  ['Ctrl+Z Ctrl+Y Ctrl+S', 'Undo, redo, save'],
  ['?', 'This list'],
];

const text: Keys = [
  ['↑ ↓ ← →', 'Move; the values of the line with the cursor show while you work on it'],
  ['Ctrl+F', 'Find and replace; in values, too, where you ask for it'],
  ['Ctrl+Z Ctrl+Y Ctrl+S', 'Undo, redo, save'],
  ['Tab', 'Leave the text'],
];

/** The list of keys of a view. */
export function showHelp(view: 'table' | 'text', closed: () => void): void {
  const list = h(
    'dl',
    { class: 'keys' },
    ...{ table, text }[view].flatMap(([key, meaning]) => [
      h('dt', {}, h('kbd', {}, shownKey(key))),
      h('dd', {}, meaning),
    ]),
  );
  openDialog(words.help, [h('div', { class: 'dialog-body', tabindex: 0 }, list)], closed);
}
