import type { KeyParts } from '../../core/sops/keyparts.ts';
import type { KeyKind } from '../../core/sops/kinds.ts';

/** What a client of SOPS's key service asks: for which master key, and the data key, plain or wrapped. */
export interface KeyRequest {
  /** Undefined for a kind that we do not know. */
  readonly kind: KeyKind | undefined;
  /** Of age its recipient; empty for other kinds. */
  readonly recipient: string;
  readonly bytes: Uint8Array;
}

/** The numbers of the kinds in `Key` (keyservice/keyservice.proto of sops 3.13.3). */
const kinds: Readonly<Record<number, KeyKind>> = {
  1: 'kms',
  2: 'pgp',
  3: 'gcp_kms',
  4: 'azure_kv',
  5: 'hc_vault',
  6: 'age',
  7: 'hckms',
};

const lengthDelimited = 2;
/** The lengths of what is passed over, by wire type; groups (3, 4) are not there in proto3. */
const fixed: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * Reads `EncryptRequest` or `DecryptRequest`, which have the same fields: a key and bytes. Of a field that comes twice the last one
 * counts. Throws RangeError for what is no such message. `bytes` is a part of `message`.
 */
export function readRequest(message: Uint8Array): KeyRequest {
  let [kind, recipient, bytes]: [KeyKind | undefined, string, Uint8Array] = [undefined, '', new Uint8Array()];
  for (const field of fieldsOf(message)) {
    if (field.number === 2) bytes = field.bytes;
    if (field.number !== 1) continue;
    for (const { number, bytes: key } of fieldsOf(field.bytes)) {
      kind = kinds[number];
      recipient = kind === 'age' ? recipientOf(key) : '';
    }
  }
  return { kind, recipient, bytes };
}

function recipientOf(key: Uint8Array): string {
  let recipient = '';
  for (const { number, bytes } of fieldsOf(key)) if (number === 1) recipient = Buffer.from(bytes).toString();
  return recipient;
}

/** Writes `EncryptResponse` or `DecryptResponse`: the bytes are the only field. */
export const writeAnswer = (bytes: Uint8Array): Buffer => writeField(1, bytes);

/** The numbers of the fields of each kind, in order from 1. */
const fieldNames: Readonly<Record<KeyKind, readonly string[]>> = {
  kms: ['arn', 'role', 'context', 'aws_profile'],
  pgp: ['fp'],
  gcp_kms: ['resource_id'],
  azure_kv: ['vault_url', 'name', 'version'],
  hc_vault: ['vault_address', 'engine_path', 'key_name'],
  age: ['recipient'],
  hckms: ['key_id'],
};

/** Writes `EncryptRequest` or `DecryptRequest`. The result holds `data`, and is the only copy that is made of it. */
export function writeRequest(kind: KeyKind, parts: KeyParts, data: Uint8Array): Buffer {
  const number = Object.keys(kinds).find((one) => kinds[Number(one)] === kind);
  const fields = fieldNames[kind].flatMap((name, i) => {
    const part = parts[name] ?? '';
    if (typeof part === 'string') return part === '' ? [] : [writeField(i + 1, Buffer.from(part))];
    // A map is a list of pairs.
    return part.map((pair) =>
      writeField(i + 1, Buffer.concat(pair.map((one, n) => writeField(n + 1, Buffer.from(one))))),
    );
  });
  const key = writeField(1, writeField(Number(number), Buffer.concat(fields)));
  return writeField(2, data, key);
}

/** Reads `EncryptResponse` or `DecryptResponse`. Throws RangeError for what is no such message. The result is a part of `message`. */
export function readAnswer(message: Uint8Array): Uint8Array {
  return fieldsOf(message).findLast(({ number }) => number === 1)?.bytes ?? new Uint8Array();
}

function writeField(number: number, bytes: Uint8Array, before: Uint8Array = new Uint8Array()): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([before, Buffer.from([(number << 3) | lengthDelimited, ...length]), bytes]);
}

interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** The fields of a message that have bytes; the others are passed over. */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) break;
      // Of a long number only what fits counts: no field here has such a length.
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('no message');
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) {
      varint();
      continue;
    }
    const length = type === lengthDelimited ? varint() : fixed[type];
    if (length === undefined || length > message.length - at) throw new RangeError('no message');
    if (type === lengthDelimited)
      fields.push({ number: Math.floor(tag / 8), bytes: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
