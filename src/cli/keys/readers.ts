import { sameRecipient } from '../../core/age/sshkey.ts';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { requireStillOpens } from '../../core/keys/proof.ts';
import { requiredGroups } from '../../core/keys/shamir.ts';
import { isPlace } from '../../core/platform/keyplaces.ts';
import { matchRule, type Rule } from '../../core/rules/rules.ts';
import type { SealOptions } from '../../core/seal/seal.ts';
import type { Change } from '../../core/seal/sign.ts';
import { type KeyName, sameKey } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import { agreed } from '../agree.ts';
import type { Call } from '../call.ts';
import { AboutFile, about, exit, Failure } from '../failure.ts';
import { configPath, readConfig } from '../files/rules.ts';
import { describe, sentenceOf } from '../words/words.ts';
import { keyringOf } from './keyring.ts';
import { named, namesOf } from './names.ts';

/** For whom a data key is about to be wrapped. */
interface Readers {
  readonly groups: readonly (readonly KeyName[])[];
  /** `shamir_threshold`, 0 for all groups. */
  readonly threshold: number;
  /** Those that the command line itself names. */
  readonly typed: readonly KeyName[];
}

/**
 * Names everybody that a data key is about to be wrapped for, on standard error: the list of readers in a file is not sealed, so
 * anybody who can write the file may be on it. When the creation rule of the file does not name somebody, or asks for more
 * groups, a person is asked, or `--yes` is needed. Throws Failure when the answer is no or there is none.
 * @param file absolute, for the rule. @param what that is wrapped, at the beginning of a sentence.
 */
export async function agreeOnReaders(
  call: Call,
  label: string,
  file: string,
  what: string,
  readers: Readers,
): Promise<void> {
  if (readers.groups.every((keys) => keys.length === 0)) return;
  const rule = await ruleAbout(call, label, file);
  const strangers = rule ? strangersTo(rule, readers) : [];
  const looser = rule !== undefined && rule !== 'unreadable' && isLooser(rule, readers);
  call.io.writeStderr(`lockstep: ${visible(label)}: ${what} is for:\n${await linesOf(call, readers, strangers)}`);
  if (strangers.length === 0 && !looser) return;
  const why = looser
    ? 'The rule in .sops.yaml asks for keys of more groups than the file does.'
    : rule === 'unreadable'
      ? 'The rule in .sops.yaml cannot be read, so nobody is known to be meant.'
      : 'The rule in .sops.yaml does not name everybody.';
  call.io.writeStderr(`lockstep: ${visible(label)}: ${why}\n`);
  if (call.flags.on('yes')) return;
  const next = 'updatekeys gives a file the readers of its rule; -y goes on with these.';
  if (!call.io.interactive) throw new Failure(exit.generic, `${label}: ${why}`, `Nothing was written. ${next}`);
  if (!(await agreed(call, 'Is this okay?', next)))
    throw new Failure(exit.generic, `${label}: Left as it was.`, 'updatekeys gives a file the readers of its rule.');
}

/** The rule of a file; undefined where none is for it, as in a folder without `.sops.yaml`. sops does not look for it here. */
async function ruleAbout(call: Call, label: string, file: string): Promise<Rule | 'unreadable' | undefined> {
  try {
    const at = configPath(call);
    if (at === undefined) return undefined;
    const { config, path } = await readConfig(call, at, file);
    return matchRule(config, path);
  } catch (error) {
    const { lines } = describe(error, call.flags.on('verbose'));
    call.io.writeStderr(`lockstep: ${visible(label)}: ${lines.join('\n')}\n`);
    return 'unreadable';
  }
}

function strangersTo(rule: Rule | 'unreadable', { groups, typed }: Readers): KeyName[] {
  const named = rule === 'unreadable' ? [] : rule.groups.flat();
  const known = [...named, ...typed];
  return groups.flat().filter((key) => !known.some((other) => sameKey(key, other)));
}

