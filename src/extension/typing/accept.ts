import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { type EditSummary, summarize } from '../../core/change/looked.ts';
import { textEdits } from '../../core/diff/lines.ts';
import { isOurs, LockstepError } from '../../core/errors.ts';
import { applyEdits, type TextEdit } from '../../core/format/document.ts';
import { showPath } from '../../core/tree/path.ts';
import { workspaceEditOf } from '../convert.ts';
import { lostSince, mayLoseKeys } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { listed } from '../session/inclear.ts';
import { findSecretFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { textOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';
import type { VerifiedTexts } from './verified.ts';

const { t } = vscode.l10n;

/**
 * Encrypts what was edited outside this window, as if it had been typed here. Nobody can tell such an edit from one by
 * somebody without the key: so it is shown, name by name, and a person decides.
 */
export async function encryptEdits(services: Services, texts: VerifiedTexts, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const file = await findSecretFile(services, ids);
  if (!file) return;
  const { document } = file;
  if (file.tracked.state.kind === 'open') {
    void services.ui.info(t('{0} is encrypted and verified: there is nothing to do.', fileName(document.uri)));
    return;
  }
  const text = textOf(document);
  const found = await understood(services, texts, document, text);
  const sure = await services.ui.gesture(
    t('Encrypt these edits of {0}?', fileName(document.uri)),
    [
      ...namesOf(found.summary),
      '',
      t('They were not made with your key. Somebody else may have made them: go on only if you know them.'),
    ].join('\n'),
    t('Encrypt Edits'),
  );
  if (!sure || textOf(document) !== text) return;
  const lost = await lostSince(services, document.uri, found.base, applyEdits(text, found.edits));
  if (!(await mayLoseKeys(services, document.uri, lost)) || textOf(document) !== text) return;
  const saved = !document.isDirty;
  await vscode.workspace.applyEdit(workspaceEditOf(document, found.edits));
  if (saved) await document.save();
}

/** The newest version that verifies and that the text can be an edit of. Throws why there is none. */
async function understood(
  { clock }: Services,
  texts: VerifiedTexts,
  document: vscode.TextDocument,
  text: string,
): Promise<{ readonly base: string; readonly edits: readonly TextEdit[]; readonly summary: EditSummary }> {
  let why: unknown;
  for await (const version of texts.all(document)) {
    try {
      const found = await texts.with(document.uri, version, async (verified) => {
        const after = await change(verified, { kind: 'edited', text }, clock);
        return { base: version, edits: textEdits(text, after.text), summary: summarize(verified, text) };
      });
      if (found) return found;
    } catch (error) {
      if (!isOurs(error)) throw error;
      why ??= error;
    }
  }
  throw why ?? new LockstepError('EDIT_LOCKED', { verdict: 'MAC_MISMATCH' });
}

function namesOf({ added, changed, removed, moved }: EditSummary): string[] {
  const names = (paths: readonly (readonly (string | number)[])[]) => listed(paths.map(showPath));
  return [
    ...(added.length > 0 ? [t('New: {0}', names(added))] : []),
    ...(changed.length > 0 ? [t('Another value: {0}', names(changed))] : []),
    ...(removed.length > 0 ? [t('Removed: {0}', names(removed))] : []),
    ...(moved.length > 0
      ? [t('Renamed: {0}', listed(moved.map(({ from, to }) => `${showPath(from)} → ${showPath(to)}`)))]
      : []),
  ];
}
