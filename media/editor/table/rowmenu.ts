import type { Row } from '../../../src/protocol/messages.ts';
import { attempt, type Context } from '../context.ts';
import { addGroup, addSecret, duplicate, editComment } from '../fields/add.ts';
import { editValue } from '../fields/edit.ts';
import { rename } from '../fields/rename.ts';
import { type Item, openMenu } from '../parts/menu.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { moveTo } from './moveto.ts';
import type { Reveal } from './reveal.ts';
import { canShow } from './row.ts';
import { markPlain, remove, step } from './structure.ts';

/** Copies a row's value; the host does it, so that the clipboard can be cleared. */
export async function copyValue(context: Context, row: Row): Promise<void> {
  if (row.kind !== 'entry') return;
  const copied = await attempt(context, 'copy', { row: row.id });
  if (copied !== undefined) context.live.say(words.copied(visibleText(row.name)));
}

/** A name is no secret: it goes to the clipboard as it is, and stays there. */
async function copyName({ live }: Context, { name }: Row): Promise<void> {
  try {
    await navigator.clipboard.writeText(name);
    live.say(words.nameCopied(visibleText(name)));
  } catch (error) {
    live.refuse(error);
  }
}

/** All that can be done with a row, as a menu. */
export function openRowMenu(context: Context, reveal: Reveal, row: Row, at: { x: number; y: number }): void {
  const { table, model } = context;
  const back = () => table.focus(row.id);
  // The menu is about this row, or about all that are selected with it.
  if (!model.selected.has(row.id)) model.select(row.id);
  const items = itemsOf(context, reveal, row);
  if (items.some((group) => group.length > 0)) openMenu(visibleText(row.name || words.comment), items, at, back);
}

/** An item, and whether it makes sense here. */
type Offer = readonly [offered: boolean, item: Item];

function itemsOf(context: Context, reveal: Reveal, row: Row): Item[][] {
  const { model } = context;
  const { readOnly = true } = model.state ?? {};
  const several = model.selected.size > 1 && model.selected.has(row.id);
  const change = !readOnly && row.fixed === undefined;
  const chosen = several ? model.chosen() : [row];
  const end: Item = {
    label: chosen.length > 1 ? words.removeSeveral(chosen.length) : words.remove,
    symbol: 'trash',
    key: 'Del',
    act: () => void remove(context, chosen.includes(row) ? chosen : [row]),
  };
  // What is done with several at once.
  if (several) return [readOnly ? [] : [end]];
  const moves = change && model.structured;
  const offers = [valueOffers(context, reveal, row, change), ...(moves ? changeOffers(context, row) : [])];
  return [...offers.map((group) => group.flatMap(([offered, item]) => (offered ? [item] : []))), moves ? [end] : []];
}

function valueOffers(context: Context, reveal: Reveal, row: Row, change: boolean): Offer[] {
  const { presenting = false, readOnly = true } = context.model.state ?? {};
  const entry = row.kind === 'entry';
  const named = context.model.structured && row.kind !== 'comment' && context.model.parent(row.id)?.list !== true;
  const edits = entry && change && !row.binary && !presenting;
  const edit = (generate: boolean) => () => void editValue(context, row, { generate });
  return [
    [
      canShow(row) && !presenting,
      { label: words.reveal, symbol: 'eye', key: 'Space', act: () => void reveal.show(row) },
    ],
    [
      entry,
      {
        label: row.binary ? words.copyBase64 : words.copy,
        symbol: 'copy',
        key: 'Ctrl+C',
        act: () => void copyValue(context, row),
      },
    ],
    [named, { label: words.copyName, symbol: 'note', act: () => void copyName(context, row) }],
    [edits, { label: words.edit, symbol: 'edit', key: 'Enter', act: edit(false) }],
    [
      edits && context.model.structured && !row.encryptionKey,
      { label: words.generate, symbol: 'sparkle', act: edit(true) },
    ],
    [
      edits && row.encryptionKey === true,
      {
        label: words.resetKey,
        symbol: 'refresh',
        act: () => void attempt(context, 'key', { row: row.id, verb: 'reset' }),
      },
    ],
    [
      entry && row.secret && context.model.state?.features.wholeFile === true,
      { label: words.past, symbol: 'history', act: () => void attempt(context, 'past', { row: row.id }) },
    ],
    [
      entry && row.secret && !readOnly,
      { label: words.agree, symbol: 'calendar', act: () => void attempt(context, 'agree', { row: row.id }) },
    ],
  ];
}

/** What changes the row, and what comes beside it. */
function changeOffers(context: Context, row: Row): Offer[][] {
  const { model } = context;
  const { groups = false, comments = false, markPlain: canMark = false } = model.state?.features ?? {};
  const [entry, inside] = [row.kind === 'entry', row.kind === 'group'];
  const named = row.kind !== 'comment';
  const section = model.state?.format === 'ini' && inside;
  const mark = row.secret ? words.markPlain : words.markSecret;
  const add = (inside: boolean) => () => void addSecret(context, row, { inside });
  return [
    [
      [
        named && model.parent(row.id)?.list !== true,
        { label: words.rename, symbol: 'rename', key: 'F2', act: () => void rename(context, row) },
      ],
      [comments, { label: words.editComment, symbol: 'comment', act: () => void editComment(context, row) }],
      [
        canMark && entry,
        { label: mark, symbol: row.secret ? 'unlock' : 'lock', act: () => void markPlain(context, row) },
      ],
    ],
    [
      [named, { label: words.moveUp, symbol: 'arrow-up', key: 'Alt+↑', act: () => void step(context, row, -1) }],
      [named, { label: words.moveDown, symbol: 'arrow-down', key: 'Alt+↓', act: () => void step(context, row, 1) }],
      [named && groups && !section, { label: words.moveTo, symbol: 'move', act: () => void moveTo(context, row) }],
    ],
    [
      [inside, { label: words.addInside, symbol: 'add', act: add(true) }],
      [!section, { label: words.addBelow, symbol: 'add', act: add(false) }],
      [groups, { label: words.addGroup, symbol: 'new-folder', act: () => void addGroup(context, row, { inside }) }],
      [named, { label: words.duplicate, symbol: 'files', act: () => void duplicate(context, row) }],
    ],
  ];
}
