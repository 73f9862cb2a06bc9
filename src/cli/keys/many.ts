import { dirname } from 'node:path';
import { rootOf } from '../../core/batch/places.ts';
import { planRewrap, type Rewrap, type Rewrapped, rewrapAll } from '../../core/batch/rewrap.ts';
import { keptThreshold } from '../../core/keys/updatekeys.ts';
import { type Config, type Rule, rulePath } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import { agreed } from '../agree.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { machineOf, noneWritten, requireQuietGit, tellFailures, writeMany } from '../files/many.ts';
import { readEncrypted } from '../files/opening.ts';
import { notesFor, readConfig, ruleIn, tellNotes } from '../files/rules.ts';
import { tell } from '../words/telling.ts';
import { planLines, tellGone } from './changes.ts';
import { keyringOf } from './keyring.ts';
import { namesOf } from './names.ts';
import { agreeToLockOut } from './readers.ts';
import { say } from './say.ts';

const verb = 'updatekeys';

/** A file that is to get the keys of its rule. */
interface Planned {
  /** As a person named it. */
  readonly label: string;
  /** Undefined when it has them already. */
  readonly plan: Rewrap | undefined;
}

/** Gives several files the keys of their rules, in one change: all of them or none. @param at the config file. */
export async function updateMany(call: Call, at: string): Promise<number> {
  const { config } = await readConfig(call, at, at);
  const { planned, rules, failed } = await planAll(call, at, config);
  tellNotes(call.io, at, notesFor(config, rules));
  if (failed > 0) throw noneWritten(failed, call.args.length);
  const plans = planned.flatMap(({ plan }) => plan ?? []);
  const root = rootOf(
    [await machineOf(call.io).journals.real(at)],
    plans.map(({ path }) => path),
  );
  await requireQuietGit(call, root);
  if (!(await agreedTo(call, planned))) return 0;
  const files = (await rewrapped(call, plans)).map(({ file }) => file);
  if (files.length > 0) await writeMany(call, root, `updatekeys of ${files.length} files`, files, verb);
  for (const { label, plan } of planned) tellDone(call, label, plan !== undefined);
  tellGone(
    call,
    plans.map(({ plan }) => plan),
    call.flags.on('rotate'),
  );
  return 0;
}

/** What becomes of each file. Why it cannot be done is told for every file. */
async function planAll(
  call: Call,
  at: string,
  config: Config,
): Promise<{ readonly planned: readonly Planned[]; readonly rules: readonly Rule[]; readonly failed: number }> {
  const planned: Planned[] = [];
  const rules = new Set<Rule>();
  const seen = new Set<string>();
  let failed = 0;
  for (const file of call.args) {
    try {
      const input = await readFileOperand({ ...call, args: [file] }, exit.generic);
      const sealed = await readEncrypted(call, input);
      say(call, `Syncing keys for file ${input.path}`);
      const rule = ruleIn(config, at, rulePath(dirname(at), input.name));
      if (!rule) throw new Failure(exit.generic, '.sops.yaml has no creation rules.', 'Add one for this file.');
      rules.add(rule);
      const path = await machineOf(call.io).journals.real(input.path);
      if (seen.has(path)) continue;
      seen.add(path);
      const wanted = {
        groups: rule.groups,
        threshold: keptThreshold(sealed.metadata, rule.groups.length),
        rotate: call.flags.on('rotate'),
      };
      const plan = await about(input.label, () => planRewrap(path, input.content, sealed, wanted), exit.generic);
      planned.push({ label: input.label, plan });
    } catch (error) {
      failed++;
      await tell(call.io, error, verb, call.flags.on('verbose'));
    }
  }
  return { planned, rules: [...rules], failed };
}

/** Shows who comes and who goes, and asks once for all. Files with the same change are shown together, but as sops has it under its name. */
async function agreedTo(call: Call, planned: readonly Planned[]): Promise<boolean> {
  const { io, flags } = call;
  const changes = new Map<string, string[]>();
  const names = await namesOf(call);
  for (const { label, plan } of planned) {
    if (!plan) continue;
    const lines = planLines(plan.plan, names);
    if (io.name === 'sops') await io.writeStdout(`The following changes will be made to the file's groups:\n${lines}`);
    else changes.set(lines, [...(changes.get(lines) ?? []), label]);
  }
  for (const [lines, labels] of changes) {
    const list = labels.map((label) => `  ${visible(label)}\n`).join('');
    const files = labels.length === 1 ? '1 file' : `${labels.length} files`;
    await io.writeStdout(`The following changes will be made to the groups of ${files}:\n${list}${lines}`);
  }
  const count = planned.filter(({ plan }) => plan).length;
  if (count === 0 || flags.on('yes') || (await agreed(call, 'Is this okay?', '-y does not ask.'))) return true;
  for (const { label } of planned) say(call, `File ${label} left unchanged`, `${label}: Left as it was.`);
  return false;
}

/** Everything in memory, proved. Throws Failure when a file cannot be changed, after each reason was told. */
async function rewrapped(call: Call, plans: readonly Rewrap[]): Promise<readonly Rewrapped[]> {
  const done = await rewrapAll(plans, keyringOf(call), call.io.clock);
  const { ready, failures } = done ?? { ready: [], failures: [] };
  if (failures.length > 0) {
    await tellFailures(call, failures, verb);
    throw noneWritten(failures.length, plans.length);
  }
  const locked = ready.filter(({ lockedOut }) => lockedOut);
  const [first] = locked;
  const label = `${first?.file.path}${locked.length > 1 ? ` and ${locked.length - 1} more` : ''}`;
  if (first?.lockedOut) await agreeToLockOut(call, label, first.lockedOut);
  return ready;
}

function tellDone(call: Call, label: string, isNew: boolean): void {
  if (isNew) say(call, `File ${label} synced with new keys`, `${label}: The keys are those of the rule now.`);
  else say(call, `File ${label} already up to date`, `${label}: The keys are those of the rule already.`);
}
