import * as vscode from 'vscode';
import type { BatchFile, Failure, Outcome, Watch } from '../../core/batch/file.ts';
import type { Rewrap } from '../../core/batch/rewrap.ts';
import { writeAll } from '../../core/batch/transaction.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { prepare } from '../../core/people/carry.ts';
import type { NewConfig, NewReaders, Obstacle } from '../../core/people/plan.ts';
import { machineOf } from '../batch/many.ts';
import { settle } from '../batch/recovering.ts';
import { isUnsaved } from '../batch/unsaved.ts';
import { confirmLockOut, tellOutcome } from '../batch/words.ts';
import { askToUnlock, wakeForAll } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { label, type Team } from './team.ts';

const { t } = vscode.l10n;

/** A change of `.sops.yaml` and of many files, which a person agreed to. */
interface Change {
  /** As the progress and an unfinished change are called. */
  readonly title: string;
  readonly configs: readonly NewConfig[];
  readonly files: readonly NewReaders[];
  /** New data keys. */
  readonly rotate: boolean;
  /** Other files that come with it. */
  readonly more?: readonly BatchFile[];
}

/**
 * Carries it out, all of it or nothing, with a progress that can be cancelled. Resolves to whether it was done; why not is told. Throws what
 * concerns no single file: IN_PROGRESS while git is in the middle of something, LOCKED.
 */
export async function carryOut(services: Services, team: Team, change: Change): Promise<boolean> {
  const machine = machineOf(services);
  if (!(await askToUnlock(services))) return false;
  // One that was interrupted here comes first.
  await settle(services, machine, team.root);
  const state = await machine.journals.gitState(team.root);
  if (state) throw new LockstepError('IN_PROGRESS', { what: state });
  const { title } = change;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const outcome = await vscode.window.withProgress(options, (progress, token) =>
    work(services, team, change, {
      progress: (step, done, total) => {
        if (step === 'prepare')
          progress.report({ message: t('{0} of {1} files', done, total), increment: 100 / total });
      },
      cancelled: () => token.isCancellationRequested || services.vault.locked,
      unsaved: isUnsaved,
    }),
  );
  if (services.vault.locked && outcome.kind === 'cancelled') throw new Refusal('LOCKED');
  if (outcome.kind !== 'done') return tellOutcome(services, { title }, outcome);
  services.rules.forget();
  return true;
}

async function work(services: Services, { root, uri }: Team, change: Change, watch: Watch): Promise<Outcome> {
  const { clock, vault, ui } = services;
  const machine = machineOf(services);
  const keyringFor = (path: string) => vault.keysFor(uri(path)).keyring;
  const wake = (plans: readonly Rewrap[]) =>
    wakeForAll(
      services,
      plans.map(({ path, sealed }) => ({ uri: uri(path), metadata: sealed.metadata })),
    );
  const means = { disk: machine.disk, keyringFor, clock, wake, watch };
  const prepared = await prepare(change.configs, change.files, change.rotate, means);
  if (!prepared) return { kind: 'cancelled' };
  if (prepared.failures.length > 0) return { kind: 'refused', failures: prepared.failures };
  if (prepared.lockedOut.length > 0 && !(await confirmLockOut(ui, prepared.lockedOut))) return { kind: 'cancelled' };
  const { more = [], title } = change;
  // An empty folder is nothing to git, should the rest fail.
  for (const { path } of more) await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri(path), '..'));
  return writeAll(machine, { root, what: title, files: [...prepared.files, ...more] }, clock, watch);
}

/** Names the files that hold a change up before it is begun. */
export function refuse(services: Services, title: string, failures: readonly (Failure | Obstacle)[]): void {
  tellOutcome(services, { title }, { kind: 'refused', failures });
}

/** Paths at most that a question names. */
const most = 8;

/** The first paths of a list, as lines. */
export function named(team: Team, paths: readonly string[]): string {
  const lines = paths.slice(0, most).map((path) => label(team, path));
  if (paths.length > most) lines.push(t('and {0} more', paths.length - most));
  return lines.join('\n');
}
