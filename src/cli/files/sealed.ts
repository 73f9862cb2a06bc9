import { isSealed } from '../../core/format/look.ts';
import { formatOfBytes } from '../../core/format/which.ts';

/** Whether a file has the metadata of an encrypted one. What cannot be read as text has not. */
export function isEncryptedFile(path: string, bytes: Uint8Array): boolean {
  try {
    const { text, format } = formatOfBytes(path, bytes);
    return isSealed(text, format);
  } catch {
    return false;
  }
}
