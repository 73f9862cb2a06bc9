import { visible } from '../tree/path.ts';

/** How an item was ticked: Lockstep saw another value, or somebody said so. */
export type Tick = 'changed' | 'by hand';

/** A value that somebody could read. */
export interface Item {
  /** As it stands in the list: of the file, and of the entry within it. */
  readonly file: string;
  readonly entry: string;
  readonly tick: Tick | undefined;
  /** Its line, counted from 0. */
  readonly line: number;
}

/** A checklist, as its file has it. */
export interface Checklist {
  readonly name: string;
  readonly recipients: readonly string[];
  readonly items: readonly Item[];
}

/**
 * The form of a checklist. It is Markdown, which shows in a pull request as boxes to tick:
 *
 *     # Maria: values to replace
 *     - Recipient: `age1…`
 *     ## `config/prod.yaml`
 *     - [ ] `database.password`: in `3f2a1bc4d5`
 *     - [x] `api.token`: in `3f2a1bc4d5`; changed on 2026-11-28
 *
 * All other lines are for people, and stay as they are.
 */

/** A foreign text between backticks, on one line. What can stand there unchanged is unchanged. */
export const coded = (text: string): string => `\`${visible(text).replaceAll('`', '\\u{60}')}\``;

const code = '`([^`]+)`';
const title = /^# (.+): values to replace\s*$/;
const recipient = new RegExp(`^- Recipient: ${code}\\s*$`);
const heading = new RegExp(`^## ${code}`);
const box = new RegExp(`^- \\[([ xX])\\] ${code}(.*)$`);
const changed = /; changed on \d{4}-\d\d-\d\d/;

/** What a checklist says; undefined for a text that is none. */
export function readChecklist(text: string): Checklist | undefined {
  let name: string | undefined;
  let file: string | undefined;
  const recipients: string[] = [];
  const items: Item[] = [];
  for (const [line, one] of linesOf(text).entries()) {
    name ??= title.exec(one)?.[1]?.replace(/\\(.)/g, '$1');
    const reader = recipient.exec(one)?.[1];
    if (reader !== undefined) recipients.push(reader);
    file = heading.exec(one)?.[1] ?? file;
    const item = box.exec(one);
    if (item && file !== undefined) items.push({ file, entry: item[2] ?? '', tick: tickOf(item), line });
  }
  return name === undefined || recipients.length === 0 ? undefined : { name, recipients, items };
}

function tickOf([, mark, , rest = '']: RegExpExecArray): Tick | undefined {
  if (mark === ' ') return undefined;
  return changed.test(rest) ? 'changed' : 'by hand';
}

const linesOf = (text: string) => text.split(/\r?\n/);

/**
 * The same text with items ticked, or with the tick taken away; the rest of their lines stays. Lines that are no items stay as they are.
 * @param ticks by line
 * @param today `YYYY-MM-DD`
 */
export function withTicks(text: string, ticks: ReadonlyMap<number, Tick | undefined>, today: string): string {
  const lines = text.split('\n');
  for (const [line, tick] of ticks) {
    const [, content = '', end = ''] = /^(.*?)(\r?)$/.exec(lines[line] ?? '') ?? [];
    if (!box.test(content)) continue;
    const bare = content.replace(/; (?:changed|by hand) on \d{4}-\d\d-\d\d/g, '').replace(/^- \[.\]/, '- [ ]');
    lines[line] = (tick ? `${bare.replace(/^- \[ \]/, '- [x]')}; ${tick} on ${today}` : bare) + end;
  }
  return lines.join('\n');
}

/** Something that a new checklist lists. */
export interface NewItem {
  readonly entry: string;
  /** Of the newest commit in which they could read it; undefined for what no commit has. */
  readonly commit: string | undefined;
  /** The file's name there, where it is another one now. */
  readonly formerly: string | undefined;
  /** The file has no such entry any more. */
  readonly gone: boolean;
}

export interface NewFile {
  readonly path: string;
  readonly gone: boolean;
  readonly items: readonly NewItem[];
}

interface NewChecklist {
  readonly name: string;
  readonly recipients: readonly string[];
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly files: readonly NewFile[];
  /** What else a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/** The text of a new checklist. */
export function writeChecklist({ name, recipients, today, files, notes }: NewChecklist): string {
  const head = [
    `# ${plainName(name)}: values to replace`,
    '',
    ...recipients.map((one) => `- Recipient: ${coded(one)}`),
    `- Removed on: ${today}`,
    '',
    'These values could be read with the keys above. Replace each one where it is used, then set the new value in its file.',
    'Lockstep ticks it off when the value in the file is another one than in every version that could be read; the commit is the',
    'newest of these. `lockstep checklist verify` compares again. A value that need not change can be ticked by hand; write why.',
    'There is no value in this list, and nothing that a value could be guessed from.',
    ...notes.flatMap((note) => ['', note]),
  ];
  const parts = files.flatMap(({ path, gone, items }) => [
    '',
    `## ${coded(path)}${gone ? ' (no longer here)' : ''}`,
    '',
    ...items.map(lineOf),
  ]);
  return `${[...head, ...parts].join('\n')}\n`;
}

function lineOf({ entry, commit, formerly, gone }: NewItem): string {
  const where = commit === undefined ? 'in no commit' : `in ${coded(commit)}`;
  const as = formerly === undefined ? '' : ` as ${coded(formerly)}`;
  return `- [ ] ${coded(entry)}: ${where}${as}${gone ? ', no longer in the file' : ''}`;
}

const markup = /[\\`*_[\]<>#!|~]/g;

/** A name on one line of Markdown, with nothing in it that is markup. */
function plainName(name: string): string {
  const short = visible(name.replace(/\s+/g, ' ')).trim().slice(0, 80);
  return short.replace(markup, '\\$&') || 'Somebody';
}
