/** A key as gpg lists it (`--with-colons`). Public. */
export interface PgpKey {
  /** Of the primary key, in capitals. */
  readonly fingerprint: string;
  /** `e` expired, `r` revoked, `d` or `i` not valid; anything else can be used. */
  readonly validity: string;
  /** Capital `E`: some part of it can encrypt now; `D`: its owner has disabled it. */
  readonly capabilities: string;
  /** The primary key first. */
  readonly parts: readonly PgpPart[];
}

/** A primary key or a subkey. */
interface PgpPart {
  readonly fingerprint: string;
  readonly validity: string;
  readonly capabilities: string;
}

/** Digits of a fingerprint, or of a long key ID; gpg's `!` says that exactly this part of a key is meant. */
const name = /^(?:0x)?([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})!?$/i;

/**
 * Whether a text may stand for a PGP key: a fingerprint, or a key ID of 16 digits. A short key ID and a mail address are refused: anybody can
 * make a key that has the same. Nothing else reaches the arguments of gpg, so no text of a file becomes an option there.
 */
export const isPgpName = (text: string): boolean => name.test(text);

/** Whether a name that a file or rule has for a key is a name of this one. */
export function isNamed({ parts }: Pick<PgpKey, 'parts'>, text: string): boolean {
  const digits = name.exec(text)?.[1]?.toUpperCase();
  return digits !== undefined && parts.some(({ fingerprint }) => hasId(fingerprint, digits));
}

/** The key ID of a fingerprint is its end; of the newest kind of keys, which have 64 digits, it is the beginning. */
export const hasId = (fingerprint: string, digits: string) =>
  digits.length === 16 && fingerprint.length === 64 ? fingerprint.startsWith(digits) : fingerprint.endsWith(digits);
