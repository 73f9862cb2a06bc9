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
import { isHidden } from './row.ts';
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

function itemsOf(context: Context, reveal: Reveal, row: Row): Item[][] {
  const { readOnly = true, presenting = false } = context.model.state ?? {};
  const change = !readOnly && row.fixed === undefined;
  // What is done with several at once.
  if (context.model.selected.size > 1 && context.model.selected.has(row.id)) {
    return [readOnly ? [] : endItems(context, row)];
  }
  return [
    valueItems(context, reveal, row, change, presenting),
    change ? nameItems(context, row) : [],
    change ? placeItems(context, row) : [],
    change ? addItems(context, row) : [],
    change ? endItems(context, row) : [],
  ];
}

function valueItems(context: Context, reveal: Reveal, row: Row, change: boolean, presenting: boolean): Item[] {
  const items: Item[] = [];
  const hidden = row.kind === 'entry' ? isHidden(row) : row.kind === 'comment' && row.secretComment;
  if (hidden && !presenting) {
    items.push({ label: words.reveal, symbol: 'eye', key: 'Space', act: () => void reveal.show(row) });
  }
  const named = row.kind !== 'comment' && context.model.parent(row.id)?.list !== true;
  const name: Item[] = named ? [{ label: words.copyName, symbol: 'note', act: () => void copyName(context, row) }] : [];
  if (row.kind !== 'entry') return [...items, ...name];
  items.push({ label: words.copy, symbol: 'copy', key: 'Ctrl+C', act: () => void copyValue(context, row) }, ...name);
  if (!change || row.binary || presenting) return items;
  items.push(
    { label: words.edit, symbol: 'edit', key: 'Enter', act: () => void editValue(context, row) },
    { label: words.generate, symbol: 'sparkle', act: () => void editValue(context, row, { generate: true }) },
  );
  return items;
}

function nameItems(context: Context, row: Row): Item[] {
  const { features } = context.model.state ?? {};
  const items: Item[] = [];
  const inList = context.model.parent(row.id)?.list === true;
  if (row.kind !== 'comment' && !inList) {
    items.push({ label: words.rename, symbol: 'rename', key: 'F2', act: () => void rename(context, row) });
  }
  if (features?.comments) {
    items.push({ label: words.editComment, symbol: 'comment', act: () => void editComment(context, row) });
  }
  if (features?.markPlain && row.kind === 'entry') {
    const label = row.secret ? words.markPlain : words.markSecret;
    items.push({ label, symbol: row.secret ? 'unlock' : 'lock', act: () => void markPlain(context, row) });
  }
  return items;
}

function placeItems(context: Context, row: Row): Item[] {
  const items: Item[] = [
    { label: words.moveUp, symbol: 'arrow-up', key: 'Alt+↑', act: () => void step(context, row, -1) },
    { label: words.moveDown, symbol: 'arrow-down', key: 'Alt+↓', act: () => void step(context, row, 1) },
  ];
  const section = context.model.state?.format === 'ini' && row.kind === 'group';
  if (context.model.state?.features.groups && !section) {
    items.push({ label: words.moveTo, symbol: 'move', act: () => void moveTo(context, row) });
  }
  return items;
}

function addItems(context: Context, row: Row): Item[] {
  const { features } = context.model.state ?? {};
  const items: Item[] = [];
  if (row.kind === 'group') {
    items.push({ label: words.addInside, symbol: 'add', act: () => void addSecret(context, row, { inside: true }) });
  }
  const section = context.model.state?.format === 'ini' && row.kind === 'group';
  if (!section) items.push({ label: words.addBelow, symbol: 'add', act: () => void addSecret(context, row) });
  if (features?.groups) {
    const inside = row.kind === 'group';
    items.push({ label: words.addGroupHere, symbol: 'new-folder', act: () => void addGroup(context, row, { inside }) });
  }
  if (row.kind !== 'comment') {
    items.push({ label: words.duplicate, symbol: 'files', act: () => void duplicate(context, row) });
  }
  return items;
}

function endItems(context: Context, row: Row): Item[] {
  const act = () => {
    const chosen = context.model.chosen();
    void remove(context, chosen.includes(row) ? chosen : [row]);
  };
  const count = context.model.selected.has(row.id) ? context.model.chosen().length : 1;
  return [{ label: count > 1 ? words.removeSeveral(count) : words.remove, symbol: 'trash', key: 'Del', act }];
}
