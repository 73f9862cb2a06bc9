import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { armor, Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import type { CommentNode, Entry, Node, SourceDocument, TextEdit } from '../../../src/core/format/document.ts';
import { applyEdits } from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import type { Scalar, Value } from '../../../src/core/tree/value.ts';

/** The little of SOPS that these tests need: seal a text in place so that the real sops can judge it. */

export async function newIdentity(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The data key of a sealed YAML text. */
export async function dataKeyOf(sealed: string, identity: string): Promise<Uint8Array> {
  const block = /-----BEGIN AGE[^-]*-----[^-]*-----END AGE[^-]*-----/.exec(sealed)?.[0] ?? '';
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(armor.decode(block.replace(/^ +/gm, '')));
}

/** The text of an envelope, if it opens with this key path. */
export function openText(envelope: string, key: Uint8Array, aad: string): string | undefined {
  const found = /^ENC\[AES256_GCM,data:(.+),iv:(.+),tag:(.+),type:(.+)\]/.exec(envelope);
  if (!found) return undefined;
  const [data, iv, tag] = found.slice(1, 4).map((part) => Buffer.from(part, 'base64'));
  if (!data || !iv || !tag) return undefined;
  const cipher = createDecipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(aad));
  cipher.setAuthTag(tag);
  try {
    return Buffer.concat([cipher.update(data), cipher.final()]).toString();
  } catch {
    return undefined;
  }
}

export function sealText(bytes: Uint8Array, key: Uint8Array, aad: string, type: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(aad));
  const data = Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64');
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${cipher.getAuthTag().toString('base64')},type:${type}]`;
}

/** Comments, leaves and aliases in walk order, each with its keys. */
export function* walk(doc: SourceDocument): Generator<{ node: Node | CommentNode; path: string[] }> {
  for (const map of doc.documents) yield* walkNode(map, []);
}

function* walkNode(
  node: Node | Entry | CommentNode,
  path: string[],
): Generator<{ node: Node | CommentNode; path: string[] }> {
  if (node.kind === 'entry') yield* walkNode(node.value, [...path, node.key]);
  else if (node.kind === 'map') for (const member of node.members) yield* walkNode(member, path);
  else if (node.kind === 'list') for (const item of node.items) yield* walkNode(item, path);
  else yield { node, path };
}

/** What SOPS authenticates of a place: keys only, list indices and documents play no part. */
export function aadOf(path: readonly string[]): string {
  return `${path.join(':')}:`;
}

/** The bytes that SOPS encrypts and hashes, for the types that the tests use. */
function bytesOf(scalar: Scalar): [Uint8Array, string] {
  if (scalar.type === 'null') return [Buffer.alloc(0), 'null'];
  if (scalar.type === 'bool') return [Buffer.from(scalar.value ? 'True' : 'False'), 'bool'];
  if (scalar.type === 'str') return [Buffer.from(scalar.value as string), 'str'];
  return [Buffer.from(String(scalar.value)), scalar.type];
}

const text = (value: string): Value => ({ kind: 'scalar', scalar: { type: 'str', value } });

async function metadata(key: Uint8Array, recipient: string, mac: string): Promise<Value> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const enc = text(armor.encode(await encrypter.encrypt(key)));
  const age: Value = {
    kind: 'map',
    members: [
      { key: 'enc', value: enc },
      { key: 'recipient', value: text(recipient) },
    ],
  };
  const fields = {
    lastmodified: text('2026-01-02T03:04:05Z'),
    mac: text(mac),
    unencrypted_suffix: text('_unencrypted'),
    version: text('3.13.3'),
  };
  const rest = Object.entries(fields).map(([name, value]) => ({ key: name, value }));
  return { kind: 'map', members: [{ key: 'age', value: { kind: 'list', items: [age] } }, ...rest] };
}

/** Leaves of a file as SOPS sees them, aliases expanded. */
function* leaves(node: Node, path: string[]): Generator<{ scalar: Scalar; path: string[] }> {
  if (node.kind === 'alias') yield* leaves(node.target, path);
  else if (node.kind === 'scalar') yield { scalar: node.scalar, path };
  else if (node.kind === 'list')
    for (const item of node.items) yield* item.kind === 'comment' ? [] : leaves(item, path);
  else
    for (const member of node.members) if (member.kind === 'entry') yield* leaves(member.value, [...path, member.key]);
}

function sealScalar(scalar: Scalar, key: Uint8Array, path: string[]): Scalar {
  const [bytes, type] = bytesOf(scalar);
  if (bytes.length === 0 || path.some((part) => part.endsWith('_unencrypted'))) return scalar;
  return { type: 'str', value: sealText(bytes, key, aadOf(path), type) };
}

function sealValue(node: Node, key: Uint8Array, path: string[]): Value {
  if (node.kind === 'alias') return sealValue(node.target, key, path);
  if (node.kind === 'scalar') return { kind: 'scalar', scalar: sealScalar(node.scalar, key, path) };
  if (node.kind === 'list')
    return {
      kind: 'list',
      items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : sealValue(item, key, path))),
    };
  const entries = node.members.filter((member) => member.kind === 'entry');
  return {
    kind: 'map',
    members: entries.map((one) => ({ key: one.key, value: sealValue(one.value, key, [...path, one.key]) })),
  };
}

/**
 * A text sealed in place. The metadata is added before comments are sealed: what follows a comment decides where it
 * belongs.
 */
export async function sealFile(id: 'yaml' | 'json' | 'dotenv', plain: string, recipient: string): Promise<string> {
  const key = randomBytes(32);
  const format = getFormat(id);
  const first = format.parse(plain);
  const hash = createHash('sha512');
  for (const map of first.documents) for (const { scalar } of leaves(map, [])) hash.update(bytesOf(scalar)[0]);
  const mac = sealText(Buffer.from(hash.digest('hex').toUpperCase()), key, '2026-01-02T03:04:05Z', 'str');
  const doc = format.parse(applyEdits(plain, format.addMetadata(first, await metadata(key, recipient, mac))));
  const edits: TextEdit[] = [];
  for (const { node, path } of walk(doc)) {
    if (node.kind === 'alias') edits.push(...format.writeAlias(doc, node, sealValue(node, key, path)));
    else if (node.kind === 'scalar') {
      const sealed = sealScalar(node.scalar, key, path);
      if (sealed !== node.scalar) edits.push(...format.writeScalar(doc, node, sealed));
    } else if (node.kind === 'comment' && node.text !== '') {
      const text = sealText(Buffer.from(node.text), key, aadOf(path), 'comment');
      edits.push(...format.writeComment(doc, node, text));
    }
  }
  return applyEdits(doc.text, edits);
}
