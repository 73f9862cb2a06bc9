import type { Opened } from '../core/sops/open.ts';
import { unsealBytes } from '../core/sops/unseal.ts';
import { about, exit } from './failure.ts';
import type { Input } from './input.ts';
import type { Call } from './verbs.ts';

/** The clear text of an opened file, in the format that the flags or the name ask for. Throws AboutFile. */
export function clearText(_call: Call, input: Input, opened: Opened): Promise<Uint8Array> {
  return about(
    input.label,
    () => unsealBytes(opened),
    () => exit.cannotEmit,
  );
}
