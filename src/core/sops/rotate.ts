import { wrapKey } from '../age/wrap.ts';
import { LockstepError } from '../errors.ts';
import type { TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { text } from '../tree/value.ts';
import { commentText, openComment, writeCiphertext } from './comments.ts';
import { DataKey } from './datakey.ts';
import { field, keyGroup, leaf as leafAt, maps as mapsAt } from './metadata.ts';
import { macDigest, type Opened } from './open.ts';
import type { Sealed } from './sealed.ts';
import { type Change, requireIntact, signed } from './sign.ts';

/**
 * A new data key for the same recipients: every ciphertext changes, no value does. Throws EDIT_LOCKED, FOREIGN_MASTER_KEY
 * (a master key that is not age and cannot be wrapped here), BAD_RECIPIENT, and BAD_DATA_KEY when `opened` is disposed of
 * meanwhile.
 */
export async function rotate(opened: Opened, clock: Clock): Promise<Change> {
  requireIntact(opened);
  const { sealed } = opened;
  if (sealed.metadata.foreign[0])
    throw new LockstepError('FOREIGN_MASTER_KEY', { what: sealed.metadata.foreign[0].kind });
  const key = await DataKey.generate();
  try {
    const edits = [
      ...(await resealLeaves(opened, key)),
      ...(await resealComments(opened, key)),
      ...(await rewrap(sealed, key)),
    ];
    const digest = await macDigest(sealed, (leaf) => opened.value(leaf.id));
    // Locked meanwhile: the values and comments that were asked for after that were missing.
    opened.dataKey.requireAlive();
    return await signed(opened, edits, digest, clock, key);
  } finally {
    key.dispose();
  }
}

async function resealLeaves(opened: Opened, key: DataKey): Promise<TextEdit[]> {
  const { doc, format, leaves } = opened.sealed;
  const edits = await Promise.all(
    leaves.map(async (leaf) => {
      const value = opened.value(leaf.id);
      if (!leaf.encrypted || !value || value.type === 'null') return [];
      return getFormat(format).writeScalar(doc, leaf.node, text(await key.seal(value, leaf.aad)));
    }),
  );
  return edits.flat();
}

async function resealComments(opened: Opened, key: DataKey): Promise<TextEdit[]> {
  const { doc, comments } = opened.sealed;
  const edits: TextEdit[] = [];
  for (const comment of comments) {
    const plain = await openComment(opened.dataKey, comment.aad, commentText(comment.node));
    if (plain === undefined) continue;
    const enc = await key.seal({ type: 'comment', value: plain }, comment.aad);
    edits.push(...writeCiphertext(doc, comment.node, enc));
  }
  return edits;
}

async function rewrap(sealed: Sealed, key: DataKey): Promise<TextEdit[]> {
  const { doc, format } = sealed;
  const edits: TextEdit[] = [];
  const wraps = await Promise.all(sealed.metadata.recipients.map(({ recipient }) => wrapKey(key.raw, recipient)));
  for (const block of doc.metadata) {
    if (!block) continue;
    const keys = mapsAt(field(keyGroup(block.root), 'age'), 'age');
    // A copy that would keep a wrap of the old data key could be opened by nobody.
    if (keys.length !== wraps.length) throw new LockstepError('BAD_METADATA', { what: 'age' });
    keys.forEach((entry, i) => {
      const node = leafAt(field(entry, 'enc'));
      const enc = wraps[i];
      if (!node || enc === undefined) throw new LockstepError('BAD_METADATA', { what: 'enc' });
      edits.push(...getFormat(format).writeScalar(doc, node, text(enc)));
    });
  }
  return edits;
}
