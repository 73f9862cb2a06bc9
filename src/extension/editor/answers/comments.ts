import * as vscode from 'vscode';
import { ownComments } from '../../../core/change/comments.ts';
import type { Step } from '../../../core/change/intent.ts';
import { locate, type NodeId } from '../../../core/change/locate.ts';
import { LockstepError } from '../../../core/errors.ts';
import { commentsOf } from '../../../core/format/place.ts';
import { commentText } from '../../../core/open/comments.ts';
import type { Opened } from '../../../core/open/open.ts';
import { comparable, plainComment } from '../../../core/open/unseal.ts';
import { bareComment, isSecret, type RowTarget } from '../../../core/view/rows.ts';
import type { Done, Requests, Results } from '../../../protocol/requests.ts';
import { requireShowable } from '../../person/showable.ts';
import { type Asked, done, step } from './asked.ts';
import { nodeOf } from './structure.ts';

const { t } = vscode.l10n;

type CommentLine = Extract<RowTarget, { kind: 'comment' }>;

/** An encrypted comment is shown like a value: throws PRESENTING while none may be. */
export async function comment(opened: Opened, { row }: Requests['comment'], asked: Asked): Promise<Results['comment']> {
  const { sheet } = asked.page;
  const target = sheet.target(row, asked.revision);
  const { lines, secret } =
    target.kind === 'comment' ? await ownLine(opened, target) : await linesOf(opened, nodeOf(asked, row).id);
  // Asked last: a presentation may have begun meanwhile.
  if (secret || sheet.table.rows.find(({ id }) => id === row)?.secretComment) requireShowable(asked.services);
  return { text: lines.map(bareComment).join('\n') };
}

interface Texts {
  readonly lines: readonly string[];
  readonly secret: boolean;
}

async function linesOf(opened: Opened, id: NodeId): Promise<Texts> {
  const { doc } = await comparable(opened);
  const { above, end } = ownComments(doc, locate(doc, id));
  const own = commentsOf(doc).filter(
    (one) => one === end || (one.span.start >= above.start && one.span.end <= above.end),
  );
  // A comment may be shown at another row than the one that it is asked for with.
  const secret = own.length > 0 && opened.sealed.comments.some(isSecret);
  return { lines: own.map(({ text }) => text), secret };
}

async function ownLine(opened: Opened, { comments }: CommentLine): Promise<Texts> {
  const texts = comments.map(async (one) => (await plainComment(opened, one)) ?? commentText(one.node));
  return { lines: await Promise.all(texts), secret: comments.some(isSecret) };
}

export async function setComment({ row, text }: Requests['setComment'], asked: Asked): Promise<Done> {
  const { sheet } = asked.page;
  await step(asked, t('Change Comment'), (opened) => {
    const target = sheet.target(row, asked.revision);
    if (target.kind === 'comment') return rewording(opened, target, text);
    return { kind: 'comment', id: nodeOf(asked, row).id, text };
  });
  return done(asked, row);
}

/** A comment that belongs to no entry is known by its place among all. */
function rewording(opened: Opened, { comments: [line] }: CommentLine, text: string): Step {
  const comment = line ? opened.sealed.comments.indexOf(line) : -1;
  if (text === '') return { kind: 'reword', comment };
  if (/[\r\n]/.test(text)) throw new LockstepError('BAD_VALUE', { what: 'line-break' });
  return { kind: 'reword', comment, text: text.startsWith(' ') ? text : ` ${text}` };
}

/** What is stored unencrypted is seen at once. Throws PRESENTING while nothing may be. */
export async function markPlain({ row, on }: Requests['markPlain'], asked: Asked): Promise<Done> {
  if (on) requireShowable(asked.services);
  const { table } = asked.page.sheet;
  const place = [...table.targets.keys()].indexOf(row);
  await step(asked, t('Change Encryption of an Entry'), () => ({ kind: 'markPlain', id: nodeOf(asked, row).id, on }));
  // It may have another name now.
  return done(asked, asked.page.sheet.table.rows[place]?.id);
}
