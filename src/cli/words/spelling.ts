import type { FormatId } from '../../core/format/document.ts';
import { bytesOfText, textOfFile } from '../../core/format/encoding.ts';
import {
  quoteNumbers,
  type Respelled,
  respelled,
  respelledSince,
  type SpellingChange,
  withPath,
} from '../../core/seal/spelling.ts';
import type { Selector } from '../../core/sops/selection.ts';
import { type Path, showPath, visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { listed } from './clearnote.ts';

/** What becomes of a value. Never the value. */
const words: Readonly<Record<SpellingChange, string>> = {
  digits: 'loses digits',
  'too-large': 'is too large for a number',
  octal: 'is read as octal',
  zeros: 'loses zeros in front',
  fraction: 'loses zeros at its end',
  sign: 'loses its sign',
  underscores: 'loses its underscores',
  base: 'becomes decimal',
  exponent: 'is taken for a number with an exponent',
  time: 'becomes a full time',
  tag: 'loses its tag',
  alias: 'becomes a copy',
};

/** Tells which values will not come back as they stand, and what to do about those that are numbers. */
function tellRespelled(call: Call, label: string, found: readonly Respelled[]): void {
  if (found.length === 0) return;
  const names = listed(found.map(({ path, change }) => `${showPath(path)} (${words[change]})`));
  const tell = (line: string) => call.io.writeStderr(`lockstep: ${visible(`${label}: ${line}`)}\n`);
  tell(`Decryption, also by sops, will not return these as written: ${names}`);
  if (found.some(({ quotable }) => quotable))
    tell('--quote-numbers keeps numbers and dates as text, exactly as written.');
}

/** As `spelled`, for the bytes of a file of any format. What cannot be read is left to whoever parses it. */
export function spelledBytes(
  call: Call,
  label: string,
  file: { readonly bytes: Uint8Array; readonly format: FormatId },
  selector?: Selector,
  before?: Uint8Array,
): Uint8Array {
  const { bytes, format } = file;
  const text = textOf(bytes, format);
  if (text === undefined) return bytes;
  const kept = spelled(call, label, { text, format }, selector, before && textOf(before, format));
  return kept === text ? bytes : bytesOfText(kept);
}

/** Undefined where nothing can change: values of other formats are texts. */
function textOf(bytes: Uint8Array, format: FormatId): string | undefined {
  if (format !== 'yaml' && format !== 'json') return undefined;
  try {
    return textOfFile(bytes, format);
  } catch {
    return undefined;
  }
}

/**
 * The JSON of `set` as it is to be stored at a path. With `--quote-numbers`, and in a format that has texts only, numbers that
 * lose digits are texts.
 */
export function spelledJson(call: Call, label: string, json: string, path: Path, format: FormatId): string {
  const flat = format !== 'yaml' && format !== 'json';
  const kept = flat || call.flags.on('quote-numbers') ? quoteNumbers(json, 'json') : json;
  const found = respelled(`{"value":${kept}\n}`, 'json');
  tellRespelled(
    call,
    label,
    found.map(({ path: below, change, quotable, span }) => ({
      path: [...path, ...below.slice(1)],
      change,
      quotable,
      span,
    })),
  );
  return kept;
}

/**
 * A plain text as it is to be encrypted: with `--quote-numbers`, numbers that would change are texts. Tells what changes
 * nevertheless. @param selector without one, the file is printed anew. @param before what was there, of which nobody is told.
 */
function spelled(
  call: Call,
  label: string,
  { text, format }: { readonly text: string; readonly format: FormatId },
  selector?: Selector,
  before?: string,
): string {
  const kept = call.flags.on('quote-numbers') ? quoteNumbers(text, format, selector) : text;
  const found =
    before === undefined ? respelled(kept, format, selector) : respelledSince(kept, before, format, selector);
  // One that is too large is refused, which says it all.
  tellRespelled(
    call,
    label,
    found.filter(({ change }) => change !== 'too-large'),
  );
  return kept;
}

/** An error about a value of a plain file says its path. */
export function withPathIn(error: unknown, bytes: Uint8Array, format: FormatId): unknown {
  return withPath(error, textOf(bytes, format) ?? '', format);
}
