import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** How many folders two files have in common. */
function inCommon(a: string, b: string): number {
  const [one, other] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  let n = 0;
  while (n < one.length && one[n] === other[n]) n++;
  return n;
}

/**
 * The encrypted file that a secret of another file goes into: of its workspace folder, first those that a creation rule is about and that stand
 * near. A person chooses where there are several. Undefined where there is none, which is said, or none is chosen.
 */
export async function chooseDestination(services: Services, from: vscode.Uri): Promise<vscode.Uri | undefined> {
  const { inventory, rules, ui } = services;
  await inventory.ready();
  const folder = vscode.workspace.getWorkspaceFolder(from)?.uri.toString();
  const near = inventory.files.filter(
    ({ uri, facts }) =>
      facts.kind === 'encrypted' &&
      facts.format !== 'binary' &&
      vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder,
  );
  const items = await Promise.all(
    near.map(async ({ uri }) => ({
      uri,
      label: fileName(uri),
      hasRule: (await rules.find(uri).catch(() => undefined)) !== undefined,
      near: inCommon(uri.path, from.path),
    })),
  );
  items.sort((a, b) => Number(b.hasRule) - Number(a.hasRule) || b.near - a.near || (a.uri.path < b.uri.path ? -1 : 1));
  if (items.length > 0)
    return (await ui.pick(items, { title: t('Move to Secrets'), placeholder: t('Into which encrypted file?') }))?.uri;
  const setUp = t('Set Up Lockstep…');
  if ((await ui.info(t('There is no encrypted file yet that a secret could go into.'), setUp)) === setUp)
    await vscode.commands.executeCommand(commands.setUp);
  return undefined;
}
