import { exit, Failure } from '../failure.ts';
import { type Run, verbs } from '../verbs.ts';

/** `-e`, `-d`, `-r` and `--set` of sops before it had verbs; none of them is `edit`. */
export const bare: Run = async (call) => {
  const { flags } = call;
  const chosen = (['encrypt', 'decrypt', 'rotate'] as const).filter((name) => flags.on(name));
  const names: string[] = flags.text('set') === undefined ? chosen : [...chosen, 'set'];
  if (names.length > 1)
    throw new Failure(
      exit.conflictingFlags,
      `--${names[0]} and --${names[1]} contradict each other.`,
      'Keep one of them.',
    );
  const verb = verbs[names[0] ?? 'edit'];
  if (!verb) throw new Failure(exit.generic, 'There is no such verb.');
  return (await verb.load())(call);
};
