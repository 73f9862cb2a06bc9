/**
 * A foreign text (a key path, a commit's summary) as Markdown that shows exactly that text: every ASCII punctuation mark is
 * escaped (CommonMark 2.4), so there is no markup, link, image, HTML or icon left in it; white space becomes one space.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
