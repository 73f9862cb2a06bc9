import { strayKeysIn } from '../age/private/stray.ts';
import { bareRecipient } from '../age/sshkey.ts';
import { tryUtf8 } from '../bytes.ts';
import type { OwnValues } from '../scan/values.ts';
import { encryptedOf, type Input, type Reading, type SecretFile } from './files.ts';
import { capped, type Finding } from './finding.ts';

/**
 * Values of secrets, and private keys that open them, in files that are not encrypted.
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
    if (!wanted(path) || encrypted.has(path)) continue;
    const bytes = await reading.bytes(path);
    if (!bytes) continue;
    found.push(...(await privateKeysIn(path, bytes, readers)));
    if (!told.has(path)) found.push(...capped(values.find(bytes).map((one) => ownValue(path, bytes, one))));
  }
  return found;
}

function readersOf(secret: readonly SecretFile[]): ReadonlySet<string> {
  const keys = secret.flatMap(({ facts }) => (facts.kind === 'encrypted' ? facts.groups.flat() : []));
  return new Set(keys.map(({ name }) => bareRecipient(name)));
}

const ownValue = (
  path: string,
  bytes: Uint8Array,
  { start, secret }: ReturnType<OwnValues['find']>[number],
): Finding => ({
  ...{ code: 'own-value', path, line: lineAt(bytes, start) },
  ...{ name: secret.entry, of: secret.file },
});

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < end; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

async function privateKeysIn(path: string, bytes: Uint8Array, readers: ReadonlySet<string>): Promise<Finding[]> {
  const text = readers.size > 0 ? tryUtf8(bytes) : undefined;
  const found = (text === undefined ? [] : await strayKeysIn(text)).filter(({ recipient }) => readers.has(recipient));
  return capped(
    found.map(({ index, recipient }) => ({
      ...{ code: 'private-key', path, name: recipient },
      line: (text ?? '').slice(0, index).split('\n').length,
    })),
  );
}
