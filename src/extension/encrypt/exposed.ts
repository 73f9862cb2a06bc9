import * as vscode from 'vscode';
import { formatOfBytes } from '../../core/format/which.ts';
import { readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { readBefore } from '../session/exchange.ts';
import { type Exposed, findExposed } from '../session/exposed.ts';
import { openAt } from '../session/tabs.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Lists the secrets of a file that git's history holds as plaintext, searched anew; choosing one goes to it. */
export async function showExposed(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const [uri] = findFiles(ids);
  if (!uri) return;
  if (!services.platform.git) {
    void services.ui.info(t('Lockstep cannot read git history here.'));
    return;
  }
  const { sealed, text } = await readEncrypted(services, uri);
  const exposed = await findExposed(services.platform, uri, sealed);
  if (exposed.length === 0) {
    void services.ui.info(t('{0}: git history holds none of these values as plaintext.', fileName(uri)));
    return;
  }
  const items = exposed.map((one) => ({
    label: showPath(one.path),
    description: t('plaintext in {0}', one.commit),
    one,
  }));
  const title = t('Readable in Git History: Replace at the Source');
  const chosen = await services.ui.pick(items, { title, placeholder: t('Go to a secret to set its new value') });
  if (chosen) await goTo(uri, sealed, text, chosen.one);
}

async function readEncrypted(services: Services, uri: vscode.Uri): Promise<{ sealed: Sealed; text: string }> {
  const { format, text } = formatOfBytes(uri.path, (await readBefore(services, uri)).bytes);
  return { sealed: readSealed(text, format), text };
}

async function goTo(uri: vscode.Uri, sealed: Sealed, text: string, { id }: Exposed): Promise<void> {
  const leaf = sealed.leaves.find((one) => one.id === id);
  const offset = leaf ? (leaf.keySpan ?? leaf.node.span).start : 0;
  const before = text.slice(0, offset).split('\n');
  const position = new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
  await openAt(uri, { selection: new vscode.Range(position, position) });
}
