import { utf8 } from '../../bytes.ts';
import type { Path } from '../../tree/path.ts';

/** A secret on its way to another system. It is plaintext. */
export interface Outgoing {
  /** Its name there, as far as that can hold it. */
  readonly variable: string;
  readonly value: string;
  /** Where it is in its file. */
  readonly path: Path;
  /** The name of the encryption key that it is. */
  readonly encryptionKey?: string | undefined;
}

/** Why a system cannot hold an entry. */
export type Why =
  | 'name' // signs that no name has there
  | 'reserved' // a name that means something else there
  | 'clash' // the same name as another entry's, for a system that ignores case or adds to it
  | 'line-break' // a value on several lines
  | 'sign' // a sign in a value that cannot be written there
  | 'length' // more than it takes, of a name or a value
  | 'sum' // more than it takes, of all values together
  | 'key'; // no encryption key, where only those go

/** An entry that stays behind, so that all do. Never its value. */
export interface Problem {
  readonly variable: string;
  readonly path: Path;
  readonly why: Why;
}

/** What some targets have to be told. */
export interface WriteOptions {
  /** Of a Kubernetes Secret. */
  readonly name?: string | undefined;
  /** Makes a token of a value: for Flet, Fernet and dotenvx. */
  readonly seal?: ((value: string) => Promise<string>) | undefined;
  /** Of dotenvx: the public key that belongs to `seal`. */
  readonly publicKey?: string | undefined;
}

/** One form in which other systems read secrets. */
export interface Target {
  /** What such a file is called. */
  readonly file: string;
  /** Why an entry cannot be written; undefined for one that can. */
  refuses(entry: Outgoing): Why | undefined;
  /** The name under which the system knows the entry, where several may be one. */
  known?(entry: Outgoing): string;
  /** Bytes that all values may have together; the entry that goes over it is refused. */
  readonly most?: number;
  /** The whole text, of entries that are not refused. */
  text(entries: readonly Outgoing[], options: WriteOptions): string | Promise<string>;
}

/** Names as a shell and most programs can hold them. */
export const isVariable = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/** Bytes of a text as UTF-8. */
export const byteLength = (text: string): number => utf8(text).length;
