import { base64nopad } from '@scure/base';

/** One command or answer: what a stanza of an age header is (C2SP age, section "Recipient stanza"). */
export interface Command {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

const columns = 64;
/** More than any stanza of a header, or message to a person. */
const maxText = 1024 * 1024;

/** A command as it goes over the line. */
export function commandText(args: readonly string[], body: Uint8Array = new Uint8Array()): string {
  const encoded = base64nopad.encode(body);
  // The last line is shorter than the others, which shows that it is the last; it may be empty.
  const lines = Array.from({ length: Math.floor(encoded.length / columns) + 1 }, (_, i) =>
    encoded.slice(i * columns, (i + 1) * columns),
  );
  return `-> ${args.join(' ')}\n${lines.join('\n')}\n`;
}

/**
 * Takes commands off a text that comes in pieces. `next` throws a RangeError for what is no command, or too long to be one;
 * it returns undefined until one is whole.
 */
export class CommandReader {
  #text = '';
  /** What comes before was taken. */
  #at = 0;

  add(piece: string): void {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    if (this.#text.length > maxText) throw new RangeError('too long');
  }

  next(): Command | undefined {
    const lines: string[] = [];
    let from = this.#at;
    // What follows the last line end is not a line yet. The last line of a body is the first that is shorter than others.
    do {
      const end = this.#text.indexOf('\n', from);
      if (end < 0) return undefined;
      lines.push(this.#text.slice(from, end));
      from = end + 1;
    } while (lines.length === 1 || (lines.at(-1) ?? '').length >= columns);
    const [first = '', ...body] = lines;
    const args = argsOf(first);
    if (body.some((line) => line.length > columns)) throw new RangeError('a line is too long');
    this.#at = from;
    return { args, body: decoded(body.join('')) };
  }
}

function argsOf(line: string): string[] {
  const args = line.startsWith('-> ') ? line.slice(3).split(' ') : [];
  if (args.length === 0 || !args.every((arg) => /^[\x21-\x7e]+$/.test(arg))) throw new RangeError('no command');
  return args;
}

/** Strict: the encoding that is not canonical is refused. */
function decoded(text: string): Uint8Array {
  try {
    return base64nopad.decode(text);
  } catch {
    throw new RangeError('no base64');
  }
}
