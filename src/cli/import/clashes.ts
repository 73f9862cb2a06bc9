import { isCalled } from '../../core/env/secretnames.ts';
import { isSettled } from '../../core/foreign/apply.ts';
import type { Decision, Planned } from '../../core/foreign/plan.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';

type Plan = (decisions: ReadonlyMap<number, Decision>) => readonly Planned[];

/** Whether somebody means an entry by a name: that in its own file, or the one that it is to have. */
const isMeant = ({ path, found }: Planned, name: string) =>
  isCalled({ path, variable: '' }, name) || isCalled({ path: found.path, variable: '' }, name);

const isOpen = ({ fate }: Planned) => fate === 'clash' || fate === 'blocked';

/** What flags say about clashes. Throws Failure for a name that does not clash, and for a new name that is none. */
export function decisionsOf({ flags }: Call, plan: Plan): ReadonlyMap<number, Decision> {
  const clashes = plan(new Map()).filter(isOpen);
  const decisions = new Map<number, Decision>();
  const all = flags.text('clashes');
  if (all !== undefined && all !== 'keep' && all !== 'replace')
    throw new Failure(
      exit.generic,
      '--clashes takes keep or replace.',
      'For single names: --keep, --replace, --rename.',
    );
  if (all) for (const { id, fate } of clashes) decisions.set(id, fate === 'blocked' ? 'keep' : all);
  const decide = (name: string, decision: Decision) => {
    const meant = clashes.filter((one) => isMeant(one, name));
    if (meant.length === 0)
      throw new Failure(exit.generic, `${visible(name)}: No entry of this name clashes.`, 'See the list: --preview.');
    for (const { id } of meant) decisions.set(id, decision);
  };
  for (const name of flags.list('keep')) decide(name, 'keep');
  for (const name of flags.list('replace')) decide(name, 'replace');
  for (const pair of flags.list('rename')) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1)
      throw new Failure(
        exit.generic,
        '--rename takes a new name and an old one.',
        'For example: --rename DB_PASS=db.pass',
      );
    decide(pair.slice(at + 1), { rename: pair.slice(0, at) });
  }
  return decisions;
}

/** Asks about each clash until none is left. Throws Failure when there is no answer. */
export async function askAbout(
  call: Call,
  plan: Plan,
  known: ReadonlyMap<number, Decision>,
  label: string,
): Promise<ReadonlyMap<number, Decision>> {
  const decisions = new Map(known);
  for (let now = plan(decisions); !isSettled(now); now = plan(decisions)) {
    const open = now.find(isOpen);
    if (open) decisions.set(open.id, await answerFor(call, open, label));
  }
  return decisions;
}

async function answerFor({ io }: Call, { path, fate, within }: Planned, label: string): Promise<Decision> {
  const name = showPath(path);
  const where = within ? 'of the same file' : `in ${label}`;
  const question =
    fate === 'blocked'
      ? `${name}: a group and a value have this name. Leave it out or rename it? (k/r): `
      : `${name}: another value ${where} has this name. Keep that one, replace it, or rename the new one? (k/p/r): `;
  for (;;) {
    const answer = await orFail(io.ask(question));
    if (answer === 'k') return 'keep';
    if (answer === 'p' && fate !== 'blocked') return 'replace';
    if (answer !== 'r') continue;
    const rename = await orFail(io.ask('New name: '));
    if (rename !== '') return { rename };
  }
}

async function orFail(asked: Promise<string | undefined>): Promise<string> {
  const answer = (await asked)?.trim();
  if (answer === undefined)
    throw new Failure(
      exit.generic,
      'There is no answer.',
      'Nothing was written. --keep, --replace and --rename decide without one.',
    );
  return answer;
}
