import { align } from '../diff/align.ts';
import type { CommentNode } from '../format/document.ts';
import { isEnvelopeOnly } from '../format/signs.ts';
import type { Kept } from '../seal/framed.ts';
import type { Collected, SealedComment } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import { commentText } from './comments.ts';
import { requireHidden, requireHiddenComments } from './hidden.ts';
import type { Opened } from './open.ts';
import { heldIn } from './same.ts';
import { plainComment } from './unseal.ts';

/** A comment of the encrypted file; `plain` is as it stood where it was not encrypted or does not open. */
interface OldComment {
  readonly node: SealedComment['node'];
  readonly aad: string;
  readonly plain: string;
  readonly sealed: boolean;
}

/**
 * What of an opened file stays in a new plain text: values of the same type at the same key path keep their ciphertext
 * byte for byte (SOPS reuses the nonce, aes/cipher.go), and so do comments. Equal values keep each its own.
 * Throws NOT_SELECTED with the path, unless `allowPlain`, where something encrypted would stand in clear text.
 */
export async function keep(opened: Opened, { leaves, comments }: Collected, allowPlain: boolean): Promise<Kept> {
  const { format } = opened.sealed;
  const held = (id: string) => {
    const value = opened.value(id);
    return value && heldIn(format, value);
  };
  const oldLeaves = opened.sealed.leaves.filter((leaf) => leaf.encrypted && !leaf.around.alias);
  const fresh = leaves.filter((leaf) => leaf.selected);
  const stay = paired(
    oldLeaves.map(({ id, aad }) => `${aad}\0${keyOf(held(id))}`),
    fresh.map((leaf) => `${leaf.aad}\0${keyOf(leaf.node.scalar)}`),
  );
  const oldComments = await commentsOf(opened);
  const newComments = comments.filter(isComment);
  const stayComments = paired(
    oldComments.map(({ aad, plain, node }) => (node.kind === 'comment' ? `${aad}\0${plain}` : plain)),
    newComments.map(({ aad, node }) => `${aad}\0${node.text}`),
  );
  pairItems(oldComments, newComments, stayComments);
  if (!allowPlain) {
    requireHidden(opened, leaves, without(oldLeaves, stay));
    const gone = without(oldComments, stayComments).filter((comment) => comment.sealed);
    requireHiddenComments(
      new Set(gone.map((comment) => comment.plain)),
      newComments.filter((_, j) => stayComments[j] === -1),
    );
  }
  const { text } = opened.sealed.doc;
  return {
    leaves: new Map(
      fresh.flatMap((leaf, j) => {
        const old = oldLeaves[stay[j] ?? -1];
        const [node, value] = [old?.node, old && opened.value(old.id)];
        // What stands behind a ciphertext SOPS passes over; it does not stay.
        if (!value || node?.scalar.type !== 'str' || !isEnvelopeOnly(String(node.scalar.value))) return [];
        const token = text.slice(node.span.start, node.span.end);
        const fits = node.flow === leaf.node.flow && /^["']?ENC\[\S*$/.test(token);
        return [[leaf.id, { enc: String(node.scalar.value), token: fits ? token : undefined, value }]];
      }),
    ),
    comments: new Map(
      newComments.flatMap(({ node }, j) => {
        const old = oldComments[stayComments[j] ?? -1]?.node;
        if (!old) return [];
        const item = old.kind === 'scalar' ? text.slice(old.span.start, old.span.end) : undefined;
        return [[node, { text: commentText(old), item }]];
      }),
    ),
  };
}

/**
 * With the ciphertext that another version of the file has for what `kept` lacks: it is under the same data key. Values of one type
 * at one key path take each its own.
 */
export async function keepAlso(kept: Kept, other: Opened, { leaves, comments }: Collected): Promise<Kept> {
  const { format } = other.sealed;
  const values = queues(
    other.sealed.leaves.flatMap((leaf) => {
      const value = leaf.encrypted && !leaf.around.alias ? other.value(leaf.id) : undefined;
      const enc = String(leaf.node.scalar.type === 'str' ? leaf.node.scalar.value : '');
      if (!value || !isEnvelopeOnly(enc)) return [];
      return [[`${leaf.aad}\0${keyOf(heldIn(format, value))}`, { enc, token: undefined, value }] as const];
    }),
  );
  const said = queues(
    (await commentsOf(other)).flatMap(({ node, aad, plain, sealed }) =>
      sealed && node.kind === 'comment' ? [[`${aad}\0${plain}`, commentText(node)] as const] : [],
    ),
  );
  const more = leaves.flatMap(({ id, aad, selected, node }) => {
    const found = selected && !kept.leaves.has(id) ? values.get(`${aad}\0${keyOf(node.scalar)}`)?.shift() : undefined;
    return found ? [[id, found] as const] : [];
  });
  const moreComments = comments.filter(isComment).flatMap(({ node, aad, selected }) => {
    const text = selected && !kept.comments.has(node) ? said.get(`${aad}\0${node.text}`)?.shift() : undefined;
    return text === undefined ? [] : [[node, { text, item: undefined }] as const];
  });
  return { leaves: new Map([...kept.leaves, ...more]), comments: new Map([...kept.comments, ...moreComments]) };
}

/** Values by key, in order. */
function queues<T>(all: readonly (readonly [string, T])[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [key, value] of all) {
    const queue = found.get(key);
    if (queue) queue.push(value);
    else found.set(key, [value]);
  }
  return found;
}

type PlainComment = SealedComment & { readonly node: CommentNode };

function isComment(comment: SealedComment): comment is PlainComment {
  return comment.node.kind === 'comment' && !comment.around.alias;
}

/** For each new one the old one that it is: those in order, and then what moved. */
function paired(old: readonly string[], fresh: readonly string[]): Int32Array {
  const pairs = align(old, fresh);
  const taken = new Set(pairs);
  const free = new Map<string, number[]>();
  old.forEach((key, i) => {
    if (taken.has(i)) return;
    const queue = free.get(key);
    if (queue) queue.push(i);
    else free.set(key, [i]);
  });
  fresh.forEach((key, j) => {
    if (pairs[j] === -1) pairs[j] = free.get(key)?.shift() ?? -1;
  });
  return pairs;
}

/** SOPS stores comments of a list as items. They stay so where the comment has a line of its own in a list. */
function pairItems(old: readonly OldComment[], fresh: readonly PlainComment[], pairs: Int32Array): void {
  const taken = new Set(pairs);
  fresh.forEach(({ node }, j) => {
    if (pairs[j] !== -1 || node.inline) return;
    const i = old.findIndex((one, n) => one.node.kind === 'scalar' && one.plain === node.text && !taken.has(n));
    if (i === -1) return;
    pairs[j] = i;
    taken.add(i);
  });
}

async function commentsOf(opened: Opened): Promise<OldComment[]> {
  const found: OldComment[] = [];
  for (const comment of opened.sealed.comments) {
    const { node, aad, around } = comment;
    if (around.alias) continue;
    const plain = await plainComment(opened, comment);
    found.push({ node, aad, plain: plain ?? commentText(node), sealed: plain !== undefined });
  }
  return found;
}

function without<T>(all: readonly T[], pairs: Int32Array): T[] {
  const taken = new Set(pairs);
  return all.filter((_, i) => !taken.has(i));
}
