import { utf8 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { PlainMap, PlainNode } from '../../tree/plain.ts';
import type { Scalar } from '../../tree/value.ts';
import { dataKey } from '../binary.ts';
import type { FormatId } from '../document.ts';
import { bytesOfText } from '../encoding.ts';
import { emitDotenv, emitIni } from './flat.ts';
import { emitJson, jsonText } from './json.ts';
import { emitYaml, yamlValue } from './yaml.ts';

export interface EmitOptions {
  /**
   * Spaces for each level: YAML 1 to 9 (default 4), JSON 0 or more (default a tab, which -1 asks for as well). Other
   * formats have no levels.
   */
  readonly indent?: number;
}

/**
 * A plain tree as a file of another format, as sops prints it (`EmitPlainFile` of each store). JSON and binary have no
 * comments; dotenv, JSON and binary have one document. Throws EMPTY_FILE (no document); BAD_VALUE and BAD_NAME, with the
 * path, for what the format cannot hold: a map in dotenv, a null in dotenv and INI, NaN and bytes in JSON; BAD_CONFIG for an
 * indent that is not possible. Known mistakes of sops are not repeated: see each format.
 */
export function emit(documents: readonly PlainMap[], format: FormatId, options: EmitOptions = {}): Uint8Array {
  const [first] = documents;
  if (!first) throw new LockstepError('EMPTY_FILE');
  switch (format) {
    case 'yaml':
      return utf8(emitYaml(documents, yamlIndent(options)));
    case 'json':
      return utf8(`${emitJson(first, jsonIndent(options))}\n`);
    case 'dotenv':
      return bytesOfText(emitDotenv(first));
    case 'ini':
      return bytesOfText(emitIni(documents));
    case 'binary':
      return emitBinary(documents, first);
  }
}

/**
 * One value of a tree, as `sops decrypt --extract` prints it: a text as its own bytes without a line end, a map as a whole
 * file, anything else in the form of the output format. Throws what `emit` throws.
 */
export function emitNode(node: PlainNode, format: FormatId, options: EmitOptions = {}): Uint8Array {
  if (node.kind === 'map') return emit([node], format, options);
  if (node.kind === 'scalar') return emitScalar(node.scalar, format, options);
  if (format === 'yaml') return utf8(yamlValue(node, yamlIndent(options)));
  if (format === 'json') return utf8(emitJson(node, jsonIndent(options)));
  throw new LockstepError('BAD_VALUE', { what: format });
}

/** `emitNode` for a scalar. */
export function emitScalar(scalar: Scalar, format: FormatId, options: EmitOptions = {}): Uint8Array {
  if (scalar.type === 'str') return typeof scalar.value === 'string' ? utf8(scalar.value) : scalar.value.slice();
  if (format === 'yaml') return utf8(yamlValue({ kind: 'scalar', scalar }, yamlIndent(options)));
  if (format === 'json' || format === 'ini') return utf8(jsonText(scalar, []));
  throw new LockstepError('BAD_VALUE', { what: format });
}

/** Spaces for each level of YAML. go-yaml takes 2 where a step is too small or too large for it. Throws BAD_CONFIG. */
export function yamlIndent({ indent = 4 }: EmitOptions): number {
  if (!Number.isInteger(indent) || indent < 0) throw new LockstepError('BAD_CONFIG', { what: 'indent' });
  if (indent === 0) return 4;
  return indent < 2 || indent > 9 ? 2 : indent;
}

/** The indentation of JSON. Throws BAD_CONFIG. */
export function jsonIndent({ indent = -1 }: EmitOptions): string {
  if (!Number.isInteger(indent) || indent < -1 || indent > 1000)
    throw new LockstepError('BAD_CONFIG', { what: 'indent' });
  return indent === -1 ? '\t' : ' '.repeat(indent);
}

function emitBinary(documents: readonly PlainMap[], first: PlainMap): Uint8Array {
  const data = first.members.find((member) => member.kind === 'entry' && member.key === dataKey);
  const value = data?.kind === 'entry' && data.value.kind === 'scalar' ? data.value.scalar : undefined;
  if (documents.length !== 1 || value?.type !== 'str') throw new LockstepError('BAD_VALUE', { what: 'binary' });
  return typeof value.value === 'string' ? utf8(value.value) : value.value.slice();
}
