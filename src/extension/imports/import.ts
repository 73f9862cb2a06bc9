import * as vscode from 'vscode';
import { written } from '../../core/foreign/apply.ts';
import type { Found } from '../../core/foreign/found.ts';
import { leftOver } from '../../core/foreign/left.ts';
import { type Decision, type Planned, planImport } from '../../core/foreign/plan.ts';
import type { Source } from '../../core/foreign/read/source.ts';
import { mayReplaceKey } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { openAt } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { decideClashes } from './clashes.ts';
import { chooseDestination, type Destination } from './destination.ts';
import { readSource } from './source.ts';
import { itemOf, leftWords, summaryOf } from './words.ts';

const { t } = vscode.l10n;

/**
 * Brings the values of a file of another system into an encrypted file: names, kinds and clashes are on screen before anything is written, and
 * the file that they come from is never changed.
 */
export async function importSecrets(services: Services, [first]: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const { ui } = services;
  const named = uriOf(first);
  // Who names something that is no file is no person.
  if (first !== undefined && !named) return;
  const from = named ?? (await ui.openFile({ title: t('Choose the File to Import From') }));
  const source = from && (await readSource(services, from));
  if (!from || !source) return;
  if (source.found.length === 0) {
    void ui.info(t('{0} holds no entries.', fileName(from)));
    return;
  }
  const destination = await chooseDestination(services, from, t('Import From {0}', fileName(from)));
  const chosen = destination && (await chooseEntries(services, from, source, destination));
  if (!destination || !chosen) return;
  const decisions = await decideClashes(services, (now) => planFor(chosen, destination, now), destination);
  if (!decisions) return;
  const plan = planFor(chosen, destination, decisions);
  if (written(plan).length > 0 && !(await confirmed(services, plan, destination))) return;
  for (const name of await destination.lost(plan)) if (!(await mayReplaceKey(services, destination.uri, name))) return;
  if (written(plan).length > 0 && !(await destination.write(chosen, decisions, plan))) return;
  tell(services, from, { ...source, isAll: source.isAll && chosen.length === source.found.length }, plan, destination);
}

const planFor = (
  found: readonly Found[],
  { there, format }: Destination,
  decisions: ReadonlyMap<number, Decision> = new Map(),
): Planned[] => planImport(found, there, format, decisions);

/** The preview: every entry with how it stands in its file and what would become of it. Those without a value cannot be taken. */
async function chooseEntries(
  { ui }: Services,
  from: vscode.Uri,
  source: Source,
  destination: Destination,
): Promise<readonly Found[] | undefined> {
  const plan = planFor(source.found, destination);
  const items = source.found.map((found) => ({ ...itemOf(plan.filter((one) => one.found === found)), found }));
  const placeholder = t('Names that go into {0}. Nothing is written yet.', destination.name);
  const chosen = await ui.pickMany(items, { title: t('Import From {0}', fileName(from)), placeholder });
  if (!chosen || chosen.length === 0) return undefined;
  const taken = new Set(chosen.map(({ found }) => found));
  // What has no value comes along, to be named at the end.
  return source.found.filter((found) => taken.has(found) || found.value === undefined);
}

function confirmed({ ui }: Services, plan: readonly Planned[], { name, isNew }: Destination): Promise<boolean> {
  const count = written(plan).length;
  const question = isNew
    ? count === 1
      ? t('Make {0} with 1 value?', name)
      : t('Make {0} with {1} values?', name, count)
    : count === 1
      ? t('Write 1 value into {0}?', name)
      : t('Write {1} values into {0}?', name, count);
  return ui.gesture(question, summaryOf(plan), t('Import'));
}

function tell(
  { ui }: Services,
  from: vscode.Uri,
  source: Source,
  plan: readonly Planned[],
  { uri, name }: Destination,
): void {
  const left = leftOver(source, plan);
  const keyFiles = source.keyFiles.map((path) => fileName(vscode.Uri.joinPath(from, '..', path)));
  const open = t('Open {0}', name);
  const message = leftWords(fileName(from), name, written(plan).length, keyFiles, left);
  const shown = left.unset.length > 0 || left.kept.length > 0 ? ui.warn(message, open) : ui.info(message, open);
  void shown.then((verb) => {
    if (verb === open) void openAt(uri);
  });
}
