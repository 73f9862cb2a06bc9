import type * as vscode from 'vscode';
import { isSealed } from '../../core/format/look.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { openVersion } from '../../core/merge/opening.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Stages } from '../../core/platform/git.ts';
import type { Session } from '../../core/session/session.ts';
import { requireOpen } from '../../core/session/state.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import type { Services } from '../services.ts';
import { withTexts } from '../versions/opening.ts';

export const sides = ['base', 'ours', 'theirs'] as const;
export type Side = (typeof sides)[number];

/** The encrypted texts of a conflict; no `base` where each side made the file. */
export interface Texts {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
  /** The sides as git has them, byte for byte. */
  readonly bytes: { readonly ours: Uint8Array; readonly theirs: Uint8Array };
}

/** The same, opened. They stay whose they are. */
export interface Three {
  readonly base: Opened | undefined;
  readonly ours: Opened;
  readonly theirs: Opened;
}

/** Why one of the versions cannot be merged. */
export class SideFault extends Error {
  readonly side: Side;
  override readonly cause: unknown;

  constructor(side: Side, cause: unknown) {
    super('a version cannot be merged');
    this.side = side;
    this.cause = cause;
  }
}

/** Undefined where one of the sides has no file. Throws SideFault (NOT_UTF8). */
export function textsOf({ path }: vscode.Uri, { base, ours, theirs }: Stages): Texts | undefined {
  if (!ours || !theirs) return undefined;
  const text = (side: Side, bytes: Uint8Array) => attempt(side, () => sealedTextOf(path, bytes).text);
  return {
    base: base && text('base', base),
    ours: text('ours', ours),
    theirs: text('theirs', theirs),
    bytes: { ours, theirs },
  };
}

/** Whether any of the versions is an encrypted file: all others are merged as text. */
export function isOurs({ path }: vscode.Uri, { base, ours, theirs }: Stages): boolean {
  return [base, ours, theirs].some((bytes) => {
    try {
      const found = bytes && formatOfBytes(path, bytes);
      return found !== undefined && isSealed(found.text, found.format);
    } catch {
      return false;
    }
  });
}

/** Opens the versions for as long as `work` takes. Throws SideFault for one that is not whole, or that no key here opens. */
export function withThree<T>(
  services: Services,
  uri: vscode.Uri,
  { base, ours, theirs }: Texts,
  work: (three: Three) => Promise<T>,
): Promise<T> {
  const texts = [ours, theirs, ...(base === undefined ? [] : [base])].map((text) => ({ uri, text }));
  return withTexts(services, texts, async (sessions) => {
    const [one, two, three] = sessions as [Session, Session, Session | undefined];
    const opened = {
      ours: attempt('ours', () => requireOpen(one.state)),
      theirs: attempt('theirs', () => requireOpen(two.state)),
    };
    const ancestor = three && (await ancestorOf(three, [opened.ours, opened.theirs]));
    try {
      const result = await work({ ...opened, base: ancestor?.opened });
      // What was wiped by a lock while it was looked at does not count.
      one.opened();
      return result;
    } finally {
      if (ancestor?.isOwn) ancestor.opened.dispose();
    }
  });
}

/** It may name other readers, and have the data key of a side. */
async function ancestorOf(
  session: Session,
  others: readonly Opened[],
): Promise<{ readonly opened: Opened; readonly isOwn: boolean }> {
  const { state } = session;
  if (state.kind !== 'unreadable') return { opened: attempt('base', () => requireOpen(state)), isOwn: false };
  const opened = await openVersion(state.sealed, { openers: async () => [] }, others).catch(() => undefined);
  if (opened?.verdict.ok) return { opened, isOwn: true };
  opened?.dispose();
  throw new SideFault('base', state.error);
}

function attempt<T>(side: Side, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SideFault(side, error);
  }
}
