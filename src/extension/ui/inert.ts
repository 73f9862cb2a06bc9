import { visible } from '../../core/tree/path.ts';

/**
 * A text for a place of VS Code's where `$(name)` becomes an icon, and `[words](command:…)` a link that runs a command. Names
 * out of files may look like that: what comes back shows the same characters and is neither. What cannot be seen, or
 * turns the line round, is spelt out; line breaks stay.
 */
export function inert<T extends string | undefined>(text: T): T {
  return text
    ?.replace(/[^\n]+/g, visible)
    .replaceAll('$(', '$\u200B(')
    .replaceAll('](', ']\u200B(') as T;
}
