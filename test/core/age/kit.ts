import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';

/** A file of age's test kit (C2SP CCTV): lines that say what it is, and what an implementation is given. */
export interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly payload: string | undefined;
  readonly armored: boolean;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly file: Uint8Array;
}

function readVector(name: string, bytes: Uint8Array): Vector {
  const all = Buffer.from(bytes);
  const end = all.indexOf('\n\n');
  const lines = all.subarray(0, end).toString().split('\n');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const known = ['expect', 'payload', 'identity', 'passphrase', 'armored', 'file key', 'comment', 'compressed'];
  for (const line of lines) assert.ok(known.includes(line.split(': ')[0] ?? ''), line);
  const rest = all.subarray(end + 2);
  return {
    name,
    expect: values('expect')[0] ?? '',
    payload: values('payload')[0],
    armored: values('armored')[0] === 'yes',
    identities: values('identity'),
    passphrases: values('passphrase'),
    file: values('compressed')[0] === 'zlib' ? inflateSync(rest) : rest,
  };
}

/** The whole kit. */
export const ageVectors = Object.entries(vectors).map(([name, bytes]) => readVector(name, bytes));
