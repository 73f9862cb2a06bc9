import { bareRecipient } from '../age/sshkey.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { accessOf } from './access.ts';
import type { FileFacts } from './facts.ts';

/** What somebody has to do with a file. */
export interface Reading<F> {
  readonly file: F;
  /** As in `accessOf`. */
  readonly kind: 'has' | 'lacks' | 'extra';
  /** 0-based; the first one where a key is in several groups. */
  readonly group: number;
}

/** Whoever can read some file, or should. */
export interface Reader<F> {
  /** Tells one reader from another. */
  readonly id: string;
  readonly key: KeyName;
  readonly files: readonly Reading<F>[];
}

/** Everybody who can read some of the files or should, with those files, both in the order of the files. */
export function readersOf<F>(files: readonly { readonly file: F; readonly facts: FileFacts }[]): Reader<F>[] {
  const found = new Map<string, { id: string; key: KeyName; files: Reading<F>[] }>();
  for (const { file, facts } of files) {
    if (facts.kind !== 'encrypted') continue;
    const seen = new Set<string>();
    for (const { key, kind, group } of accessOf(facts)) {
      const id = `${key.kind} ${bareRecipient(key.name)}`;
      const reader = found.get(id) ?? { id, key, files: [] };
      found.set(id, reader);
      if (!seen.has(id)) reader.files.push({ file, kind, group });
      seen.add(id);
    }
  }
  return [...found.values()];
}
