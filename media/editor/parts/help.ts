import { t } from '../l10n.ts';
import { words } from '../words.ts';
import { openDialog } from './dialog.ts';
import { h } from './dom.ts';
import { shownKey } from './shortcut.ts';

type Keys = readonly (readonly [string, string])[];

const table: Keys = [
  ['↑ ↓ Home End PgUp PgDn', t('Move between rows; with Shift select them')],
  ['→ ←', t('Open or close a group; to the buttons of a row and back')],
  ['Ctrl+→ Ctrl+←', t('Open or close all groups')],
  [t('Space (held)'), t('Show the value while the key is down')],
  ['Enter', t('Edit the value; Enter again sets it, Escape leaves it; Tab goes to its buttons and its type')],
  ['Shift+Enter', t('In a value: a line break')],
  ['Ctrl+C', t('Copy the value; the clipboard is cleared after a while')],
  ['Ctrl+V', t('Paste into the value, where Enter sets it; or add the lines of a .env')],
  ['Insert', t('Add a secret below')],
  ['F2', t('Rename')],
  ['Del', t('Delete what is selected, after one question')],
  ['Alt+↑ Alt+↓', t('Move a row up or down')],
  ['Shift+F10', t('Everything else that can be done with a row')],
  [t('Letters, Ctrl+F'), t('Search')],
  ['Ctrl+Z Ctrl+Y Ctrl+S', t('Undo, redo, save')],
  ['?', t('This list')],
];

const text: Keys = [
  ['↑ ↓ ← →', t('Move; the values of the line with the cursor show while you work on it')],
  ['Ctrl+F', t('Find and replace; in values, too, where you ask for it')],
  ['Ctrl+Z Ctrl+Y Ctrl+S', t('Undo, redo, save')],
  ['Tab', t('Leave the text')],
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
