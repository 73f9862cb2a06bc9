import { type LineMask, maskLines, unescaped } from './lines.ts';

const assignment = /^\s*(?:export\s+)?[A-Za-z_][\w.-]{0,127}\s*=[ \t]*/;
const commented = /^\s*#[#\s]*(?:export\s+)?[A-Za-z_][\w.-]{0,127}=[ \t]*/;

/** What a value that is still open at the line's end waits for. */
type Open = '"' | "'" | '`' | '-----END' | undefined;

/** Masks of a dotenv file, line by line. */
export function dotenvLineMasks(text: string): LineMask[] {
  let open: Open;
  return maskLines(text, (content) => {
    const from = open ? 0 : valueStart(content);
    const stray = open !== undefined || !assignment.test(content);
    if (open) open = closes(content, open) ? undefined : open;
    else if (from !== undefined && !stray) open = opens(content.slice(from));
    if (from === undefined) return undefined;
    return { from: content.length - content.slice(from).trimStart().length, stray };
  });
}

/** Where a line's secret part starts; undefined for a blank line or a comment without an assignment. */
function valueStart(content: string): number | undefined {
  const found = assignment.exec(content) ?? commented.exec(content);
  if (found) return endsBase64(content.trim()) ? 0 : found[0].length;
  return /^\s*(?:#|$)/.test(content) ? undefined : 0;
}

/** The last line of a base64 block rather than a name with an empty value: only padding after a long mixed word. */
function endsBase64(content: string): boolean {
  const name = content.replace(/={1,2}$/, '');
  if (name === content || name.includes('=')) return false;
  return content.endsWith('==') || (name.length > 24 && /[a-z]/.test(name) && /[A-Z]/.test(name));
}

function opens(value: string): Open {
  const quote = value[0];
  if (quote === '"' || quote === "'" || quote === '`') return closes(value.slice(1), quote) ? undefined : quote;
  return value.includes('-----BEGIN') && !value.includes('-----END') ? '-----END' : undefined;
}

function closes(content: string, open: Exclude<Open, undefined>): boolean {
  return (open === '"' ? unescaped(content) : content).includes(open);
}
