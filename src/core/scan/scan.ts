import { tryUtf8, withoutUtf16 } from '../bytes.ts';
import { formatOfName } from '../format/which.ts';
import { isSealed } from '../sops/sealed.ts';
import { detect, type Finding } from './detect.ts';
import type { NotSecrets } from './ignored.ts';
import type { OwnValues } from './values.ts';

/** Larger files are data; a secret in one is not written by hand. */
export const maxScanned = 2 * 1024 * 1024;

/** Where a secret seems to stand, for a person to go to. */
export interface Located extends Finding {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Of the value of a secret of this repository: whose it is. */
  readonly own?: { readonly file: string; readonly entry: string };
}

/** What programs write and fetch: hashes by the thousand, and nobody's secret. */
const generated =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|deno\.lock|bun\.lock|Cargo\.lock|poetry\.lock|Pipfile\.lock|uv\.lock|composer\.lock|Gemfile\.lock|go\.sum|go\.work\.sum|gradle\.lockfile|flake\.lock|Podfile\.lock|packages\.lock\.json)$|\.(?:min\.(?:js|css)|js\.map|css\.map|svg|png|jpe?g|gif|webp|ico|bmp|tiff?|woff2?|[ot]tf|eot|pdf|zip|t?gz|bz2|xz|7z|jar|war|class|exe|dll|so|dylib|wasm|mp[34]|mov|avi|bin|dat|parquet)$/i;

/** Whether a file is looked into, by its name. @param path with forward slashes */
export const isScanned = (path: string): boolean => !generated.test(path) && !/(?:^|\/)\.lockstep\//.test(path);

/**
 * Secrets that stand in a file as plaintext: by rules, and the repository's own. None in a file that SOPS encrypted, in bytes that are no
 * text, and in what nobody looks into.
 * @param path from the root of the repository, with forward slashes
 */
export function scanFile(path: string, stored: Uint8Array, own?: OwnValues, not?: NotSecrets): Located[] {
  if (stored.length > maxScanned || !isScanned(path)) return [];
  const bytes = withoutUtf16(stored);
  if (bytes.subarray(0, 8192).includes(0)) return [];
  const text = tryUtf8(bytes) ?? new TextDecoder('latin1').decode(bytes);
  return scanText(path, text, own, not);
}

/** The same of the text of a file. */
export function scanText(path: string, text: string, own?: OwnValues, not?: NotSecrets): Located[] {
  if (/ENC\[AES256_GCM,/.test(text) && isSealed(text, formatOfName(path))) return [];
  const ours = own && own.size > 0 ? ownIn(text, own) : [];
  const others = detect(text, path).filter((one) => !ours.some(({ start, end }) => one.start < end && one.end > start));
  const found = [...ours, ...others].filter((one) => !not?.has(path, one)).sort((a, b) => a.start - b.start);
  return located(text, found);
}

type OwnFinding = Finding & Pick<Located, 'own'>;

function ownIn(text: string, own: OwnValues): OwnFinding[] {
  const bytes = new TextEncoder().encode(text);
  const isAscii = bytes.length === text.length;
  const at = (place: number) => (isAscii ? place : new TextDecoder().decode(bytes.subarray(0, place)).length);
  return own.find(bytes).map(({ start, end, secret }) => ({
    ...{ rule: 'own-secret', start: at(start), end: at(end), name: undefined },
    own: secret,
  }));
}

function located(text: string, found: readonly OwnFinding[]): Located[] {
  let [line, begin] = [1, 0];
  return found.map((one) => {
    for (let next = text.indexOf('\n', begin); next !== -1 && next < one.start; next = text.indexOf('\n', begin)) {
      line++;
      begin = next + 1;
    }
    return { ...one, line, column: one.start - begin + 1 };
  });
}
