import { LockstepError } from '../core/errors.ts';
import { type Opened, open } from '../core/sops/open.ts';
import { readSealed } from '../core/sops/sealed.ts';
import { about, exit } from './failure.ts';
import { type Input, textOf } from './input.ts';
import { decryptionOrder, keyringOf } from './keyring.ts';
import { inputFormat } from './store.ts';
import type { Call } from './verbs.ts';

/** What goes wrong while metadata is read is exit code 1 for sops, whatever it is. */
const whenReading = () => exit.generic;

/** What goes wrong while the data key is unwrapped is exit code 128, unless core knows better. */
const noDataKey = (error: unknown) =>
  error instanceof LockstepError && ['BAD_IDENTITY', 'BAD_PASSPHRASE'].includes(error.code) ? 128 : undefined;

/**
 * Decrypts what was read. The MAC has to hold, unless `--ignore-mac`. Throws AboutFile. The caller disposes of it.
 */
export async function openInput(call: Call, input: Input): Promise<Opened> {
  decryptionOrder(call);
  const text = await textOf(input, exit.generic);
  const sealed = await about(input.label, () => readSealed(text, inputFormat(call, input.name, text)), whenReading);
  const opened = await about(input.label, () => open(sealed, keyringOf(call)), noDataKey);
  const trusted = call.flags.on('ignore-mac') ? opened.ignoringMac() : opened;
  if (trusted.verdict.ok) return trusted;
  const [first] = trusted.verdict.failures;
  opened.dispose();
  const path = first?.leaf?.path;
  return about(input.label, () => {
    throw new LockstepError(first?.code ?? 'VALUE_DAMAGED', path ? { path } : {});
  });
}
