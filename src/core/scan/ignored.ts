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
  readonly #lines: readonly (Ignored & { readonly pattern: RegExp })[];

  constructor(text: string | undefined) {
    this.#lines = readIgnored(text ?? '').map((one) => ({ ...one, pattern: patternOf(one.path) }));
  }

  has(path: string, { rule, name }: Finding): boolean {
    return this.#lines.some(
      (one) =>
        one.pattern.test(path) &&
        (one.rule === '*' || one.rule === rule) &&
        (one.name === '*' || one.name === nameOf(name)),
    );
  }
}

/** What stands in the file for a finding without a name. */
export const nameOf = (name: string | undefined): string => name ?? '-';

function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part.startsWith('**')) return '(?:.*)';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
