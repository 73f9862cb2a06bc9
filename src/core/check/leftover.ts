import { formatOfBytes } from '../format/which.ts';
import { plainLeaves } from '../seal/seal.ts';
import { labelOf } from '../sops/label.ts';
import type { Sealed } from '../sops/sealed.ts';
import { encryptedOf, type Input, type Reading, sealedIn } from './files.ts';
import type { Finding } from './finding.ts';

/**
 * Names of what programs that edit SOPS files leave behind when they end too early, with the name of the encrypted file: `.decrypted~NAME`
 * (signageos.vscode-sops), `NAME.dec` and `NAME.yaml.dec` (helm-secrets), `.NAME.tmp.yaml` and `NAME.tmp.yaml` (vscode-sops-edit).
 */
const leftBy: readonly ((base: string) => string | undefined)[] = [
  (base) => /^\.decrypted~(.+)$/.exec(base)?.[1],
  (base) => /^(.+)\.(?:dec|decrypted)$/.exec(base)?.[1],
  (base) => together(/^(.+)\.(?:dec|decrypted|tmp)(\.(?:ya?ml|json|env|ini))$/.exec(base)),
  (base) => /^(.+)\.(?:bak|backup|orig|old|plain|tmp)$/.exec(base)?.[1],
];
/** It is plaintext whatever lies beside it. */
const sure = /^\.decrypted~/;

const together = (found: RegExpExecArray | null) => (found ? `${found[1]}${found[2]}` : undefined);

/** The names that the encrypted twin of a plain file may have: `secrets.enc.yaml`, `secrets.yaml.enc`, `enc.secrets.yaml`. */
function twins(base: string): string[] {
  const dot = base.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  return ['enc', 'sops', 'encrypted'].flatMap((word) => [
    `${stem}.${word}${ending}`,
    `${base}.${word}`,
    `${word}.${base}`,
  ]);
}

/** Where the plaintext of an encrypted file may lie, by names. `certain`: it is that, unless it is encrypted, too. */
interface Suspect {
  readonly path: string;
  /** The encrypted file; undefined where none is there. */
  readonly of: string | undefined;
  readonly certain: boolean;
}

/** The files that may be plaintext beside encrypted ones. @param isEncrypted whether a path is that of an encrypted file */
function suspects(paths: readonly string[], isEncrypted: (path: string) => boolean): Suspect[] {
  return paths.flatMap((path) => {
    if (isEncrypted(path)) return [];
    const at = path.lastIndexOf('/') + 1;
    const [folder, base] = [path.slice(0, at), path.slice(at)];
    const left = leftBy.flatMap((nameOf) => nameOf(base) ?? []);
    const names = [...left, ...left.flatMap(twins), ...twins(base)];
    const of = names.map((name) => folder + name).find((name) => name !== path && isEncrypted(name));
    const certain = sure.test(base) || left.some((name) => isEncrypted(folder + name));
    return of !== undefined || certain ? [{ path, of, certain }] : [];
  });
}

/** Whether a plain text has something at each place where an encrypted file has a ciphertext, so that it is a copy of it. */
function isCopy(path: string, bytes: Uint8Array, { format, leaves }: Sealed): boolean {
  const secret = leaves.filter(({ encrypted }) => encrypted);
  try {
    const plain = formatOfBytes(path, bytes);
    if (format === 'binary' || plain.format === 'binary' || secret.length === 0) return false;
    const full = plainLeaves(plain.text, plain.format).filter(
      ({ node: { scalar } }) => scalar.type !== 'null' && scalar.value !== '',
    );
    const there = new Set(full.map(labelOf));
    return secret.every((leaf) => there.has(labelOf(leaf)));
  } catch {
    return false;
  }
}

/** Plaintext that lies beside encrypted files. */
export async function leftOvers({ secret, wanted }: Input, reading: Reading): Promise<Finding[]> {
  const encrypted = encryptedOf(secret);
  const found: Finding[] = [];
  for (const { path, of, certain } of suspects(reading.paths, (one) => encrypted.has(one))) {
    const bytes = wanted(path) ? await reading.bytes(path) : undefined;
    if (!bytes || bytes.length === 0 || isEncrypted(path, of, bytes)) continue;
    const twin = certain || of === undefined ? undefined : await reading.sealed(of);
    if (certain || (twin && isCopy(path, bytes, twin))) found.push({ code: 'left-over', path, of });
  }
  return found;
}

/** An ending such as `.bak` says nothing of the format. */
const isEncrypted = (path: string, of: string | undefined, bytes: Uint8Array) =>
  sealedIn(path, bytes) !== undefined || (of !== undefined && sealedIn(of, bytes) !== undefined);
