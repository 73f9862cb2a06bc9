import * as vscode from 'vscode';
import { change } from '../../../core/change/change.ts';
import { type ErrorCode, LockstepError } from '../../../core/errors.ts';
import type { MapNode } from '../../../core/format/document.ts';
import { type Assignment, readAssignments } from '../../../core/format/dotenv/assignments.ts';
import type { Opened } from '../../../core/open/open.ts';
import type { Change } from '../../../core/seal/sign.ts';
import { textOfScalar } from '../../../core/tree/typed.ts';
import { text as textScalar } from '../../../core/tree/value.ts';
import type { PasteReason, Requests, Results } from '../../../protocol/requests.ts';
import { type Asked, editable } from './asked.ts';

type Skipped = Results['paste']['skipped'];

/** What the file cannot take of an entry, by the code of the refusal. Everything else is no matter of a line. */
const reasons: { readonly [code in ErrorCode]?: PasteReason } = {
  NOT_SELECTED: 'unencrypted',
  ENTRY_EXISTS: 'group',
  BAD_NAME: 'name',
  ALREADY_ENCRYPTED: 'name',
  BAD_METADATA: 'name',
  BAD_VALUE: 'value',
  UNSUPPORTED_VALUE: 'value',
};

/** Adds what the file can take of a `.env`, as one step; names that are there already are replaced only if that is wanted. */
export async function paste({ text, replace }: Requests['paste'], asked: Asked): Promise<Results['paste']> {
  const read = readAssignments(text);
  let result: Results['paste'] = { added: 0, existing: [], skipped: [] };
  await editable(asked).change(vscode.l10n.t('Paste .env'), async (opened) => {
    const root = opened.sealed.doc.documents[0];
    if (!root) throw new LockstepError('EMPTY_FILE');
    const there = valuesOf(opened, root);
    const wanted = replace ? read.found : read.found.filter(({ name }) => !there.has(name));
    const { made, skipped } = await putWhatFits(opened, wanted, asked);
    const refused = new Set(skipped.map(({ line }) => line));
    result = {
      added: wanted.filter(({ name, line }) => !there.has(name) && !refused.has(line)).length,
      existing: replace
        ? []
        : read.found.flatMap(({ name, value }) => (there.has(name) && there.get(name) !== value ? [name] : [])),
      skipped: [...read.skipped, ...skipped].sort((a, b) => a.line - b.line),
    };
    return made;
  });
  return result;
}

/** The values at the top level by their names, those of a name that is there twice by the last; undefined for a damaged one. */
function valuesOf(opened: Opened, { members }: MapNode): ReadonlyMap<string, string | undefined> {
  const byNode = new Map(opened.sealed.leaves.map((leaf) => [leaf.node, opened.value(leaf.id)]));
  return new Map(
    members.flatMap((one) => {
      if (one.kind !== 'entry' || one.value.kind !== 'scalar') return [];
      const value = byNode.get(one.value);
      return [[one.key, value && textOfScalar(value)] as const];
    }),
  );
}

async function putWhatFits(
  opened: Opened,
  wanted: readonly Assignment[],
  { services: { clock } }: Asked,
): Promise<{ readonly made: Change; readonly skipped: Skipped }> {
  const put = (some: readonly Assignment[]) => {
    const entries = some.map(({ name, value }) => ({ name, value: textScalar(value) }));
    return change(opened, { kind: 'put', entries }, clock);
  };
  /** Looked for by halves: a refusal does not always say whose it is. */
  const refusedOf = async (some: readonly Assignment[]): Promise<Skipped> => {
    try {
      await put(some);
      return [];
    } catch (error) {
      const why = error instanceof LockstepError ? reasons[error.code] : undefined;
      const [first, second] = some;
      if (!why || !first) throw error;
      if (!second) return [{ line: first.line, why }];
      const middle = Math.ceil(some.length / 2);
      return [...(await refusedOf(some.slice(0, middle))), ...(await refusedOf(some.slice(middle)))];
    }
  };
  try {
    return { made: await put(wanted), skipped: [] };
  } catch {
    const skipped = await refusedOf(wanted);
    const lines = new Set(skipped.map(({ line }) => line));
    return { made: await put(wanted.filter(({ line }) => !lines.has(line))), skipped };
  }
}
