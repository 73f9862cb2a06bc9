import * as vscode from 'vscode';
import { environmentOf } from '../../core/env/filenames.ts';
import { commands, stepContexts } from '../ids.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { chooseFolder, foldersOnDisk } from '../ui/folder.ts';
import type { Choice } from '../ui/ui.ts';
import { createDesk, type Desk, type Outcome, type Step } from './desk.ts';
import { offerAnother, steps, wroteWords } from './steps.ts';
import { verifiedWords } from './verify.ts';

const { t } = vscode.l10n;

/**
 * From nothing to encrypted, verified and committed files. Goes through the steps up to the verification that are not done, and
 * ends where the person leaves one; the message at the end leads to the rest.
 * @param name the `id` of one step, to do that alone, done or not; `rest`, to back up and commit; `steps` for the list of all
 */
export async function setUp(services: Services, name?: unknown): Promise<void> {
  if (!(await mayWrite(services))) return;
  const folder = await folderFor(services);
  if (!folder) return;
  // Of a rule that was written a moment ago the system may not have told yet.
  await services.rules.renew();
  const desk = createDesk(services, folder);
  const one = steps.find(({ id }) => id === name);
  if (one) await runStep(desk, one, true);
  else if (name === 'steps') await overview(desk);
  else await goThrough(desk, name === 'rest' ? ending : steps.filter((step) => !ending.includes(step)));
  // git may take a moment to say what is committed: the message does not wait for that.
  if (name === undefined) await sumUp(desk);
  if (name !== 'steps') await look(desk);
}

const ending = steps.filter(({ id }) => id === 'backUp' || id === 'commit');

async function goThrough(desk: Desk, wanted: readonly Step[]): Promise<void> {
  for (const step of wanted) {
    // Nothing is new: the verification is not repeated for it.
    if (step.id === 'verify' && !desk.wrote && desk.encrypted.length === 0) return;
    // What was left as plaintext the last time is offered again.
    if (step.id !== 'files' && (await step.done(desk)) !== undefined) continue;
    if ((await runStep(desk, step, false)) === 'left') return;
  }
}

async function runStep(desk: Desk, step: Step, alone: boolean): Promise<Outcome> {
  const outcome = await step.run(desk, alone);
  desk.forget();
  return outcome;
}

/** All steps with what is done of each: any of them can be done once more. Comes back after each. */
async function overview(desk: Desk): Promise<void> {
  for (;;) {
    const done = await look(desk);
    const next = steps.find((_, i) => done[i] === undefined);
    const rows = steps.map((step, i) => rowOf(step, i + 1, done[i]));
    const first: (Choice & { step: Step })[] = next
      ? [{ id: 'next', icon: 'arrow-right', label: t('Continue: {0}', next.label), step: next }]
      : [];
    const title = t(
      'Set Up Secrets: {0} of {1} Steps Done',
      steps.length - done.filter((one) => one === undefined).length,
      steps.length,
    );
    const chosen = await desk.services.ui.pick([...first, ...rows], {
      title,
      placeholder: t('Any step can be done again.'),
    });
    if (!chosen) return;
    await runStep(desk, chosen.step, true);
  }
}

function rowOf(step: Step, number: number, done: string | undefined): Choice & { readonly step: Step } {
  return {
    id: step.id,
    icon: done === undefined ? 'circle-large-outline' : 'pass-filled',
    label: t('{0}. {1}', number, step.label),
    description: done === undefined ? t('to do') : t('done: {0}', done),
    detail: step.what,
    step,
  };
}

async function folderFor({ ui }: Services): Promise<vscode.WorkspaceFolder | undefined> {
  if (foldersOnDisk().length > 0) return chooseFolder(ui, t('Set Up Secrets'));
  const open = t('Open Folder');
  const answer = await ui.info(t('Open a folder first: the rules for its secrets are kept in it.'), open);
  if (answer === open) await vscode.commands.executeCommand('vscode.openFolder');
  return undefined;
}

/** What came of it, and the next step as a button. Nothing where nobody did anything. */
async function sumUp(desk: Desk): Promise<void> {
  const { services, encrypted, wrote } = desk;
  const all = t('All Steps');
  if (!wrote && encrypted.length === 0) {
    const idle = (await steps[1]?.done(desk)) !== undefined && (await steps[0]?.done(desk)) !== undefined;
    if (idle) void offerAnother(desk, all).then((verb) => openSteps(verb === all));
    return;
  }
  const files =
    encrypted.length === 0
      ? undefined
      : encrypted.length === 1
        ? t('1 file is encrypted.')
        : t('{0} files are encrypted.', encrypted.length);
  const checked = desk.verified > 0 ? verifiedWords(desk.verified, 0) : undefined;
  const next = await nextOf(desk);
  const canRun = services.platform.shims && encrypted.some(({ uri }) => environmentOf(uri.path) !== undefined);
  const run = canRun ? t('Run With Secrets…') : undefined;
  const how = run && t('Your programs get their values by {0}', run);
  const message = [files, wrote && wroteWords(), checked, next?.why, how].filter(Boolean).join(' ');
  void services.ui.info(message, ...(next ? [next.verb] : []), all, ...(run ? [run] : [])).then((verb) => {
    if (verb === next?.verb) void vscode.commands.executeCommand(commands.setUp, 'rest');
    if (verb !== undefined && verb === run) void vscode.commands.executeCommand(commands.runWithSecrets);
    openSteps(verb === all);
  });
}

/** What is still to be done when the files are encrypted. */
async function nextOf(desk: Desk): Promise<{ readonly verb: string; readonly why?: string } | undefined> {
  if ((await desk.services.backUps.missing()).length > 0)
    return { verb: t('Back Up Key'), why: t('Back up your key next: without it nobody can read them.') };
  const isCommitted = (await ending[1]?.done(desk)) !== undefined;
  return isCommitted ? undefined : { verb: t('Commit') };
}

function openSteps(wanted: boolean): void {
  if (wanted) void vscode.commands.executeCommand(commands.setUp, 'steps');
}

/** What is done of each step. */
async function look(desk: Desk): Promise<readonly (string | undefined)[]> {
  const done = await Promise.all(steps.map((step) => step.done(desk)));
  await checkOff(steps.filter((_, i) => done[i] !== undefined));
  return done;
}

/**
 * Checks steps off in the walkthrough, which happens at the moment when a step's key becomes true. VS Code ignores for good a key that is true
 * when the walkthrough is first opened. So no key stays true, and nothing is awaited in between: both words reach the window one right after
 * the other, however busy it is, as when it opens the walkthrough.
 */
async function checkOff(done: readonly Step[]): Promise<void> {
  const set = (id: Step['id'], value?: boolean) =>
    vscode.commands.executeCommand('setContext', stepContexts[id], value);
  await Promise.all(done.flatMap(({ id }) => [set(id, true), set(id)]));
}
