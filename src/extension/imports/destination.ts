import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { LockstepError } from '../../core/errors.ts';
import { stepsOf, treeFor } from '../../core/foreign/apply.ts';
import type { Found } from '../../core/foreign/found.ts';
import { lostInPlan } from '../../core/foreign/lost.ts';
import { type Decision, type Planned, planImport } from '../../core/foreign/plan.ts';
import { emptyMap, heldBy } from '../../core/foreign/there.ts';
import type { FormatId } from '../../core/format/document.ts';
import { emit } from '../../core/format/emit/emit.ts';
import { textOfFile } from '../../core/format/encoding.ts';
import { formatOfName } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { publicMode } from '../../core/platform/disk.ts';
import type { Change } from '../../core/seal/sign.ts';
import { sealTree } from '../../core/seal/tree.ts';
import { requireOpen } from '../../core/session/state.ts';
import type { Value } from '../../core/tree/value.ts';
import { diskOf } from '../elsewhere.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { applyChange } from '../session/apply.ts';
import { confirmClear, tellLeft } from '../session/inclear.ts';
import { offerRule } from '../session/newrule.ts';
import type { OpenFile } from '../session/openfile.ts';
import { confirmReaders } from '../session/readers.ts';
import { ruleFor } from '../session/sealing.ts';
import { openAt } from '../session/tabs.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** The encrypted file that values are brought into, as it is; or one that is to be made. */
export interface Destination {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly isNew: boolean;
  readonly format: FormatId;
  /** What it holds: plaintext. */
  readonly there: Value;
  /** The named encryption keys that a plan replaces. Throws BAD_ENCRYPTION_KEY for one that gets a value that is no key. */
  lost(plan: readonly Planned[]): Promise<readonly string[]>;
  /**
   * Carries out a plan that a person agreed to, as one step: all of it, or nothing changes. False when the person would rather not.
   * Throws CHANGED_ON_DISK where it would come to something else by now, and what changing and writing throw.
   */
  write(
    found: readonly Found[],
    decisions: ReadonlyMap<number, Decision>,
    agreed: readonly Planned[],
  ): Promise<boolean>;
}

/** Asks which file; undefined when the person would rather not. @param from is no choice itself */
export async function chooseDestination(
  services: Services,
  from: vscode.Uri,
  title: string,
): Promise<Destination | undefined> {
  await services.inventory.ready();
  const files = services.inventory.files.filter(
    ({ uri, facts }) => facts.kind === 'encrypted' && uri.toString() !== from.toString(),
  );
  const items = [
    { id: 'new', icon: 'new-file', label: t('A New Encrypted File…'), uri: undefined },
    ...files.map(({ uri }) => ({ icon: 'lock', label: vscode.workspace.asRelativePath(uri), uri })),
  ];
  const chosen = await services.ui.pick(items, { title, placeholder: t('Which file do the values go into?') });
  if (!chosen) return undefined;
  return chosen.uri ? existing(services, chosen.uri) : fresh(services, title);
}

async function existing(services: Services, uri: vscode.Uri): Promise<Destination | undefined> {
  if (!(await askToUnlock(services, uri))) return undefined;
  const file = services.sessions.editors.get(uri.toString()) ?? (await asText(services, uri));
  file.requireSettled();
  const opened = requireOpen(await file.ready());
  const { format } = opened.sealed;
  if (format === 'binary') throw new LockstepError('BAD_VALUE', { what: 'binary-file' });
  return {
    uri,
    name: fileName(uri),
    isNew: false,
    format,
    there: await heldBy(opened),
    lost: async (plan) => lostInPlan(requireOpen(await file.ready()), plan),
    async write(found, decisions, agreed) {
      await file.change(t('Import Secrets'), (now) => carriedOut(services, now, found, decisions, agreed));
      return true;
    },
  };
}

/** What a person agreed to, worked out again for the file as it is now. */
async function carriedOut(
  { clock }: Services,
  opened: Opened,
  found: readonly Found[],
  decisions: ReadonlyMap<number, Decision>,
  agreed: readonly Planned[],
): Promise<Change> {
  const there = await heldBy(opened);
  const plan = planImport(found, there, opened.sealed.format, decisions);
  const said = (one: Planned) => JSON.stringify([one.path, one.fate]);
  if (plan.map(said).join() !== agreed.map(said).join()) throw new LockstepError('CHANGED_ON_DISK');
  return change(opened, stepsOf(plan, there), clock);
}

/** As text, also where no editor shows it: then it is saved. VS Code closes such a document while a person thinks. */
async function asText(services: Services, uri: vscode.Uri): Promise<OpenFile> {
  const document = () => vscode.workspace.openTextDocument(uri);
  return {
    uri,
    ready: async () => (await services.sessions.ready(await document())).state,
    change: async (_, make) => applyChange(services, await document(), make),
    requireSettled: () => undefined,
  };
}

async function fresh(services: Services, title: string): Promise<Destination | undefined> {
  const uri = await services.ui.saveFile({ title: t('New Encrypted File'), name: 'secrets.yaml' });
  if (!uri) return undefined;
  const format = formatOfName(uri.path);
  if (format === 'binary') {
    void services.ui.info(t('Let the name end with .yaml, .json, .env or .ini.'));
    return undefined;
  }
  await services.rules.renew();
  if (!(await services.rules.find(uri)) && !(await offerRule(services, [uri], title))) return undefined;
  return {
    uri,
    name: fileName(uri),
    isNew: true,
    format,
    there: emptyMap,
    lost: async () => [],
    write: (_found, _decisions, agreed) => make(services, uri, format, agreed),
  };
}

/** Writes the new file, and never in the place of one that is there. */
async function make(services: Services, uri: vscode.Uri, format: FormatId, plan: readonly Planned[]): Promise<boolean> {
  const disk = diskOf(services.platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const tree = [treeFor(plan)];
  const rule = await ruleFor(services, uri);
  if (!(await confirmReaders(services, uri, rule))) return false;
  const text = textOfFile(emit(tree, format), format);
  const clear = await confirmClear(services, { before: { uri }, text, format }, rule);
  if (clear === 'no') return false;
  const { bytes, sealed } = await sealTree(tree, format, rule, services.clock);
  const staged = await disk.stage(uri.fsPath, bytes, { newMode: publicMode });
  if (await disk.readIfThere(uri.fsPath)) {
    await staged.discard();
    throw new LockstepError('CHANGED_ON_DISK');
  }
  await staged.commit();
  if (clear !== 'asked') tellLeft(services, [{ uri, sealed, undoClean: true }]);
  await openAt(uri);
  return true;
}
