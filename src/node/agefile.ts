import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Command } from '../core/age/plugin/stanzas.ts';
import type { X25519Files } from '../core/age/x25519.ts';

// age files for one X25519 key (C2SP age, https://c2sp.org/age) by Node's own X25519, HKDF and ChaCha20-Poly1305. The library
// does the same in JavaScript and by way of streams: setting that up takes a new process longer than all the rest of opening a
// small file.
const version = 'age-encryption.org/v1';
const label = 'age-encryption.org/v1/X25519';
const fileKeyLength = 16;
const tagLength = 16;
const nonceLength = 16;
const chunk = 64 * 1024;

interface Header {
  readonly stanzas: readonly Command[];
  /** What the MAC covers. */
  readonly covered: Buffer;
  readonly mac: Buffer;
  /** The nonce and the encrypted chunks. */
  readonly payload: Buffer;
}

export const nodeX25519Files: X25519Files = {
  publicKey: (secret) => Buffer.from(ownKey(secret).own),
  open: (file, secret) => open(viewOf(file), ownKey(secret)),
  fileKey: (stanzas, secret) => unwrap(stanzas, ownKey(secret)),
  forget: (secret) => void ownKeys.delete(secret),
  seal(plain, point) {
    try {
      return seal(plain, Buffer.from(point));
    } catch {
      // A point of low order.
      return undefined;
    }
  },
};

/** A private key as OpenSSL has it, and its public key. */
interface OwnKey {
  readonly secret: KeyObject;
  readonly own: Buffer;
}

/** Making them takes longer than all else that opens a file, and a key opens many. They go with the bytes, or when those are wiped. */
const ownKeys = new WeakMap<Uint8Array, OwnKey>();

function ownKey(bytes: Uint8Array): OwnKey {
  const known = ownKeys.get(bytes);
  if (known) return known;
  const secret = privateKey(bytes);
  const made = { secret, own: bytesOf(createPublicKey(secret)) };
  ownKeys.set(bytes, made);
  return made;
}

function open(file: Buffer, key: OwnKey): Uint8Array | undefined {
  const header = readHeader(file);
  if (!header) throw new Error('no age file');
  const fileKey = unwrap(header.stanzas, key);
  if (!fileKey) return undefined;
  try {
    const nonce = header.payload.subarray(0, nonceLength);
    const whole = timingSafeEqual(macOf(fileKey, header.covered), header.mac) && nonce.length === nonceLength;
    const plain = whole && openPayload(header.payload.subarray(nonceLength), payloadKey(fileKey, nonce));
    if (!plain) throw new Error('damaged');
    return plain;
  } finally {
    fileKey.fill(0);
  }
}

/** The file key of the first X25519 stanza that opens. Throws for one that is malformed, as the library does. */
function unwrap(stanzas: readonly Command[], { secret, own }: OwnKey): Buffer | undefined {
  // A pass phrase is the only recipient: whoever knows it must be sure that nobody else wrote the file.
  if (stanzas.length > 1 && stanzas.some(({ args }) => args[0] === 'scrypt')) throw new Error('bad stanza');
  for (const { args, body } of stanzas) {
    if (args[0] !== 'X25519') continue;
    const share = args.length === 2 ? unpadded(args[1] ?? '') : undefined;
    if (share?.length !== 32 || body.length !== fileKeyLength + tagLength) throw new Error('bad stanza');
    const key = wrappingKey(secret, share, own, share);
    const fileKey = openBytes(key, Buffer.alloc(12), Buffer.from(body.buffer, body.byteOffset, body.length));
    if (fileKey) return fileKey;
  }
  return undefined;
}

function seal(plain: Uint8Array, point: Buffer): Uint8Array {
  const fileKey = randomBytes(fileKeyLength);
  const { privateKey: ephemeral, publicKey: theirs } = generateKeyPairSync('x25519');
  // Not as a JWK: while Node 20 makes one of a key that it has just generated, it can wait for itself without end.
  const share = theirs.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = wrappingKey(ephemeral, point, point, share);
  const body = sealBytes(key, Buffer.alloc(12), fileKey);
  const covered = Buffer.from(`${version}\n-> X25519 ${nopad(share)}\n${nopad(body)}\n---`);
  const nonce = randomBytes(nonceLength);
  const payload = sealPayload(plain, payloadKey(fileKey, nonce));
  const mac = macOf(fileKey, covered);
  fileKey.fill(0);
  return Buffer.concat([covered, Buffer.from(` ${nopad(mac)}\n`), nonce, payload]);
}

