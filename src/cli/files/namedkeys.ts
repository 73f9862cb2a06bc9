import { ageNames } from '../../core/keys/updatekeys.ts';
import { keyOf } from '../../core/rules/keys.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';
import { foreignKinds, type OptionName, options } from '../options.ts';

/** The names in all values of a flag, each separated by commas. */
export function listed(flags: Flags, name: OptionName): string[] {
  return flags.list(name).flatMap(parts);
}

/** Keys that a command line names for a new file, or the variables that stand in for its flags. Throws Failure, BAD_RECIPIENT. */
export function keysOf(flags: Flags): KeyName[] {
  return named(flags, (name) => partsOf(flags.text(name)), '');
}

/** Keys of a new group: each flag may be repeated, and no variable counts. Throws as `keysOf`. */
export function keysOfGroup(flags: Flags): KeyName[] {
  return named(flags, (name) => listed(flags, name), '');
}

/** Keys to be added by `--add-age`, `--add-pgp` and so on. Throws as `keysOf`. */
export function keysToAdd(flags: Flags): KeyName[] {
  return named(flags, (name) => listed(flags, name), 'add-');
}

function named(flags: Flags, read: (name: OptionName) => string[], prefix: '' | 'add-'): KeyName[] {
  const aws = { profile: flags.text('aws-profile') ?? '', context: contextOf(flags.text('encryption-context') ?? '') };
  const others = foreignKinds.flatMap((flag) =>
    read(`${prefix}${flag}`).map((text) => keyOf(options[flag].kind ?? 'age', text, aws)),
  );
  return [...ageNames(read(`${prefix}age`)), ...others];
}

/** An empty one is no key, and refused as that, as by sops. */
const parts = (value: string) => value.split(',').map((one) => one.trim());
const partsOf = (value: string | undefined) => (value === undefined ? [] : parts(value));

/** `name:value`, separated by commas (SOPS kms/keysource.go, `ParseKMSContext`). */
function contextOf(text: string): (readonly [string, string])[] {
  return partsOf(text || undefined).map((pair) => {
    const at = pair.indexOf(':');
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
    throw new Failure(
      exit.generic,
      '--encryption-context takes pairs.',
      'For example: --encryption-context Role:web,Stage:test',
    );
  });
}
