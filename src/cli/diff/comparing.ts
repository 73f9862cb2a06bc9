import { type Comparison, compareSides } from '../../core/compare/compare.ts';
import type { Fingerprints } from '../../core/compare/fingerprints.ts';
import { closedSide, openedSide, type Read, readVersion, type Side } from '../../core/compare/side.ts';
import { LockstepError } from '../../core/errors.ts';
import { openVersion } from '../../core/merge/opening.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Call } from '../call.ts';
import { keyringOf } from '../keys/keyring.ts';
import type { FilePair } from './files.ts';

/** What is known of one file. */
export interface Compared {
  readonly pair: Pick<FilePair, 'path' | 'from' | 'unmerged'>;
  /** Undefined where a version cannot be read as a file of its format. */
  readonly comparison: Comparison | undefined;
  readonly before: Looked;
  readonly after: Looked;
}

/** One version: what it is to a comparison, or why it is nothing to it; and why it could not be opened. */
interface Looked {
  readonly side: Side | undefined;
  readonly fault: LockstepError | undefined;
  readonly locked: LockstepError | undefined;
}

const nothing: Looked = { side: undefined, fault: undefined, locked: undefined };

/** Compares the versions of one file, by what the keys at hand open. What was decrypted is gone when it resolves. */
export async function comparePair(call: Call, pair: FilePair, prints: Fingerprints): Promise<Compared> {
  const open: Opened[] = [];
  try {
    const before = await look(call, pair.from, pair.before, prints, open);
    const after = await look(call, pair.path, pair.after, prints, open);
    const isRead = !before.fault && !after.fault;
    return { pair, before, after, comparison: isRead ? compareSides(before.side, after.side) : undefined };
  } finally {
    for (const one of open) one.dispose();
  }
}

async function look(
  call: Call,
  name: string,
  content: FilePair['before'],
  prints: Fingerprints,
  open: Opened[],
): Promise<Looked> {
  if (content === undefined) return nothing;
  if (content instanceof LockstepError) return { ...nothing, fault: content };
  try {
    return await opened(call, readVersion(name, content), prints, open);
  } catch (error) {
    if (error instanceof LockstepError) return { ...nothing, fault: error };
    throw error;
  }
}

async function opened(call: Call, read: Read, prints: Fingerprints, open: Opened[]): Promise<Looked> {
  if (read.kind === 'plain') return { ...nothing, side: closedSide(read, prints) };
  try {
    const version = await openVersion(read.sealed, keyringOf(call), open);
    open.push(version);
    return { ...nothing, side: await openedSide(version, prints) };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { ...nothing, side: closedSide(read, prints), locked: error };
  }
}
