import { joinLines, requireOneLineEach } from '../../core/env/lines.ts';
import { readLiteral } from '../../core/env/read.ts';
import { type ErrorCode, LockstepError } from '../../core/errors.ts';
import { dataKey } from '../../core/format/binary.ts';
import type { FormatId } from '../../core/format/document.ts';
import { bytesOfText, textOfFile } from '../../core/format/encoding.ts';
import { formatOfName, getFormat } from '../../core/format/which.ts';
import { treeOf } from '../../core/open/plaintree.ts';
import { type SealOptions, sealBytes } from '../../core/seal/seal.ts';
import { sealTree } from '../../core/seal/tree.ts';
import { defaultSelector } from '../../core/sops/selection.ts';
import type { PlainMap } from '../../core/tree/plain.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { asksForIndent, emitOptions, storeIndents } from '../files/emitting.ts';
import { type Input, inPlaceWithoutFile, readInput } from '../files/input.ts';
import { checkTarget, writeResult } from '../files/output.ts';
import { recipeFor } from '../files/recipe.ts';
import { outputFormat, plainFormat } from '../files/store.ts';
import { tellDifferences } from '../run/envvalues.ts';
import { tellLeft } from '../words/clearnote.ts';
import { spelledBytes, withPathIn } from '../words/spelling.ts';

/** Encrypts a plain file for the recipients of its rule or of the flags. */
export const encrypt: Run = async (call) => {
  const { flags, args } = call;
  checkTarget(call);
  const stdin = args[0] === undefined || args[0] === '-';
  if (stdin && flags.on('in-place')) throw inPlaceWithoutFile();
  if (stdin && !flags.text('filename-override'))
    throw new Failure(
      exit.conflictingFlags,
      'Standard input has no name.',
      'Say which rule and format to use: --filename-override NAME.',
      'Error: must specify --filename-override when reading from stdin',
    );
  const input = await readInput(call);
  const recipe = await recipeFor(call, input.name);
  const { bytes, sealed } = await sealInput(call, input, recipe);
  tellLeft(call.io, input.label, sealed);
  await writeResult(call, input, bytes, false);
  return 0;
};

/** A plain file, encrypted where it stands; in another format, or with `--indent`, it is printed anew first. Throws AboutFile. */
export async function sealInput(call: Call, input: Input, recipe: SealOptions): ReturnType<typeof sealBytes> {
  const format = plainFormat(call, input.name);
  const wanted = storeFor(format, writtenAs(call, input.name, format));
  const sealOptions = { ...recipe, indents: await storeIndents(call, wanted) };
  const stays = wanted === format && !asksForIndent(call, wanted);
  const file = { bytes: await plainBytes(call, input, format), format };
  const plain = spelledBytes(call, input.label, file, stays ? (recipe.selector ?? defaultSelector) : undefined);
  if (stays)
    return sealing(
      input,
      () => sealBytes(plain, format, sealOptions, call.io.clock),
      exitOf(plain, format),
      (error) => withPathIn(error, plain, format),
    );
  const options = { ...sealOptions, ...(await emitOptions(call, wanted)) };
  const tree = await sealing(
    input,
    async () => treeOfPlain(plain, format),
    exitOf(plain, format),
    (error) => withPathIn(error, plain, format),
  );
  return sealing(input, () => sealTree(tree, wanted, options, call.io.clock), exitOfTree);
}

/** With `--join-lines` without line breaks in the values of a dotenv file. Tells which of them a loader reads otherwise. */
async function plainBytes({ io, flags }: Call, input: Input, format: FormatId): Promise<Uint8Array> {
  const { bytes } = input.content;
  if (format !== 'dotenv') return bytes;
  return sealing(
    input,
    async () => {
      const read = textOfFile(bytes, format);
      const text = flags.on('join-lines') ? joinLines(read) : read;
      requireOneLineEach(text);
      tellDifferences(io, input.label, readLiteral(text));
      return text === read ? bytes : bytesOfText(text);
    },
    exitOf(bytes, format),
  );
}

/** A name that says nothing is that of a binary file to sops, whatever is in it; what it could not read must not be written. */
function writtenAs(call: Call, name: string, format: FormatId): FormatId {
  const asked = call.flags.text('output-type') !== undefined;
  return !asked && formatOfName(name) === 'binary' ? 'binary' : outputFormat(call, name, format);
}

/** The binary store of sops writes JSON: bytes as JSON are its envelope, and names and values as binary are a JSON file. */
function storeFor(format: FormatId, wanted: FormatId): FormatId {
  if (format === 'binary') return wanted === 'json' ? 'binary' : wanted;
  return wanted === 'binary' ? 'json' : wanted;
}

/** Throws what `parse` throws, and ALREADY_ENCRYPTED. */
function treeOfPlain(bytes: Uint8Array, format: FormatId): PlainMap[] {
  if (format === 'binary') {
    const value = { kind: 'scalar', scalar: { type: 'str', value: bytes } } as const;
    return [{ kind: 'map', members: [{ kind: 'entry', key: dataKey, value }] }];
  }
  const doc = getFormat(format).parse(textOfFile(bytes, format));
  if (doc.metadata.some((block) => block !== undefined)) throw new LockstepError('ALREADY_ENCRYPTED');
  return treeOf(doc);
}

/** An entry named `sops` that is no metadata is in the way of it as well. */
async function sealing<T>(
  input: Input,
  work: () => Promise<T>,
  exitCode: (error: unknown) => number | undefined,
  placed: (error: unknown) => unknown = (error) => error,
): Promise<T> {
  return about(
    input.label,
    async () => {
      try {
        return await work();
      } catch (error) {
        const taken = error instanceof LockstepError && error.code === 'BAD_METADATA';
        throw taken ? new LockstepError('ALREADY_ENCRYPTED', { ...error.place, what: undefined }) : placed(error);
      }
    },
    exitCode,
  );
}

/**
 * sops reads a plain file before it does anything else: what cannot be read is exit code 2. So is a file without a document;
 * only one without a byte has a code of its own.
 */
function exitOf(plain: Uint8Array, format: FormatId): (error: unknown) => number | undefined {
  const reading: ErrorCode[] = ['SYNTAX', 'DUPLICATE_KEY', 'NOT_A_MAP', 'ALIAS_BOMB', 'NOT_UTF8'];
  if (format === 'json' || plain.length > 0) reading.push('EMPTY_FILE');
  return (error) => (error instanceof LockstepError && reading.includes(error.code) ? exit.cannotRead : undefined);
}

function exitOfTree(error: unknown): number | undefined {
  const emitting: ErrorCode[] = ['BAD_VALUE', 'BAD_NAME'];
  return error instanceof LockstepError && emitting.includes(error.code) ? exit.cannotEmit : undefined;
}
