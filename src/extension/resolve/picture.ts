import type * as vscode from 'vscode';
import { idOfPath } from '../../core/change/locate.ts';
import { type MergeEntry, mergeThree, presence } from '../../core/merge/three.ts';
import { type Conflict, mergeVersions } from '../../core/merge/versions.ts';
import type { Opened } from '../../core/open/open.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import type { LeafType } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { withTexts } from '../versions/opening.ts';
import { SideFault, type Texts, type Three, withThree } from './three.ts';

/** An entry that is not the same in all versions. No value is in it. */
export interface Entry {
  readonly id: string;
  readonly document: number;
  readonly path: MergeEntry['path'];
  /** As people read it; empty for a binary file, which is one entry. */
  readonly name: string;
  readonly state: Exclude<MergeEntry['state'], 'same'>;
  readonly ours: MergeEntry['mine'];
  readonly theirs: MergeEntry['theirs'];
  readonly has: Readonly<Record<'base' | 'ours' | 'theirs', boolean>>;
  /** The side that has one encrypted value there, whose place a typed one can take. */
  readonly typeable: { readonly side: 'ours' | 'theirs'; readonly type: LeafType } | undefined;
  /** A named encryption key of the side that is not taken is lost. Ours may have it as it was. */
  readonly isKey: boolean;
}

/** What a conflict is, or why it cannot be looked at. */
export type Picture =
  | {
      readonly kind: 'entries';
      readonly entries: readonly Entry[];
      /** Other than those about entries. */
      readonly conflicts: readonly Exclude<Conflict, { kind: 'entry' }>[];
      readonly joining: readonly KeyName[];
      /** All merged, with ours where entries are in conflict: what git's driver has left, unless somebody edited the file since. */
      readonly text: string;
    }
  | { readonly kind: 'fault'; readonly fault: SideFault };

export const idOf = (path: MergeEntry['path'], document: number): string => JSON.stringify([document, ...path]);

/** @param readers a person agreed to a wider set of readers. Throws what `mergeVersions` throws. */
export async function look(services: Services, uri: vscode.Uri, texts: Texts, readers: boolean): Promise<Picture> {
  try {
    return await withThree(services, uri, texts, (three) => pictureOf(services, three, readers));
  } catch (fault) {
    if (fault instanceof SideFault) return { kind: 'fault', fault };
    throw fault;
  }
}

async function pictureOf({ clock }: Services, three: Three, readers: boolean): Promise<Picture> {
  const { text, conflicts, joining } = await mergeVersions(three, clock, { readers });
  const other = conflicts.filter((one) => one.kind !== 'entry');
  const { base, ours, theirs } = three;
  if (ours.sealed.format === 'binary')
    return {
      kind: 'entries',
      entries: conflicts.flatMap((one) => (one.kind === 'entry' ? [whole(one)] : [])),
      conflicts: other,
      joining,
      text,
    };
  const types = { ours: typesOf(ours), theirs: typesOf(theirs) };
  const { entries } = await mergeThree(base, ours, theirs, 'mine');
  const shown = entries.flatMap(({ state, mine, path, document, theirs: other, isKey = false }): Entry[] => {
    if (state === 'same') return [];
    const has = presence({ mine, theirs: other });
    const id = idOfPath(document, path);
    const side = (['ours', 'theirs'] as const).find((one) => types[one].has(id));
    const type = side && types[side].get(id);
    return [
      {
        ...{ id: idOf(path, document), document, path, name: nameOf(path, document), state, ours: mine, theirs: other },
        has: { base: has.base, ours: has.mine, theirs: has.theirs },
        typeable: side && type && { side, type },
        isKey,
      },
    ];
  });
  return { kind: 'entries', entries: shown, conflicts: other, joining, text };
}

function typesOf({ sealed }: Opened): ReadonlyMap<string, LeafType> {
  return new Map(sealed.leaves.flatMap(({ id, type, selected }) => (selected ? [[id, type] as const] : [])));
}

const nameOf = (path: MergeEntry['path'], document: number) =>
  document === 0 ? showPath(path) : `${document}:${showPath(path)}`;

function whole({ ours, theirs, path, document }: Extract<Conflict, { kind: 'entry' }>): Entry {
  return {
    ...{ id: idOf(path, document), document, path, name: '', state: 'conflict', ours, theirs },
    has: { base: ours !== 'added', ours: true, theirs: true },
    typeable: undefined,
    isKey: false,
  };
}

/** Whether a file is whole, and says something else than the merge does by itself: somebody edited it since. */
export function isEdited(services: Services, uri: vscode.Uri, now: string, merged: string): Promise<boolean> {
  const texts = [merged, now].map((text) => ({ uri, text }));
  return withTexts(services, texts, async ([one, two]) => {
    if (one?.state.kind !== 'open' || two?.state.kind !== 'open') return false;
    if (two.state.sealed.format === 'binary') return false;
    const { opened } = one.state;
    const { entries } = await mergeThree(opened, two.state.opened, opened);
    return entries.some(({ mine }) => mine !== 'same');
  });
}
