import { change } from '../../../core/change/change.ts';
import { LockstepError } from '../../../core/errors.ts';
import { readAssignments } from '../../../core/format/dotenv/assignments.ts';
import { text as textScalar } from '../../../core/tree/value.ts';
import type { Requests, Results } from '../../../protocol/requests.ts';
import type { Asked } from './answers.ts';
import { editable, labels } from './changing.ts';

/** Adds a whole `.env` as one step; names that are there already are replaced only if that is wanted. */
export async function paste({ text, replace }: Requests['paste'], asked: Asked): Promise<Results['paste']> {
  const { found, skipped } = readAssignments(text);
  let existing: string[] = [];
  let added = 0;
  await editable(asked).change(labels.paste(), async (opened) => {
    const root = opened.sealed.doc.documents[0];
    if (!root) throw new LockstepError('EMPTY_FILE');
    const names = new Set(root.members.flatMap((member) => (member.kind === 'entry' ? [member.key] : [])));
    existing = found.flatMap(({ name }) => (names.has(name) ? [name] : []));
    const wanted = replace ? found : found.filter(({ name }) => !names.has(name));
    added = wanted.length - (replace ? existing.length : 0);
    const entries = wanted.map(({ name, value }) => ({ name, value: textScalar(value) }));
    return change(opened, { kind: 'put', entries }, asked.services.clock);
  });
  return { added, existing: replace ? [] : existing, skipped };
}
