import * as vscode from 'vscode';
import type { Rule } from '../../core/sops/rules.ts';
import { plainLeaves } from '../../core/sops/seal.ts';
import { commands } from '../ids.ts';
import { report } from '../report.ts';
import type { Services } from '../services.ts';
import { fileName } from '../words.ts';
import { findExposed } from './exposed.ts';
import { confirmPlace } from './links.ts';
import { joined, tellDifferences } from './loaders.ts';
import { confirmReaders } from './readers.ts';
import { type Encrypted, type Plain, readPlain, ruleFor, sealFile } from './sealing.ts';
import { guardUndo } from './undo.ts';

const { t } = vscode.l10n;

/**
 * Encrypts files where they stand, one after the other, and tells what has to be told afterwards. One that cannot be
 * encrypted is reported and does not hold up the rest. Resolves to those that are encrypted now.
 */
export async function encryptAll(services: Services, files: readonly vscode.Uri[]): Promise<readonly Encrypted[]> {
  const done: Encrypted[] = [];
  for (const uri of files) {
    try {
      const encrypted = await encryptOne(services, uri);
      if (encrypted) done.push(encrypted);
    } catch (error) {
      report(services, error, uri);
    }
  }
  for (const encrypted of done) warnOfUndo(services, encrypted);
  await tellExposed(services, done);
  return done;
}

/** Undefined when the person would rather not. */
async function encryptOne(services: Services, uri: vscode.Uri): Promise<Encrypted | undefined> {
  const read = await readPlain(uri);
  const rule = await ruleFor(services, uri);
  if (!(await confirmPlace(services, uri, t('Encrypt File')))) return undefined;
  if (!(await confirmReaders(services, uri, rule))) return undefined;
  const plain = await joined(services, read);
  if (!plain || !(await confirmClear(services, plain, rule))) return undefined;
  const encrypted = await sealFile(services, plain, rule);
  if (plain.format === 'dotenv') tellDifferences(services, uri, plain.text);
  return encrypted;
}

/** A rule whose pattern chooses none of the values leaves a file that only looks encrypted. */
async function confirmClear({ ui }: Services, { before, text, format }: Plain, rule: Rule): Promise<boolean> {
  // A binary file is encrypted whole, whatever a rule chooses.
  if (format === 'binary') return true;
  const leaves = plainLeaves(text, format, rule.selector);
  const readable = leaves.some(({ node: { scalar } }) => scalar.type !== 'null' && scalar.value !== '');
  if (!readable || leaves.some((leaf) => leaf.encrypted)) return true;
  return ui.confirm(
    t('No value of {0} would be encrypted.', fileName(before.uri)),
    t('The rule in .sops.yaml chooses none of them: all would stay in clear text. Correct the rule first.'),
    t('Encrypt File'),
  );
}

function warnOfUndo({ ui }: Services, { uri, sealed, undoClean }: Encrypted): void {
  if (undoClean) return;
  guardUndo(uri, sealed.format);
  const reload = t('Reload Window');
  const message = t(
    '{0} is encrypted, but another extension keeps its old text in memory. Reload the window to be rid of it.',
    fileName(uri),
  );
  void ui.warn(message, reload).then((verb) => {
    if (verb === reload) void vscode.commands.executeCommand('workbench.action.reloadWindow');
  });
}

/** After the encryption: what git has had in clear text is no secret any more. */
async function tellExposed({ ui }: Services, files: readonly Encrypted[]): Promise<void> {
  let count = 0;
  let first: vscode.Uri | undefined;
  for (const { uri, sealed } of files) {
    const exposed = await findExposed(uri, sealed);
    count += exposed.length;
    if (exposed.length > 0) first ??= uri;
  }
  if (!first) return;
  const show = t('Show');
  const message =
    count === 1
      ? t('1 value is readable in git history. Replace it at its source.')
      : t('These {0} values are readable in git history. Replace them at their source.', count);
  const file = first;
  void ui.warn(message, show).then((verb) => {
    if (verb === show) void vscode.commands.executeCommand(commands.showExposed, file.toString());
  });
}
