import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { DataKey } from '../../core/keys/datakey.ts';
import { type Opened, openWith } from '../../core/open/open.ts';
import { unsealBytes } from '../../core/open/unseal.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { isLink, readIfThere, writeAtomically } from '../../node/files.ts';
import type { Io } from '../io.ts';

/** Where an edit waits that could not be saved: beside its file, as an encrypted binary file. */
const besideOf = (path: string) => `${path}.lockstep-edit`;

/** An edit of an earlier run that was not saved. */
export interface Unsaved {
  readonly text: Uint8Array;
  /** Takes it away: its text is in the file now, or is given up. */
  forget(): Promise<void>;
}

/**
 * Puts an edit beside its file, or where that cannot be among the temporary files; where it is now. One that waits already is not
 * written over, unless this one came of it. Throws what writing throws.
 * @param sealed the edit, encrypted.
 */
export async function keepBeside(path: string, sealed: Uint8Array, over: boolean): Promise<string> {
  const usual = besideOf(path);
  const other = `${usual}-${randomBytes(3).toString('hex')}`;
  const elsewhere = join(tmpdir(), basename(other));
  const isFree = over || (!existsSync(usual) && !(await isLink(usual)));
  for (const beside of isFree ? [usual, other] : [other]) {
    const isKept = await writeAtomically(beside, sealed).then(
      () => true,
      () => false,
    );
    if (isKept) return basename(beside);
  }
  await writeAtomically(elsewhere, sealed);
  return elsewhere;
}

/**
 * The edit that waits beside a file, if it was encrypted with the file's own data key: anybody can encrypt something for a public
 * key and put it there.
 */
async function findUnsaved(path: string, opened: Opened): Promise<Unsaved | 'foreign' | undefined> {
  const beside = besideOf(path);
  const found = await readIfThere(beside).catch(() => undefined);
  if (!found) return undefined;
  const key = await DataKey.from(Uint8Array.from(opened.dataKey.raw), opened.dataKey.entries);
  try {
    const kept = await openWith(readSealed(fromUtf8(found.bytes), 'binary'), key);
    return { text: await unsealBytes(kept), forget: () => unlink(beside).catch(() => undefined) };
  } catch {
    return 'foreign';
  } finally {
    key.dispose();
  }
}

/** Offers the edit that waits beside a file; undefined when there is none, or the person wants the file as it is. */
export async function offerUnsaved(io: Io, path: string, opened: Opened): Promise<Unsaved | undefined> {
  const found = await findUnsaved(path, opened);
  const name = basename(besideOf(path));
  if (found === 'foreign' || (found && !io.interactive)) {
    io.writeStderr(
      `lockstep: ${name} holds an edit that was not saved; it is not used${found === 'foreign' ? ', because it has another data key' : ''}.\n`,
    );
    return undefined;
  }
  while (found) {
    const answer = await io.ask(
      `${name} holds an edit that was not saved. Enter: continue with it. n: edit the file as it is. discard: delete it. `,
    );
    if (answer?.trim() === '') return found;
    if (answer?.trim() === 'discard') await found.forget();
    if (answer === undefined || ['n', 'discard'].includes(answer.trim())) return undefined;
  }
  return undefined;
}
