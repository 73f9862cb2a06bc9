import { fromUtf8 } from '../../core/bytes.ts';
import { surveyFile } from '../../core/survey/facts.ts';
import { isConfigName } from '../../core/view/names.ts';

const privateKey = /AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY-----/i;

/**
 * Whether these bytes may be committed under this name: an encrypted file with a MAC and no plaintext where a ciphertext should
 * be, or a `.sops.yaml` without a private key in it.
 */
export async function mayCommit(path: string, bytes: Uint8Array): Promise<boolean> {
  if (isConfigName(path)) return isText(bytes) && !privateKey.test(fromUtf8(bytes));
  const facts = await surveyFile(
    path,
    async () => bytes,
    async () => undefined,
  );
  return facts.kind === 'encrypted' && facts.damage === undefined;
}

function isText(bytes: Uint8Array): boolean {
  try {
    fromUtf8(bytes);
    return true;
  } catch {
    return false;
  }
}
