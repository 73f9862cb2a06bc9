import * as vscode from 'vscode';
import type { Failure, Outcome } from '../../core/batch/file.ts';
import type { Recovery } from '../../core/batch/recover.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import type { Ui } from '../ui/ui.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import type { ManyPlan } from './plan.ts';

const { t } = vscode.l10n;

/** Lines of one kind in a question. */
const most = 8;

const nameOf = (path: string) => fileName(vscode.Uri.file(path));
const filesOf = (count: number) => (count === 1 ? t('1 file') : t('{0} files', count));

/** Some of many lines, and how many more there are. */
function listOf(lines: readonly string[]): string[] {
  return lines.length <= most + 1 ? [...lines] : [...lines.slice(0, most), t('and {0} more', lines.length - most)];
}

/** Shows who comes and who goes, how many files that is, and which cannot be changed; asks whether to go on. */
export async function confirmPlan({ ui, rules }: Services, plan: ManyPlan): Promise<boolean> {
  const { title, verb, intro, onRemoval, files, plans, failures } = plan;
  const [first] = files;
  const names = first ? await rules.names(first) : new Map();
  const failed = failures.map(failureLine);
  if (plans.length === 0 && failures.length > 0) {
    void ui.error(`${t('None of the files can be changed.')} ${listOf(failed).join(' ')}`);
    return false;
  }
  const parts = [
    [intro, removes(plan) && onRemoval].filter(Boolean).join(' '),
    listOf(changeLines(plan, names)).join('\n'),
    ...(failed.length > 0 ? [[t('These cannot be changed, and stay as they are:'), ...listOf(failed)].join('\n')] : []),
    t('All files are changed together, or none is.'),
  ];
  const button = failed.length > 0 ? t('Change the Other {0}', filesOf(plans.length)) : verb;
  return ui.confirm(`${title}?`, parts.filter(Boolean).join('\n\n'), button);
}

const removes = ({ plans }: ManyPlan) => plans.some(({ plan }) => plan.diff.some(({ removed }) => removed.length > 0));

/** Who can read how many of the files now, and who no longer can. */
function changeLines({ plans }: ManyPlan, names: Names): string[] {
  const counts = new Map<string, number>();
  const count = (line: string) => counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const { plan, rotate } of plans) {
    for (const { added, removed } of plan.diff) {
      for (const key of added) count(t('Added: {0}', namedKey(names, key)));
      for (const key of removed) count(t('Removed: {0}', namedKey(names, key)));
    }
    if (plan.threshold.before !== plan.threshold.after) count(t('Another number of groups is needed'));
    if (rotate) count(t('A new data key'));
  }
  return [...counts].map(([line, files]) => t('{0}: {1}', line, filesOf(files)));
}

function failureLine({ path, error }: Failure): string {
  const { message, next } = wordsOf(error, nameOf(path));
  return `${message} ${next}`;
}

/** A question of its own: the last word of whoever will not read the files again. */
export function confirmLockOut(ui: Ui, paths: readonly string[]): Promise<boolean> {
  return ui.confirm(
    t('Lock yourself out of {0}?', filesOf(paths.length)),
    [t('None of your keys will open them any more, or not enough of them:'), ...listOf(paths.map(nameOf))].join('\n'),
    t('Lock Me Out'),
  );
}

/** Says what has become of a change. Whether the files are the new ones. */
export function tellOutcome(
  { ui }: Pick<Services, 'ui'>,
  { title }: Pick<ManyPlan, 'title'>,
  outcome: Outcome,
): boolean {
  switch (outcome.kind) {
    case 'done':
      void ui.info(t('{0}: {1} changed.', title, filesOf(outcome.files.length)));
      return true;
    case 'cancelled':
      void ui.info(t('{0}: stopped. Nothing was written.', title));
      return false;
    case 'refused':
      void ui.error([t('{0}: nothing was written.', title), ...listOf(outcome.failures.map(failureLine))].join(' '));
      return false;
    case 'put-back':
      void ui.error(
        [
          t('{0}: not every file could be written, so all are as they were.', title),
          ...outcome.failures.map(failureLine),
        ].join(' '),
      );
      return false;
    case 'half':
      void ui.error(
        [
          t('{0}: {1} could be written, and not be put back.', title, filesOf(outcome.written.length)),
          ...listOf(outcome.failures.map(failureLine)),
          t('Lockstep finishes it, or puts everything back, when this window is opened again.'),
        ].join(' '),
      );
      return false;
  }
}

/** Says what has become of a change that was interrupted. */
export function tellRecovery({ ui }: Pick<Services, 'ui'>, found: Recovery): void {
  if (found.kind === 'running') return;
  if (found.kind === 'unusable') {
    const { message, next } = wordsOf(found.error);
    void ui.warn(`${message} ${next}`);
    return;
  }
  const parts = [t('A change of many files was interrupted: {0}.', visible(found.what)), ...recoveryParts(found)];
  void (found.kind === 'stuck' || found.kind === 'waiting' ? ui.warn : ui.info)(parts.join(' '));
}

function recoveryParts(found: Exclude<Recovery, { kind: 'running' | 'unusable' }>): string[] {
  switch (found.kind) {
    case 'finished':
      return [t('It is finished now: {0}.', namesOf(found.files)), ...leftAlone(found.changed)];
    case 'put-back':
      return [
        t('Everything was put back; these files are as they were: {0}.', namesOf(found.files)),
        ...leftAlone(found.changed),
      ];
    case 'untouched':
      return [t('No file had been changed. Do it again if you still want it.')];
    case 'waiting':
      return [t('It waits, because these files have unsaved edits: {0}. Save or revert them.', namesOf(found.files))];
    case 'stuck':
      return [t('It cannot be finished yet.'), ...listOf(found.failures.map(failureLine))];
  }
}

const namesOf = (paths: readonly string[]) => listOf(paths.map(nameOf)).join(', ');

const leftAlone = (paths: readonly string[]) =>
  paths.length === 0
    ? []
    : [t('Somebody else changed or removed these, so they were left alone: {0}.', namesOf(paths))];
