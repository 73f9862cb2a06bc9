import * as vscode from 'vscode';
import { isOurs } from '../../core/errors.ts';
import { requireKeys } from '../../core/keys/others.ts';
import type { Rule } from '../../core/rules/rules.ts';
import { withPath } from '../../core/seal/spelling.ts';
import { configName } from '../../core/view/names.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { report, type Step } from '../ui/report.ts';
import { fileName } from '../ui/words.ts';
import { stopIgnoring } from './ignore.ts';
import { confirmClear, tellLeft, tellNotes } from './inclear.ts';
import { confirmPlace } from './links.ts';
import { joined, tellDifferences } from './loaders.ts';
import { addOwnKey } from './newrule.ts';
import { confirmReaders } from './readers.ts';
import { type Encrypted, readPlain, ruleFor, sealFile } from './sealing.ts';
import { confirmSpelling } from './spelling.ts';
import { openAt } from './tabs.ts';
import { guardUndo } from './undo.ts';
import { confirmNames } from './written.ts';

const { t } = vscode.l10n;

/**
 * Encrypts files in place, one after the other, and says afterwards what a person has to know. One that cannot be
 * encrypted is reported and does not hold up the rest. Resolves to those that are encrypted now.
 * @param otherwise the rule of a file outside the workspace
 */
export async function encryptAll(
  services: Services,
  files: readonly vscode.Uri[],
  otherwise?: Rule,
): Promise<readonly Encrypted[]> {
  const done: Encrypted[] = [];
  const asked = new Set<string>();
  for (const uri of files) {
    try {
      const encrypted = await encryptOne(services, uri, asked, otherwise);
      if (!encrypted) continue;
      done.push(encrypted);
      await stopIgnoring(services, uri);
    } catch (error) {
      report(services, error, uri, ruleStep(services, error, uri));
    }
  }
  for (const encrypted of done) warnOfUndo(services, encrypted);
  tellLeft(
    services,
    done.filter(({ uri }) => !asked.has(uri.toString())),
  );
  await tellNotes(services, done);
  await tellExposed(services, done);
  return done;
}

/**
 * Whether the keys that the rules of some files name can be had here: asked before the first of the files is changed, and of the first one
 * whose keys cannot be had it is said what is missing.
 */
export async function hasKeysFor(services: Services, files: readonly vscode.Uri[]): Promise<boolean> {
  const seen = new Set<Rule>();
  for (const uri of files) {
    try {
      const rule = (await services.rules.find(uri))?.rule;
      if (!rule || seen.has(rule)) continue;
      seen.add(rule);
      await requireKeys(rule.groups.flat());
    } catch (error) {
      report(services, error, uri, ruleStep(services, error, uri));
      return false;
    }
  }
  return true;
}

/** What helps where the rule of a file keeps it from being encrypted. */
function ruleStep(services: Services, error: unknown, uri: vscode.Uri): Step | undefined {
  if (!isOurs(error)) return undefined;
  if (error.code === 'NO_RECIPIENTS') {
    const addAndEncrypt = async () => {
      if (await addOwnKey(services, uri)) await encryptAll(services, [uri]);
    };
    return { verb: t('Add My Key to the Rule'), run: addAndEncrypt };
  }
  if (!['BAD_CONFIG', 'BAD_REGEX', 'CONFLICTING_SELECTORS', 'FOREIGN_MASTER_KEY'].includes(error.code))
    return undefined;
  return {
    verb: t('Open {0}', configName),
    run: async () => {
      const at = await services.rules.placeFor(uri);
      const line = Math.max(0, (error.place.line ?? 1) - 1);
      if (at) await openAt(at, { selection: new vscode.Range(line, 0, line, 0) });
    },
  };
}

/** Undefined when the person would rather not. @param asked those for which the person has agreed to what stays unencrypted. */
async function encryptOne(
  services: Services,
  uri: vscode.Uri,
  asked: Set<string>,
  otherwise?: Rule,
): Promise<Encrypted | undefined> {
  const read = await readPlain(services, uri);
  const rule = await ruleFor(services, uri, otherwise);
  if (!(await confirmPlace(services, uri, t('Encrypt File')))) return undefined;
  if (!(await confirmNames(services, uri))) return undefined;
  if (!(await confirmReaders(services, uri, rule))) return undefined;
  const plain = await joined(services, read);
  const spelled = plain && (await confirmSpelling(services, plain, rule));
  if (!spelled) return undefined;
  try {
    const clear = await confirmClear(services, spelled, rule);
    if (clear === 'no') return undefined;
    if (clear === 'asked') asked.add(uri.toString());
    const encrypted = await sealFile(services, spelled, rule);
    if (spelled.format === 'dotenv') tellDifferences(services, uri, spelled.text);
    return encrypted;
  } catch (error) {
    throw withPath(error, spelled.text, spelled.format);
  }
}

function warnOfUndo({ ui }: Services, { uri, sealed, undoClean }: Encrypted): void {
  if (undoClean) return;
  guardUndo(uri, sealed.format);
  const reload = t('Reload Window');
  const message = t(
    '{0} is encrypted, but another extension keeps its old text in memory. Reload the window to remove it.',
    fileName(uri),
  );
  void ui.warn(message, reload).then((verb) => {
    if (verb === reload) void vscode.commands.executeCommand('workbench.action.reloadWindow');
  });
}

/** After the encryption: what git has had as plaintext is no secret any more. */
async function tellExposed({ ui, exposed }: Services, files: readonly Encrypted[]): Promise<void> {
  let count = 0;
  let first: vscode.Uri | undefined;
  for (const { uri, sealed } of files) {
    const left = (await exposed.search(uri, sealed)).filter(({ replaced }) => !replaced).length;
    count += left;
    if (left > 0) first ??= uri;
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
