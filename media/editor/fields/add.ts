import type { Row } from '../../../src/protocol/messages.ts';
import type { Place } from '../../../src/protocol/requests.ts';
import { attempt, type Context } from '../context.ts';
import { h } from '../parts/dom.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { assignment, isEnv } from './assignment.ts';
import { quiet, SecretField } from './field.ts';
import { Form } from './form.ts';
import { pasteEnv } from './paste.ts';
import { Pending } from './pending.ts';
import { ValueInput } from './valueinput.ts';

/** Where a new row goes: into a group, or after a row of it. */
interface Spot {
  readonly place: Place;
  /** The row above the form. */
  readonly after: Row | undefined;
  readonly group: Row | undefined;
}

/** `inside`: into the given group, at its end. Otherwise behind the given row, or at the end of the file. */
function spotOf({ model }: Context, row: Row | undefined, inside: boolean): Spot {
  if (row?.kind === 'group' && inside) return { place: { group: row.id }, after: row, group: row };
  if (!row) {
    return { place: {}, after: model.shown.at(-1), group: undefined };
  }
  const group = model.parent(row.id);
  const next = model.nextOf(row.id);
  return { place: { ...(group && { group: group.id }), ...(next && { before: next.id }) }, after: row, group };
}

/** Where a new entry goes: in an INI file into a section, the last one where none is meant. */
function entrySpot(context: Context, row: Row | undefined, inside: boolean): Spot {
  const { model } = context;
  if (model.state?.format !== 'ini' || (row && model.parent(row.id))) return spotOf(context, row, inside);
  const section = row?.kind === 'group' ? row : model.rows.findLast(({ kind }) => kind === 'group');
  return spotOf(context, section, true);
}

/** Where a new group goes: in an INI file to the others, at the top. */
function groupSpot(context: Context, row: Row | undefined, inside: boolean): Spot {
  const { model } = context;
  if (model.state?.format !== 'ini') return spotOf(context, row, inside);
  return spotOf(context, row && (model.parent(row.id) ?? row), false);
}

function where({ model }: Context, { group }: Spot): string {
  if (!model.state?.features.groups) return '';
  return group ? words.into(model.path(group.id).map(visibleText).join(' › ')) : words.atTop;
}

function nameField(label: string, value = ''): HTMLInputElement {
  const input = h('input', { type: 'text', class: 'field', 'aria-label': label, ...quiet });
  input.value = value;
  return input;
}

const labelled = (text: string, field: HTMLElement, kind = '') =>
  h('div', { class: `labelled ${kind}` }, h('span', { class: 'label-text', 'aria-hidden': 'true' }, text), field);

/** The form for a new secret. */
export async function addSecret(context: Context, row?: Row, { inside = false } = {}): Promise<void> {
  const { model, host } = context;
  if (model.state?.readOnly || !model.structured) return;
  const spot = entrySpot(context, row, inside);
  const name = nameField(words.columns.name);
  const value = new ValueInput(context, words.addSecret, 'str', false);
  value.field.control.setAttribute('aria-label', words.columns.value);
  const list = spot.group?.list === true;
  listenToName(context, name, value);
  await Form.open(context, spot.after?.id, {
    label: words.addSecret,
    content: [
      h('div', { class: 'title' }, words.addSecret, h('span', { class: 'muted' }, where(context, spot))),
      h(
        'div',
        { class: 'fields' },
        !list && labelled(words.columns.name, name, 'name'),
        labelled(words.columns.value, value.field.element, 'value'),
        labelled(words.columns.type, value.type, 'type'),
      ),
      value.below,
    ],
    submit: words.add,
    first: list ? value.field.control : name,
    typed: () => name.value !== '' || value.text !== '',
    complete: () => (name.value !== '' || list) && value.text !== '' && value.check(),
    missing: () => (list ? undefined : nameMissing(name)) ?? (value.check() ? undefined : ''),
    send: () => host.ask('add', { place: spot.place, name: name.value, text: value.text, as: value.as }),
    forget: () => value.field.show(false),
  });
}

