import type { ErrorCode } from '../errors.ts';

/** What is found, and whether it keeps a commit back. */
export const findings = {
  /** A value is plaintext in a file that a creation rule wants encrypted. */
  plain: 'error',
  /** The same where no rule says so, but the name of the file does. */
  'plain-name': 'warning',
  /** An encrypted file has plaintext where a ciphertext belongs. */
  'in-clear': 'error',
  /** Something among the metadata of an encrypted file that looks like a secret and is none of the metadata: nothing encrypts it. */
  'in-metadata': 'error',
  /** An encrypted file leaves an entry as plaintext that its creation rule wants encrypted. */
  'rule-selects': 'error',
  /** A value or the MAC does not verify, or the MAC is missing. */
  damaged: 'error',
  /** The file is in the middle of a merge. */
  conflict: 'error',
  /** It looks like a secret file, and cannot be read. */
  unreadable: 'error',
  /** It is too large to be looked at. */
  unread: 'warning',
  /** Readers that the creation rule does not name, or the other way round. */
  readers: 'error',
  /** No rule says who may read an encrypted file. */
  'no-rule': 'warning',
  /** The rule, or its `.sops.yaml`, cannot be used. */
  'bad-rule': 'error',
  /** Nobody is named as the owner of a key that can read. */
  'nobodys-key': 'warning',
  /** Plaintext that a program left beside an encrypted file. */
  'left-over': 'error',
  /** A private key that opens files of this repository. */
  'private-key': 'error',
  /** The value of a secret of this repository stands in another file. */
  'own-value': 'error',
  /** The code names a secret that is not there. */
  missing: 'error',
  /** `.lockstep/environments.yaml` cannot be read. */
  'bad-environments': 'error',
} as const satisfies Record<string, 'error' | 'warning'>;

export type FindingCode = keyof typeof findings;

/** Something that should not be committed as it is. It holds names and places, and no value. */
export interface Finding {
  readonly code: FindingCode;
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  /** 1-based; undefined for one that is about the whole file. */
  readonly line?: number | undefined;
  /** The entry, key or person that it is about. */
  readonly name?: string | undefined;
  /** More of the same in this file, which are not listed. */
  readonly more?: number | undefined;
  /** Why, where an error says it. */
  readonly cause?: ErrorCode | undefined;
  /** Who can read the file and should not (`extra`), or the other way round (`lacks`); as the file or the rule has them. */
  readonly extra?: readonly string[] | undefined;
  readonly lacks?: readonly string[] | undefined;
  /** Another file: of an own value, that of its secret; of a left-over, the encrypted one. */
  readonly of?: string | undefined;
}

/** Of one kind in one file: who has more of them knows where to look. */
const mostPlaces = 50;

/** Findings of one kind in one file; of many the first ones, the last of which says how many more there are. */
export function capped(all: readonly Finding[]): Finding[] {
  const more = all.length - mostPlaces;
  if (more <= 0) return [...all];
  const shown = all.slice(0, mostPlaces);
  return shown.map((one, i) => (i === mostPlaces - 1 ? { ...one, more } : one));
}

export const keepsBack = ({ code }: Finding): boolean => findings[code] === 'error';

/** In the order of files and lines. */
export const sorted = (all: readonly Finding[]): Finding[] =>
  [...all].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0)));