/** HKDF of the shared secret; Node refuses a point of low order, which would make it zero. */
function wrappingKey(secret: KeyObject, theirs: Buffer, recipient: Buffer, share: Buffer): Buffer {
  const shared = diffieHellman({ privateKey: secret, publicKey: pointKey(theirs) });
  const key = hkdf(shared, Buffer.concat([share, recipient]), label);
  shared.fill(0);
  return key;
}

const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string) =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32));
const macOf = (fileKey: Buffer, covered: Buffer) =>
  createHmac('sha256', hkdf(fileKey, Buffer.alloc(0), 'header'))
    .update(covered)
    .digest();
const payloadKey = (fileKey: Buffer, nonce: Buffer) => hkdf(fileKey, nonce, 'payload');

/** STREAM's nonce: the number of the chunk in 11 bytes, and whether it is the last one. */
function chunkNonce(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** The plain bytes; undefined unless every chunk opens in its place. Only the first chunk of a file may be an empty last one. */
function openPayload(payload: Buffer, key: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let i = 0; ; i++) {
    const body = payload.subarray(i * (chunk + tagLength), (i + 1) * (chunk + tagLength));
    const last = (i + 1) * (chunk + tagLength) >= payload.length;
    const part = body.length < tagLength ? undefined : openBytes(key, chunkNonce(i, last), body);
    if (!part || (i > 0 && part.length === 0)) return undefined;
    parts.push(part);
    if (last) return parts.length === 1 ? part : Buffer.concat(parts);
  }
}

function sealPayload(plain: Uint8Array, key: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < plain.length; at += chunk)
    parts.push(sealBytes(key, chunkNonce(at / chunk, at + chunk >= plain.length), plain.subarray(at, at + chunk)));
  return Buffer.concat(parts);
}

function openBytes(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagLength });
  decipher.setAuthTag(sealed.subarray(-tagLength));
  const plain = decipher.update(sealed.subarray(0, -tagLength));
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}

function sealBytes(key: Buffer, nonce: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagLength });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

// As a JWK (RFC 8037) a key is read in a tenth of the time. Of a private key that makes a text, which cannot be wiped; it came as one.
function privateKey(secret: Uint8Array): KeyObject {
  try {
    return createPrivateKey({
      // Node makes the public key itself, and asks for no more than a text in its place.
      key: { kty: 'OKP', crv: 'X25519', x: '', d: viewOf(secret).toString('base64url') },
      format: 'jwk',
    });
  } catch {
    // Unless another version does.
    return privateKeyOfDer(secret);
  }
}

/** RFC 8410: what comes before the 32 bytes of an X25519 key in PKCS #8. */
const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

function privateKeyOfDer(secret: Uint8Array): KeyObject {
  const key = Buffer.concat([pkcs8, secret]);
  const made = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  key.fill(0);
  return made;
}

const pointKey = (point: Buffer) =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: point.toString('base64url') }, format: 'jwk' });

const bytesOf = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');

/** The same bytes, not a copy. */
const viewOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** The header of a file; undefined when it is not exactly as the format says. */
function readHeader(file: Buffer): Header | undefined {
  const lines = new Lines(file);
  if (lines.next() !== version) return undefined;
  const stanzas: Command[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.startsWith('--- ')) {
      const mac = unpadded(line.slice(4));
      if (mac?.length !== 32 || stanzas.length === 0) return undefined;
      return { stanzas, mac, covered: file.subarray(0, lines.before + 3), payload: file.subarray(lines.at) };
    }
    const args = line.split(' ');
    if (args.shift() !== '->' || args.length === 0 || args.some((arg) => !/^[\x21-\x7e]+$/.test(arg))) return undefined;
    const body = readBody(lines);
    if (!body) return undefined;
    stanzas.push({ args, body });
  }
  return undefined;
}

/** Lines of 64 characters, and a shorter one, perhaps an empty one, as the last. */
function readBody(lines: Lines): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const part = unpadded(line);
    if (!part || line.length > 64) return undefined;
    parts.push(part);
    if (line.length < 64) return Buffer.concat(parts);
  }
  return undefined;
}

class Lines {
  readonly #file: Buffer;
  /** Where the last line begins, and where the next one does. */
  before = 0;
  at = 0;

  constructor(file: Buffer) {
    this.#file = file;
  }

  /** The next line without its LF; undefined when there is none. */
  next(): string | undefined {
    const end = this.#file.indexOf(10, this.at);
    if (end < 0) return undefined;
    this.before = this.at;
    this.at = end + 1;
    return this.#file.toString('latin1', this.before, end);
  }
}

const nopad = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** Base64 without padding, in its only form. */
function unpadded(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return nopad(bytes) === text ? bytes : undefined;
}
