import { LockstepError } from '../../core/errors.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import type { Run } from '../call.ts';
import { about, exit } from '../failure.ts';
import { readFileOperand } from '../files/input.ts';
import { sealedText } from '../files/store.ts';

/** `{"encrypted":true}` when the metadata can be read and holds a version and a MAC (subcommand/filestatus). */
export const filestatus: Run = async (call) => {
  const input = await readFileOperand(call, exit.generic);
  const encrypted = await about(
    input.label,
    () => {
      const { text, format } = sealedText(call, input.name, input.content.bytes);
      if (text === '' && format === 'yaml') return false;
      return isEncrypted(() => readSealed(text, format).metadata.mac);
    },
    exit.generic,
  );
  await call.io.writeStdout(`${JSON.stringify({ encrypted })}\n`);
  return 0;
};

function isEncrypted(mac: () => string | undefined): boolean {
  try {
    return mac() !== undefined;
  } catch (error) {
    if (error instanceof LockstepError && (error.code === 'NO_METADATA' || error.code === 'BAD_VERSION')) return false;
    throw error;
  }
}
