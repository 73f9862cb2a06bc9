import { bareRecipient } from '../../core/age/sshkey.ts';
import { tryUtf8 } from '../../core/bytes.ts';
import { type Names, namesIn } from '../../core/people/names.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import type { Call } from '../call.ts';
import { readAny } from '../files/input.ts';
import { configPath } from '../files/rules.ts';

/**
 * The names that `.sops.yaml` gives to recipients; none where there is no such file or it cannot be read, which is for others to tell.
 * None either under the name `sops`, whose lines programs read.
 */
export async function namesOf(call: Call): Promise<Names> {
  if (call.io.name === 'sops') return new Map();
  try {
    const at = configPath(call);
    return namesIn((at !== undefined && tryUtf8((await readAny(call, at)).bytes)) || '');
  } catch {
    return new Map();
  }
}

/** A key in full, as scripts take it, with the name of the person behind it as in `.sops.yaml`. Not yet fit for a terminal. */
export function named(names: Names, { name }: Pick<KeyName, 'name'>): string {
  const person = names.get(bareRecipient(name));
  return person === undefined ? name : `${name} # ${person}`;
}
