import type * as vscode from 'vscode';
import type { Session } from '../../core/session/session.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import type { Services } from '../services.ts';
import type { Version } from './reading.ts';

/** The text of a version that has one. Throws NOT_UTF8. */
export const textOf = ({ uri, bytes }: Version): string | undefined => bytes && sealedTextOf(uri.path, bytes).text;

/** A text under the name of a file. */
export interface Text {
  readonly uri: vscode.Uri;
  readonly text: string;
}

/**
 * Looks at some texts at once, for as long as `work` takes, each by the keys that may open files at its place; ciphertext that the first one has
 * under the same data key is decrypted once. What was wiped meanwhile by a lock is told by `session.opened()`, which throws then.
 */
export function withTexts<T>(
  { sessions }: Pick<Services, 'sessions'>,
  texts: readonly Text[],
  work: (sessions: readonly Session[]) => Promise<T>,
): Promise<T> {
  const next = (open: readonly Session[]): Promise<T> => {
    const text = texts[open.length];
    if (!text) return work(open);
    return sessions.with(text.uri, text.text, (session) => next([...open, session]), open[0]);
  };
  return next([]);
}
