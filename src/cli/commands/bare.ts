import type { Call, Run } from '../call.ts';
import { contradiction, exit, Failure } from '../failure.ts';
import { requireFile } from '../files/input.ts';

/** `-e`, `-d`, `-r` and `--set` of sops before it had verbs; none of them is `edit`. `load` finds a verb by its name. */
export const bare =
  (load: (verb: string) => Promise<Run>): Run =>
  async (call) => {
    const { flags } = call;
    const setting = flags.text('set');
    const modes = (['encrypt', 'decrypt', 'rotate'] as const).filter((name) => flags.on(name));
    const names: string[] = setting === undefined ? modes : [...modes, 'set'];
    if (names.length > 1)
      throw contradiction(
        names[0] ?? '',
        names[1] ?? '',
        'More than one command (--encrypt, --decrypt, --rotate, --set) has been specified.',
      );
    requireFile(call);
    const verb = await load(names[0] ?? 'edit');
    return verb(setting === undefined ? call : { ...call, args: setArguments(call, setting) });
  };

/** `--set '["key"] "value"'` as the operands of the verb: the path ends at the first `]` before a space. */
function setArguments({ args }: Call, text: string): string[] {
  const at = text.indexOf('] ');
  if (at < 0)
    throw new Failure(
      exit.badSetFormat,
      '--set takes a path and a value.',
      `For example: --set '["key"] "value"'`,
      'Invalid --set format',
    );
  return [args[0] ?? '', text.slice(0, at + 1), text.slice(at + 2)];
}
