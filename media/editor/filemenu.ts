import type { State } from '../../src/protocol/messages.ts';
import type { FileVerb } from '../../src/protocol/requests.ts';
import type { IconName } from './parts/icons.ts';
import { type Item, openMenu } from './parts/menu.ts';
import { words } from './words.ts';

/** What only looks at the file, with the table and without. */
const looks = ['explain', 'exposed'] as const;
const symbols: Readonly<Record<FileVerb, IconName>> = {
  readers: 'organization',
  explain: 'info',
  exposed: 'history',
  addKey: 'key',
  generateKey: 'sparkle',
  rotate: 'refresh',
  decrypt: 'unlock',
  openAsText: 'note',
};

/** Opens the menu of the whole file below its button. `table`: the rows are shown, and not a notice in their place. */
export function openFileMenu(
  { readOnly, features }: State,
  table: boolean,
  button: Element,
  run: (verb: FileVerb) => void,
): void {
  const change = table && !readOnly;
  const item = (verb: FileVerb): Item => ({ label: words.verbs[verb], symbol: symbols[verb], act: () => run(verb) });
  const all: readonly (readonly FileVerb[])[] = [
    [...(change ? (['readers'] as const) : []), ...looks],
    change ? ['addKey', 'generateKey'] : [],
    change ? ['rotate', 'decrypt'] : [],
    table ? ['openAsText'] : [],
  ];
  const groups = features.wholeFile ? all : all.slice(-1);
  const { left, bottom } = button.getBoundingClientRect();
  const back = () => button instanceof HTMLElement && button.focus();
  openMenu(
    words.moreFile,
    groups.map((group) => group.map(item)),
    { x: left, y: bottom + 2 },
    back,
  );
}
