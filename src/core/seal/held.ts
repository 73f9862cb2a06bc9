import { commentText } from '../open/comments.ts';
import type { Opened } from '../open/open.ts';
import { plainComment } from '../open/unseal.ts';
import type { SealedComment } from '../sops/sealed.ts';
import { type ExpectedComment, type ExpectedLeaf, ownComments } from './prove.ts';

/** What an opened file holds, so that a change of it can say what it expects. */
export async function heldBy(opened: Opened): Promise<{ leaves: ExpectedLeaf[]; comments: HeldComment[] }> {
  const { leaves, comments } = opened.sealed;
  return {
    leaves: leaves.map(({ document, path, selected }, i) => ({ document, path, selected, value: opened.valueAt(i) })),
    comments: await Promise.all(
      ownComments(comments).map(async (comment) => {
        const plain = await plainComment(opened, comment);
        return { comment, text: plain ?? commentText(comment.node), clear: plain === undefined };
      }),
    ),
  };
}

interface HeldComment extends ExpectedComment {
  readonly comment: SealedComment;
}