/** Fewer groups than the rule asks for, or somebody in a group together with whom the rule has them apart. */
function isLooser(rule: Rule, { groups, threshold, typed }: Readers): boolean {
  if (rule.groups.length < 2) return false;
  if (requiredGroups(groups.length, threshold) < requiredGroups(rule.groups.length, rule.shamirThreshold)) return true;
  const isIn = (group: readonly KeyName[], key: KeyName) => [...group, ...typed].some((other) => sameKey(key, other));
  return !groups.every((keys) => rule.groups.some((group) => keys.every((key) => isIn(group, key))));
}

async function linesOf(call: Call, { groups, threshold }: Readers, strangers: readonly KeyName[]): Promise<string> {
  const own = (await keyringOf(call).openers()).map(({ kind, recipient }): KeyName => ({ kind, name: recipient }));
  const names = await namesOf(call);
  const mark = (key: KeyName) =>
    strangers.includes(key) ? ' (not named by the rule)' : own.some((one) => sameKey(key, one)) ? ' (yours)' : '';
  const line = (key: KeyName) =>
    `  ${visible(`${key.kind === 'age' ? '' : `${key.kind} `}${named(names, key)}`)}${mark(key)}\n`;
  if (groups.length === 1) return (groups[0] ?? []).map(line).join('');
  const needed = requiredGroups(groups.length, threshold);
  const each = groups.map((keys, i) => ` Group ${i + 1}\n${keys.map(line).join('')}`);
  return `${each.join('')} Needed together: ${needed} of ${groups.length} groups\n`;
}

/**
 * Proves, before a changed file is written, that the keys at hand still open it. When they do not, a person is asked, or
 * `--yes-lock-me-out` is needed. Throws Failure, AboutFile.
 */
export async function requireOwnAccess(
  call: Call,
  label: string,
  { text, read }: Pick<Change, 'text' | 'read'>,
  format: FormatId,
): Promise<void> {
  try {
    await about(label, () => requireStillOpens(text, format, keyringOf(call), read), exit.generic);
  } catch (error) {
    const cause = error instanceof AboutFile ? error.cause : error;
    if (!(cause instanceof LockstepError) || cause.code !== 'LOCKED_OUT') throw error;
    await agreeToLockOut(call, label, cause);
  }
}

/** For a file that no key at hand will open any more. Throws when nobody says that it is meant. */
export async function agreeToLockOut(call: Call, label: string, error: LockstepError): Promise<void> {
  if (call.flags.on('yes-lock-me-out')) return;
  if (!call.io.interactive) throw new AboutFile(label, error, exit.generic);
  call.io.writeStderr(`lockstep: ${visible(label)}: ${sentenceOf(error)}\n`);
  if (!(await agreed(call, 'Lock yourself out?', '--yes-lock-me-out does not ask.')))
    throw new Failure(exit.generic, `${label}: Left as it was.`);
}

/**
 * The same for a file that is about to be written for the first time, before anybody types a word of it: names whom it is for,
 * who are those of the flags or of the rule, and looks whether the keys at hand will open it. Throws Failure, AboutFile.
 */
export async function agreeOnNewFile(call: Call, label: string, file: string, recipe: SealOptions): Promise<void> {
  const groups = recipe.groups ?? [recipe.recipients.map((name): KeyName => ({ kind: 'age', name }))];
  const threshold = recipe.shamirThreshold ?? 0;
  await agreeOnReaders(call, label, file, 'The new file', { groups, threshold, typed: groups.flat() });
  const own = await keyringOf(call).own();
  const reached = groups.filter((keys) =>
    keys.some(({ name }) => own.some((key) => sameRecipient(key.recipient, name))),
  );
  if (reached.length >= requiredGroups(groups.length, threshold)) return;
  // A key file under a pass phrase may hold the key: nobody is asked for it before there is a file.
  const looks = await keyringOf(call).looks();
  if (looks.some(({ spot, locked }) => locked > 0 && isPlace(spot) && spot.kind === 'key-file')) return;
  await agreeToLockOut(call, label, new LockstepError('LOCKED_OUT'));
}
