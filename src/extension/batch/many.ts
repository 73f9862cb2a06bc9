import * as vscode from 'vscode';
import { type Failure, failureOf, type Machine, type Watch } from '../../core/batch/file.ts';
import { rootOf } from '../../core/batch/places.ts';
import { planRewrap, type Rewrap, rewrapAll } from '../../core/batch/rewrap.ts';
import { writeAll } from '../../core/batch/transaction.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import { askToUnlock, wakeForAll } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import type { ManyFiles, ManyPlan } from './plan.ts';
import { settle } from './recovering.ts';
import { isUnsaved } from './unsaved.ts';
import { confirmLockOut, confirmPlan, tellOutcome } from './words.ts';

const { t } = vscode.l10n;

/**
 * Changes many files as one: looks at each, shows what would change and what cannot be changed, asks, does all of it in memory,
 * proves it, and writes all files or none. It can be stopped until the first file is written. A file with unsaved edits is not
 * written. Resolves to whether the files are changed (also when there was nothing to do); everything else is told to the person.
 * Throws what concerns no single file: IN_PROGRESS, NOT_A_FILE for a place that is no disk.
 */
export async function changeMany(services: Services, wanted: ManyFiles): Promise<boolean> {
  if (!(await mayWrite(services)) || !(await askToUnlock(services, wanted.files[0]))) return false;
  const machine = machineOf(services);
  const root = await rootFor(services, machine, wanted);
  // One that was interrupted here comes first.
  await settle(services, machine, root);
  const state = await machine.journals.gitState(root);
  if (state) throw new LockstepError('IN_PROGRESS', { what: state });
  const { plans, failures } = await planAll(machine, wanted);
  const plan: ManyPlan = { ...wanted, machine, root, plans, failures };
  if (plans.length === 0 && failures.length === 0 && !wanted.configs?.length) {
    void services.ui.info(t('Nothing to change: every file already is as it should be.'));
    return true;
  }
  if (!(await confirmPlan(services, plan))) return false;
  return carryOut(services, plan);
}

/** Throws NOT_A_FILE where there is no disk. */
export function machineOf({ platform }: Pick<Services, 'platform'>): Machine {
  const { disk, journals } = platform;
  if (!disk || !journals) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  return { disk, journals };
}

async function rootFor(
  { rules }: Services,
  { journals }: Machine,
  { files, configs = [] }: ManyFiles,
): Promise<string> {
  if (files.some(({ scheme }) => scheme !== 'file')) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const places = await Promise.all(files.map((file) => rules.placeFor(file)));
  const named = [...new Set(places.flatMap((place) => place?.fsPath ?? []))];
  const paths = [...files.map(({ fsPath }) => fsPath), ...configs.map(({ path }) => path)];
  const real = (all: readonly string[]) => Promise.all(all.map(journals.real));
  return rootOf(await real(named), await real(paths));
}

async function planAll(
  { disk, journals }: Machine,
  { files, wanted }: ManyFiles,
): Promise<{ readonly plans: readonly Rewrap[]; readonly failures: readonly Failure[] }> {
  const plans = new Map<string, Rewrap>();
  const failures: Failure[] = [];
  for (const file of files) {
    const failure = await failureOf(file.fsPath, async () => {
      if (isUnsaved(file.fsPath)) throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
      const path = await journals.real(file.fsPath);
      const before = await disk.read(path);
      const { format, text } = sealedTextOf(path, before.bytes);
      const sealed = readSealed(text, format);
      const plan = planRewrap(path, before, sealed, await wanted(file, sealed));
      if (plan) plans.set(path, plan);
    });
    if (failure) failures.push(failure);
  }
  return { plans: [...plans.values()], failures };
}

async function carryOut(services: Services, plan: ManyPlan): Promise<boolean> {
  const { vault, ui, clock } = services;
  const { title, machine, root, plans, configs = [] } = plan;
  await wakeForAll(
    services,
    plans.map(({ path, sealed }) => ({ uri: vscode.Uri.file(path), metadata: sealed.metadata })),
  );
  const done = await withProgress(title, (watch) =>
    rewrapAll(plans, (path) => vault.keysFor(vscode.Uri.file(path)).keyring, clock, {
      ...watch,
      cancelled: () => vault.locked || watch.cancelled(),
    }),
  );
  if (vault.locked) throw new Refusal('LOCKED');
  if (!done) return tellOutcome(services, plan, { kind: 'cancelled' });
  if (done.failures.length > 0) return tellOutcome(services, plan, { kind: 'refused', failures: done.failures });
  const shut = done.ready.filter(({ lockedOut }) => lockedOut).map(({ file }) => file.path);
  if (shut.length > 0 && !(await confirmLockOut(ui, shut))) return false;
  const files = [...configs, ...done.ready.map(({ file }) => file)];
  const outcome = await withProgress(title, (watch) =>
    writeAll(machine, { root, what: title, files }, clock, { ...watch, unsaved: isUnsaved }),
  );
  if (configs.length > 0) services.rules.forget();
  return tellOutcome(services, plan, outcome);
}

/** Shows how far it is, with a button to stop it. */
async function withProgress<T>(
  title: string,
  work: (watch: Required<Pick<Watch, 'progress' | 'cancelled'>>) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    let shown = 0;
    return work({
      cancelled: () => token.isCancellationRequested,
      progress(_, done, total) {
        const now = Math.floor((done / total) * 100);
        if (now === shown) return;
        progress.report({ message: t('{0} of {1} files', done, total), increment: now - shown });
        shown = now;
      },
    });
  });
}
