import { LockstepError } from '../../core/errors.ts';
import { isSealed } from '../../core/format/look.ts';
import { openVersion } from '../../core/merge/opening.ts';
import { type Decisions, type Merged, mergeVersions } from '../../core/merge/versions.ts';
import type { Opened } from '../../core/open/open.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import type { Call } from '../call.ts';
import { AboutFile, about, exit, Failure } from '../failure.ts';
import { agentOf, inPassing, keyringOf } from '../keys/keyring.ts';
import { requireOwnAccess } from '../keys/readers.ts';

/** The bytes of three versions of one file. No `base`: each side made the file. */
export interface Sides {
  readonly base: Uint8Array | undefined;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** How each is named to people. */
const names = { base: 'the common ancestor', ours: 'ours', theirs: 'theirs' } as const;
type SideName = keyof typeof names;

/** Whether none of the versions is an encrypted file. */
export function isPlain(name: string, { base, ours, theirs }: Sides): boolean {
  return [base, ours, theirs].every((bytes) => {
    const found = bytes && read(name, bytes);
    return !found || !isSealed(found.text, found.format);
  });
}

function read(name: string, bytes: Uint8Array): ReturnType<typeof sealedTextOf> | undefined {
  try {
    return sealedTextOf(name, bytes);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/**
 * Opens the versions of a file and merges them. Throws AboutFile, which names the version, for one that is no encrypted file, is
 * damaged, has another format, or that no key at hand opens. `isOurs`: the result is ours as it stands.
 * @param label the file, as people name it. @param name of the file, absolute: it decides on the format.
 */
export async function mergeSides(
  call: Call,
  label: string,
  name: string,
  sides: Sides,
  decisions: Decisions = {},
): Promise<Merged & { readonly isOurs: boolean }> {
  agentOf(call.io)?.about(name);
  const open: Opened[] = [];
  const opened = async (side: SideName, bytes: Uint8Array): Promise<Opened> => {
    const version = await openSide(call, `${label} (${names[side]})`, name, bytes, open);
    open.push(version);
    return version;
  };
  try {
    const ours = await opened('ours', sides.ours);
    const theirs = await opened('theirs', sides.theirs);
    const base = sides.base && (await opened('base', sides.base));
    const merged = await about(
      label,
      () => mergeVersions({ base, ours, theirs }, call.io.clock, decisions),
      exit.generic,
    );
    if (merged.keysChanged) await requireOwnAccess(call, label, merged, ours.sealed.format);
    return { ...merged, isOurs: merged.text === ours.sealed.doc.text };
  } finally {
    for (const version of open) version.dispose();
  }
}

function openSide(
  call: Call,
  label: string,
  name: string,
  bytes: Uint8Array,
  others: readonly Opened[],
): Promise<Opened> {
  return about(
    label,
    async () => {
      const { text, format } = sealedTextOf(name, bytes);
      const [ours] = others;
      if (ours && ours.sealed.format !== format)
        throw new Failure(
          exit.generic,
          `${label}: This version is ${format}, and ours is ${ours.sealed.format}.`,
          'Choose one of them.',
        );
      // What comes from elsewhere may name a Vault of somebody else.
      const known = others.flatMap(({ sealed }) => sealed.metadata.groups.flat());
      const keyring = ours ? inPassing(keyringOf(call), call.io, known) : keyringOf(call);
      const opened = await openVersion(readSealed(text, format), keyring, others);
      if (opened.verdict.ok) return opened;
      const [first] = opened.verdict.failures;
      opened.dispose();
      const path = first?.leaf?.path;
      throw new LockstepError(first?.code ?? 'VALUE_DAMAGED', path ? { path } : {});
    },
    exit.generic,
  );
}

/** Whether bytes are an encrypted file that opens with the keys at hand, and whose MAC holds. */
export async function isWhole(call: Call, name: string, bytes: Uint8Array): Promise<boolean> {
  try {
    (await openSide(call, '', name, bytes, [])).dispose();
    return true;
  } catch (error) {
    if (error instanceof AboutFile) return false;
    throw error;
  }
}
