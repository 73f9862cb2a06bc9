import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { type EmitOptions, emit, emitNode } from '../../core/format/emit/emit.ts';
import { nodeAt } from '../../core/format/place.ts';
import { type Opened, openWith } from '../../core/open/open.ts';
import { plainTree } from '../../core/open/plaintree.ts';
import { unsealBytes } from '../../core/open/unseal.ts';
import type { Indents } from '../../core/rules/rules.ts';
import { convertSealed } from '../../core/seal/tree.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import type { Path } from '../../core/tree/path.ts';
import type { PlainNode } from '../../core/tree/plain.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Input } from './input.ts';
import { configPath, readConfig } from './rules.ts';
import { outputFormat } from './store.ts';

/**
 * The plaintext of an opened file. In its own format it is what was encrypted, byte for byte; in another one, or with
 * `--indent`, it is printed anew, as sops does it. Throws AboutFile.
 */
export async function clearText(call: Call, input: Input, opened: Opened): Promise<Uint8Array> {
  const { format } = opened.sealed;
  const wanted = outputFormat(call, input.name, format);
  if (wanted === format && !asksForIndent(call, wanted) && !isJsonAsYaml(call, opened))
    return emitting(input, () => unsealBytes(opened));
  const options = await emitOptions(call, wanted);
  return emitting(input, async () => emit(await plainTree(opened), wanted, options));
}

/** JSON is YAML too; whoever asks for YAML wants it to look like that. */
function isJsonAsYaml({ flags }: Call, { sealed: { format, doc } }: Opened): boolean {
  return format === 'yaml' && flags.text('output-type') === 'yaml' && /^\s*\{/.test(doc.text);
}

/** One value or branch of the first document (`decrypt --extract`). Throws AboutFile. */
export async function clearPart(call: Call, input: Input, opened: Opened, path: Path): Promise<Uint8Array> {
  const wanted = outputFormat(call, input.name, opened.sealed.format);
  const [root] = await plainTree(opened);
  const node = nodeAt<PlainNode>(root, path);
  if (!node) return about(input.label, () => Promise.reject(new LockstepError('NO_SUCH_ENTRY', { path })));
  const options = await emitOptions(call, wanted);
  return emitting(input, async () => emitNode(node, wanted, options));
}

const emitting = <T>(input: Input, work: () => Promise<T>) => about(input.label, work, exit.cannotEmit);

/** Whether a person asks for other indentation than the file has. */
export function asksForIndent({ flags }: Call, format: FormatId): boolean {
  return flags.number('indent') !== undefined && (format === 'yaml' || format === 'json');
}

/** Indentation by `--indent`, or by `stores` of the config file. */
export async function emitOptions(call: Call, format: FormatId): Promise<EmitOptions> {
  if (format !== 'yaml' && format !== 'json' && call.flags.number('indent') === undefined) return {};
  const indent = (await storeIndents(call, format))[format === 'json' ? 'json' : 'yaml'];
  return indent === undefined ? {} : { indent };
}

/** The same for every store, where `format` is written. Throws Failure for what it cannot have. */
export async function storeIndents(call: Call, format: FormatId): Promise<Indents> {
  const typed = call.flags.number('indent');
  if (typed !== undefined && typed < (leastIndent[format] ?? typed))
    throw new Failure(
      exit.cannotEmit,
      '--indent takes a number of spaces; -1 means a tab, in JSON.',
      'For example: --indent 2',
      'Error dumping file',
    );
  if (typed !== undefined) return { yaml: typed, json: typed, jsonBinary: typed };
  const path = configPath(call);
  return path === undefined ? {} : ((await readConfig(call, path, path)).config.indents ?? {});
}

const leastIndent: Partial<Record<FormatId, number>> = { yaml: 0, json: -1, binary: -1 };

/**
 * For verbs that change a file where it stands: the file as it is, or in the format of `--output-type`, which is then how it is
 * written. Both share what `dispose` wipes. Throws AboutFile.
 */
export async function inOutputFormat(call: Call, input: Input, opened: Opened): Promise<Opened> {
  const { format } = opened.sealed;
  const asked = call.flags.text('output-type') !== undefined;
  const wanted = asked ? storedAs(outputFormat(call, input.name, format), format) : format;
  if (wanted === format) return opened;
  const options = await emitOptions(call, wanted);
  return emitting(input, async () => {
    const text = await convertSealed(opened, wanted, options, call.io.clock);
    return openWith(readSealed(text, wanted), opened.dataKey);
  });
}

/** The binary store of sops writes JSON, and an envelope is JSON already. */
function storedAs(wanted: FormatId, format: FormatId): FormatId {
  if (format === 'binary' && wanted === 'json') return 'binary';
  return wanted === 'binary' && format !== 'binary' ? 'json' : wanted;
}
