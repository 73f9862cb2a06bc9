import * as vscode from 'vscode';
import { LockstepError } from '../../../core/errors.ts';
import { readAssignments } from '../../../core/format/dotenv/assignments.ts';
import { text as textScalar } from '../../../core/tree/value.ts';
import type { Requests, Results } from '../../../protocol/requests.ts';
import { type Asked, step } from './asked.ts';

/** Adds a whole `.env` as one step; names that are there already are replaced only if that is wanted. */
export async function paste({ text, replace }: Requests['paste'], asked: Asked): Promise<Results['paste']> {
  const { found, skipped } = readAssignments(text);
  let existing: string[] = [];
  let added = 0;
  await step(asked, vscode.l10n.t('Paste .env'), (opened) => {
    const root = opened.sealed.doc.documents[0];
    if (!root) throw new LockstepError('EMPTY_FILE');
    const names = new Set(root.members.flatMap((member) => (member.kind === 'entry' ? [member.key] : [])));
    existing = found.flatMap(({ name }) => (names.has(name) ? [name] : []));
    const wanted = replace ? found : found.filter(({ name }) => !names.has(name));
    added = wanted.length - (replace ? existing.length : 0);
    const entries = wanted.map(({ name, value }) => ({ name, value: textScalar(value) }));
    return { kind: 'put', entries };
  });
  return { added, existing: replace ? [] : existing, skipped };
}
