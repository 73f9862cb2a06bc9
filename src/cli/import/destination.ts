import { resolve } from 'node:path';
import { change } from '../../core/change/change.ts';
import { LockstepError } from '../../core/errors.ts';
import { stepsOf, treeFor } from '../../core/foreign/apply.ts';
import { lostInPlan } from '../../core/foreign/lost.ts';
import type { Planned } from '../../core/foreign/plan.ts';
import { emptyMap, heldBy } from '../../core/foreign/there.ts';
import type { FormatId } from '../../core/format/document.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import { formatOfName } from '../../core/format/which.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { sealTree } from '../../core/seal/tree.ts';
import { visible } from '../../core/tree/path.ts';
import type { Value } from '../../core/tree/value.ts';
import { fileError, readBytesSync, stage } from '../../node/files.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { emitOptions, storeIndents } from '../files/emitting.ts';
import type { Input } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { replace, writing } from '../files/output.ts';
import { recipeFor } from '../files/recipe.ts';
import { tellClear, tellLeft } from '../words/clearnote.ts';

/** The encrypted file that values are brought into, as it was read; or one that is to be made. */
export interface Destination {
  readonly label: string;
  readonly format: FormatId;
  /** What it holds: plaintext. */
  readonly there: Value;
  /** The named encryption keys that a plan replaces. Throws AboutFile for one that gets a value that is no key. */
  lost(plan: readonly Planned[]): Promise<readonly string[]>;
  /** Carries out a plan: all of it, or the file stays as it was. Throws AboutFile. */
  write(plan: readonly Planned[]): Promise<void>;
  dispose(): void;
}

/** Throws AboutFile for a file that cannot be read or opened, Failure for one that cannot hold entries. */
export async function destinationOf(call: Call, file: string): Promise<Destination> {
  const path = resolve(call.io.cwd, file);
  const label = visible(file);
  const content = readIfThere(path, label);
  if (content) return existing(call, { label, path, name: path, content });
  const format = formatOfName(path);
  if (format === 'binary')
    throw new Failure(
      exit.generic,
      `${label}: The name does not say what kind of file it is to be.`,
      'Let it end with .yaml, .json, .env or .ini.',
    );
  const options = await about(label, () => recipeFor(call, path));
  return {
    label,
    format,
    there: emptyMap,
    lost: async () => [],
    async write(plan) {
      const shape = { ...options, indents: await storeIndents(call, format), ...(await emitOptions(call, format)) };
      const { bytes, sealed } = await about(label, () => sealTree([treeFor(plan)], format, shape, call.io.clock));
      await writeNew(path, label, bytes);
      tellLeft(call.io, label, sealed);
    },
    dispose: () => undefined,
  };
}

function readIfThere(path: string, label: string) {
  try {
    return readBytesSync(path);
  } catch (error) {
    const known = fileError(error);
    if (known.code === 'GONE') return undefined;
    throw new Failure(exit.cannotRead, `${label}: The file cannot be read.`, 'Check the name and its permissions.');
  }
}

async function existing(call: Call, input: Input): Promise<Destination> {
  const opened = await openInput(call, input);
  const { format } = opened.sealed;
  if (format === 'binary') {
    opened.dispose();
    return about(input.label, () => Promise.reject(new LockstepError('BAD_VALUE', { what: 'binary-file' })));
  }
  const there = await heldBy(opened);
  return {
    label: input.label,
    format,
    there,
    lost: (plan) => about(input.label, () => lostInPlan(opened, plan)),
    async write(plan) {
      const { text } = await about(input.label, () => change(opened, stepsOf(plan, there), call.io.clock));
      await replace(input, bytesOfText(text));
      tellClear(call.io, input.label, opened.sealed, text);
    },
    dispose: () => opened.dispose(),
  };
}

/** Whole, and not in the place of a file that came meanwhile. */
function writeNew(path: string, label: string, bytes: Uint8Array): Promise<void> {
  return writing(label, async () => {
    const staged = await stage(path, bytes, { newMode: publicMode });
    if (readIfThere(path, label)) {
      await staged.discard();
      throw new LockstepError('CHANGED_ON_DISK');
    }
    await staged.commit();
  });
}
