import { visible } from '../tree/path.ts';

/**
 * A foreign text (a key path, a commit's summary) as Markdown that shows exactly that text: every ASCII punctuation mark is
 * escaped (CommonMark 2.4), so there is no markup, link, image, HTML or icon left in it; white space becomes one space,
 * and what cannot be seen or turns the line round is spelt out.
 */
export function escapeMarkdown(text: string): string {
  return visible(text.replace(/\s+/g, ' '))
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
