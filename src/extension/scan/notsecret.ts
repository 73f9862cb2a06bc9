import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { dayOf } from '../../core/checklist/checklist.ts';
import { LockstepError } from '../../core/errors.ts';
import { hashOf } from '../../core/hash.ts';
import { ignoredPath, nameOf, withIgnored } from '../../core/scan/ignored.ts';
import { readAnywhere } from '../elsewhere.ts';
import { writeOwn } from '../policy/places.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import type { Known } from './known.ts';
import { findFound } from './target.ts';

const { t } = vscode.l10n;

/** Writes down that what looks like a secret is none, and why, in a file that is committed with the repository. */
export async function sayNotSecret(services: Services, known: Known, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const found = await findFound(services, known, ids);
  if (!found) return;
  const { uri } = found.document;
  const { rule, name } = found.one;
  const reason = await services.ui.input({
    title: t('Not a Secret'),
    prompt: t('Why is this no secret? The reason is kept in {0}, and can be read by everybody.', ignoredPath),
    validate: (text) => (text.trim() === '' ? t('A reason helps whoever reads this next.') : undefined),
  });
  if (reason === undefined) return;
  const place = await known.placeOf(uri);
  if (!place) throw new LockstepError('GONE');
  const file = vscode.Uri.joinPath(place.root, ignoredPath);
  const before = await readAnywhere(services.platform, file).catch((error) => {
    if (error instanceof LockstepError && error.code === 'GONE') return undefined;
    throw error;
  });
  const date = dayOf(services.clock.now());
  const text = withIgnored(before && fromUtf8(before), { path: place.path, rule, name: nameOf(name), date, reason });
  await writeOwn(services.platform, place.root, ignoredPath, utf8(text), before && hashOf(before));
  known.forget();
}
