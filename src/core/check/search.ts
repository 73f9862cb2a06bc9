import { strayKeysIn } from '../age/private/stray.ts';
import { bareRecipient } from '../age/sshkey.ts';
import { tryUtf8, utf8, withoutUtf16 } from '../bytes.ts';
import { applyEdits, type Span, type TextEdit } from '../format/document.ts';
import type { OwnValues } from '../scan/values.ts';
import type { Sealed } from '../sops/sealed.ts';
import { commentsBehind, straysIn } from '../sops/strays.ts';
import { Lines } from '../view/lines.ts';
import { encryptedOf, type Input, type Reading, type SecretFile } from './files.ts';
import { capped, type Finding } from './finding.ts';

/**
 * Values of secrets, and private keys that open them, in files that are not encrypted, and in what an encrypted one has in clear text.
 * @param told files of which something is told already: what should be encrypted has values, and all of them are listed
 */
export async function searched(
  { secret, wanted, values }: Input,
  reading: Reading,
  told: ReadonlySet<string>,
): Promise<Finding[]> {
  const encrypted = encryptedOf(secret);
  const readers = readersOf(secret);
  const found: Finding[] = [];
  for (const path of reading.paths) {
    if (!wanted(path)) continue;
    const stored = await reading.bytes(path);
    if (!stored) continue;
    const sealed = encrypted.has(path) ? await reading.sealed(path) : undefined;
    const bytes = sealed ? withoutMetadata(sealed) : withoutUtf16(stored);
    found.push(...(await privateKeysIn(path, bytes, readers)));
    if (!told.has(path)) found.push(...ownValues(path, bytes, values.find(bytes)));
  }
  return found;
}

/**
 * The text of an encrypted file, line by line the same, without what SOPS says in it: names of keys may be values of secrets, too. What
 * somebody else put there stays.
 */
function withoutMetadata(sealed: Sealed): Uint8Array {
  const { doc } = sealed;
  const blank = ({ start, end }: Span) => ({ start, end, text: doc.text.slice(start, end).replace(/[^\n]/g, ' ') });
  const blanked = applyEdits(
    doc.text,
    doc.metadata.flatMap((block) => (block ? blank(block.span) : [])),
  );
  const others = [...straysIn(sealed).map(({ span }) => span), ...commentsBehind(sealed)];
  const shown: TextEdit[] = [];
  // A comment can stand within a value.
  for (const { start, end } of others.sort((a, b) => a.start - b.start))
    if (start >= (shown.at(-1)?.end ?? 0)) shown.push({ start, end, text: doc.text.slice(start, end) });
  return utf8(applyEdits(blanked, shown));
}

function readersOf(secret: readonly SecretFile[]): ReadonlySet<string> {
  const keys = secret.flatMap(({ facts }) => (facts.kind === 'encrypted' ? facts.groups.flat() : []));
  return new Set(keys.map(({ name }) => bareRecipient(name)));
}

function ownValues(path: string, bytes: Uint8Array, all: ReturnType<OwnValues['find']>): Finding[] {
  const lineOf = counting(bytes);
  return capped(
    all.map(({ start, secret }) => ({
      ...{ code: 'own-value', path, line: lineOf(start) },
      ...{ name: secret.entry, of: secret.file },
    })),
  );
}

/** The line of each of several places, in their order, from 1. */
function counting(bytes: Uint8Array): (place: number) => number {
  let [line, at] = [1, 0];
  return (place) => {
    for (let next = bytes.indexOf(10, at); next >= 0 && next < place; next = bytes.indexOf(10, at)) {
      line++;
      at = next + 1;
    }
    return line;
  };
}

async function privateKeysIn(path: string, bytes: Uint8Array, readers: ReadonlySet<string>): Promise<Finding[]> {
  const text = readers.size > 0 ? tryUtf8(bytes) : undefined;
  const found = (text === undefined ? [] : await strayKeysIn(text)).filter(({ recipient }) => readers.has(recipient));
  if (found.length === 0) return [];
  const lines = new Lines(text ?? '');
  return capped(
    found.map(({ index, recipient }) => ({
      ...{ code: 'private-key', path, name: recipient },
      line: lines.lineAt(index) + 1,
    })),
  );
}