/** Says so, and goes there. */
function nameMissing(name: HTMLInputElement): string | undefined {
  if (name.value !== '') return undefined;
  name.focus();
  return words.nameMissing;
}

/** Enter goes on to the value. A whole `NAME=value` that is pasted is no name: its value does not show. */
function listenToName(context: Context, name: HTMLInputElement, value: ValueInput): void {
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || name.value === '' || value.text !== '') return;
    event.preventDefault();
    event.stopPropagation();
    value.field.control.focus();
  });
  name.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const parts = assignment(text);
    if (!parts && !isEnv(text)) return;
    event.preventDefault();
    if (!parts) return void pasteEnv(context, text);
    name.value = parts.name;
    value.field.text = parts.value;
    value.field.control.focus();
  });
}

/** The form for a new group. */
export async function addGroup(context: Context, row?: Row, { inside = false } = {}): Promise<void> {
  const { model, host } = context;
  const features = model.state?.features;
  if (model.state?.readOnly || !features?.groups) return;
  const spot = groupSpot(context, row, inside);
  const name = nameField(words.columns.name);
  const asList = h('input', { type: 'checkbox', autocomplete: 'off' });
  const inList = spot.group?.list === true;
  await Form.open(context, spot.after?.id, {
    label: words.addGroup,
    content: [
      h('div', { class: 'title' }, words.addGroup, h('span', { class: 'muted' }, where(context, spot))),
      h('div', { class: 'fields' }, !inList && labelled(words.columns.name, name, 'name')),
      features.lists ? h('label', { class: 'choice' }, asList, words.asList) : h('span', {}),
    ],
    submit: words.addGroup,
    first: inList ? asList : name,
    typed: () => name.value !== '',
    missing: () => (inList ? undefined : nameMissing(name)),
    send: () => host.ask('addGroup', { place: spot.place, name: name.value, list: asList.checked }),
  });
}

/** A copy of an entry or group, under a name that is asked for. */
export async function duplicate(context: Context, row: Row): Promise<void> {
  const inList = context.model.parent(row.id)?.list === true;
  const name = nameField(words.columns.name, inList ? '' : words.copyOf(row.name));
  if (inList) {
    const done = await attempt(context, 'duplicate', { row: row.id, name: '' });
    if (done) context.awaitRow(done);
    return;
  }
  await Form.open(context, row.id, {
    label: words.duplicate,
    content: [
      h('div', { class: 'title' }, words.duplicate),
      h('div', { class: 'fields' }, labelled(words.columns.name, name, 'name')),
    ],
    submit: words.duplicate,
    first: name,
    typed: () => false,
    missing: () => nameMissing(name),
    send: () => context.host.ask('duplicate', { row: row.id, name: name.value }),
  });
}

/** The comment of a row. One that is encrypted stays hidden until the eye is used. */
export async function editComment(context: Context, row: Row): Promise<void> {
  const { host, model } = context;
  if (model.state?.readOnly || !model.state?.features.comments || row.fixed) return;
  const field = new SecretField(context, words.commentOf(row.name || words.comment), { lines: true, rows: 3 });
  if (!row.secretComment) field.show(true);
  const pending = new Pending(field);
  let before = '';
  await Form.open(context, row.id, {
    label: words.editComment,
    content: [h('div', { class: 'title' }, words.editComment), field.element],
    submit: words.setComment,
    first: field.control,
    typed: () => field.text !== before,
    load: async (closed) => {
      const answer = await attempt(context, 'comment', { row: row.id });
      if (!answer || closed() || !model.row(row.id)) return false;
      before = answer.text;
      await pending.arrive(answer.text);
      return true;
    },
    send: async () => (field.text === before ? undefined : host.ask('setComment', { row: row.id, text: field.text })),
    forget: () => row.secretComment && field.show(false),
  });
  pending.end();
}
