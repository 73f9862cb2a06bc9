import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { quotedLeaves, unquoting } from '../../core/change/quotes.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { applyChange, requireEditable } from '../session/apply.ts';
import { findSecretFile, idOfRef } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Gives an entry of a .env the value that programs read which load it, without the quotes: the one named, or of all that have
 * some those that the person picks. One change, and no value is shown.
 */
export async function removeQuotes(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const file = await findSecretFile(services, ids);
  if (!file) return;
  const { document, tracked } = file;
  const quoted = quotedLeaves(await requireEditable(services, document, tracked.state));
  const named = idOfRef(ids);
  const chosen =
    named === undefined ? await choose(services, quoted, document) : quoted.filter(({ id }) => id === named);
  if (chosen.length === 0) return;
  const wanted = new Set(chosen.map(({ id }) => id));
  await applyChange(services, document, (opened) => change(opened, unquoting(opened, wanted), services.clock));
}

async function choose(
  { ui }: Services,
  quoted: readonly Leaf[],
  document: vscode.TextDocument,
): Promise<readonly Leaf[]> {
  if (quoted.length === 0) void ui.info(t('No value in {0} has quotes.', fileName(document.uri)));
  if (quoted.length < 2) return quoted;
  const all = { label: t('All {0} values', quoted.length), leaves: quoted };
  const each = quoted.map((leaf) => ({ label: showPath(leaf.path), leaves: [leaf] }));
  const options = { title: t('Remove Quotes'), placeholder: t('They are a part of these values') };
  return (await ui.pick([all, ...each], options))?.leaves ?? [];
}
