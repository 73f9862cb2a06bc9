import type { Finding } from './detect.ts';

/** The file that says what is no secret, from the root of a repository. */
export const ignoredPath = '.lockstep/not-secrets';

/** Something that looks like a secret and is none, as somebody said. */
interface Ignored {
  /** From the root of the repository; `*` stands for anything in a name, `**` for folders, too. */
  readonly path: string;
  /** A rule's id; `*` for all. */
  readonly rule: string;
  /** What it is called where it stands; `*` for whatever it is called. */
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly reason: string;
}

const header = `# What looks like a secret and is none: lockstep scan and the editor pass over it.
# path | rule | name | date | reason      (* is anything; ** is any folders)
`;

/** The lines of the file that can be read; others say nothing, so that what they are about is found. */
function readIgnored(text: string): Ignored[] {
  return text.split(/\r?\n/).flatMap((line) => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    const [path = '', rule = '', name = '', date = '', ...reason] = line
      .split(/(?<!\\)\|/)
      .map((one) => one.trim().replaceAll('\\|', '|'));
    const isWhole =
      path !== '' && rule !== '' && name !== '' && /^\d{4}-\d\d-\d\d$/.test(date) && reason.join('').trim() !== '';
    return isWhole ? [{ path, rule, name, date, reason: reason.join('|') }] : [];
  });
}

/** The file with one line more; without a text it is a new file. */
export function withIgnored(text: string | undefined, one: Ignored): string {
  const start = text === undefined || text === '' ? header : text.endsWith('\n') ? text : `${text}\n`;
  const cells = [
    one.path.replace(/[*?]/g, '?'),
    one.rule,
    one.name,
    one.date,
    one.reason.replace(/[\r\n]+/g, ' ').trim(),
  ];
  return `${start}${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')}\n`;
}

/** Says which findings somebody has said to be none. */
export class NotSecrets {
  readonly #lines: readonly Ignored[];

  constructor(text: string | undefined) {
    this.#lines = readIgnored(text ?? '');
  }

  has(path: string, { rule, name }: Pick<Finding, 'rule' | 'name'>): boolean {
    return this.#lines.some(
      (one) =>
        fits(one.path, path) &&
        (one.rule === '*' || one.rule === rule) &&
        (one.name === '*' || one.name === nameOf(name)),
    );
  }
}

/** What stands in the file for a finding without a name. */
export const nameOf = (name: string | undefined): string => name ?? '-';

/** Whether a path fits a pattern. Each sign is looked at once for each place of the path, whatever the pattern is: it came from anybody. */
function fits(pattern: string, path: string): boolean {
  let reached = [true, ...new Array<boolean>(path.length).fill(false)];
  for (const part of pattern.match(/\*\*\/?|[\s\S]/g) ?? []) {
    const next = new Array<boolean>(path.length + 1).fill(false);
    for (let at = 0; at <= path.length; at++) {
      const [sign, before] = [path[at - 1], at > 0];
      // Whole folders, or none.
      if (part === '**/')
        next[at] = reached[at] === true || (sign === '/' && reached.indexOf(true) < at && reached.includes(true));
      else if (part === '**') next[at] = reached[at] === true || (before && next[at - 1] === true);
      else if (part === '*') next[at] = reached[at] === true || (before && next[at - 1] === true && sign !== '/');
      else next[at] = before && reached[at - 1] === true && (part === sign || (part === '?' && sign !== '/'));
    }
    reached = next;
  }
  return reached[path.length] === true;
}
