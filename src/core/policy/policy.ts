import { LockstepError } from '../errors.ts';
import type { Entry, MapNode, Node, ScalarNode, SourceDocument } from '../format/document.ts';
import { entriesOf, errorAt } from '../format/place.ts';
import { getFormat } from '../format/which.ts';

/** Where the policy is, from the root of the repository. */
export const policyPath = '.lockstep/policy.yaml';

/** What is agreed about a secret. */
export interface Term {
  /** Who replaces it: a person or a team, in words. */
  readonly owner: string | undefined;
  /** The day from which it is too old, `YYYY-MM-DD`. */
  readonly expires: string | undefined;
}

/** What is wrong in a policy that can be read: a date that is none, a field that there is not, a value of the wrong kind. */
export interface PolicyFault {
  readonly what: 'date' | 'field' | 'kind';
  /** The file and entry that it is about, as the policy has them. */
  readonly file: string;
  readonly entry: string;
  /** 1-based. */
  readonly line: number;
}

/** One entry that the policy names. */
interface PolicyEntry extends Term {
  readonly file: string;
  readonly entry: string;
  readonly line: number;
}

/**
 * Owners and expiry dates of secrets:
 *
 *     config/prod.yaml:
 *       database.password: { owner: Maria, expires: 2027-03-01 }
 *       "*": { owner: platform team }
 *
 * A file is named by its path from the root, an entry by its key path as Lockstep shows it. `*` stands for every other file, and for
 * every other entry of a file.
 */
export interface Policy {
  readonly entries: readonly PolicyEntry[];
  readonly faults: readonly PolicyFault[];
  /** What is agreed about an entry: its own fields first, then those of `*`. */
  of(file: string, entry: string): Term;
}

/** Stands for every file or entry that is not named. */
export const others = '*';

const none: Term = { owner: undefined, expires: undefined };

/** The policy of a text; an empty one without. Throws BAD_POLICY, with the line. */
export function readPolicy(text: string | undefined): Policy {
  const doc = text === undefined ? undefined : parsePolicy(text);
  const entries: PolicyEntry[] = [];
  const faults: PolicyFault[] = [];
  for (const file of doc ? entriesOf(rootOf(doc)) : []) {
    for (const entry of entriesOf(mapOf(doc, file.value))) {
      const at = { file: file.key, entry: entry.key, line: lineOf(doc, entry) };
      const { term, wrong } = termOf(doc, entry);
      entries.push({ ...at, ...term });
      faults.push(...wrong.map(({ what, line }) => ({ ...at, what, line })));
    }
  }
  const known = new Map(entries.map((one) => [JSON.stringify([one.file, one.entry]), one]));
  return {
    entries,
    faults,
    of(file, entry) {
      const levels = [file, others].flatMap((f) =>
        [entry, others].map((e) => known.get(JSON.stringify([f, e])) ?? none),
      );
      const first = (field: keyof Term) => levels.find((level) => level[field] !== undefined)?.[field];
      return { owner: first('owner'), expires: first('expires') };
    },
  };
}

/** The text as a tree; undefined for one without entries. Throws BAD_POLICY. */
export function parsePolicy(text: string): SourceDocument | undefined {
  try {
    const doc = getFormat('yaml').parse(text);
    if (doc.documents.length > 1 || doc.metadata[0]) throw new LockstepError('BAD_POLICY', { line: 1 });
    return doc;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    if (error.code === 'EMPTY_FILE') return undefined;
    throw new LockstepError('BAD_POLICY', { line: error.place.line ?? 1 });
  }
}

export const rootOf = (doc: SourceDocument): MapNode => doc.documents[0] as MapNode;

/** A map below; nothing counts as an empty one. Throws BAD_POLICY for anything else, and for what another place shares. */
export function mapOf(doc: SourceDocument | undefined, node: Node): MapNode {
  if (node.kind === 'map') return node;
  if (node.kind === 'scalar' && node.scalar.type === 'null')
    return { kind: 'map', span: node.span, members: [], flow: false };
  throw bad(doc, node);
}

export const bad = (doc: SourceDocument | undefined, { span }: Node) =>
  new LockstepError('BAD_POLICY', { line: errorAt('SYNTAX', doc?.text ?? '', span.start).place.line ?? 1 });

const lineOf = (doc: SourceDocument | undefined, { keySpan }: Entry) =>
  errorAt('SYNTAX', doc?.text ?? '', keySpan.start).place.line ?? 1;

type Wrong = Pick<PolicyFault, 'what' | 'line'>;

function termOf(doc: SourceDocument | undefined, entry: Entry): { term: Term; wrong: Wrong[] } {
  const term = { owner: undefined as string | undefined, expires: undefined as string | undefined };
  const wrong: Wrong[] = [];
  for (const field of entriesOf(mapOf(doc, entry.value))) {
    const fault = (what: Wrong['what']) => wrong.push({ what, line: lineOf(doc, field) });
    const written = field.value.kind === 'scalar' ? writtenOf(doc, field.value) : undefined;
    if (field.key !== 'owner' && field.key !== 'expires') fault('field');
    else if (written === undefined) fault('kind');
    else if (field.key === 'expires' && written !== '' && !isDay(written)) fault('date');
    else if (written !== '') term[field.key] = written;
  }
  return { term, wrong };
}

/** A scalar as somebody wrote it, without quotes: YAML would make a time of a date. */
function writtenOf(doc: SourceDocument | undefined, { scalar, span }: ScalarNode): string {
  if (scalar.type === 'null') return '';
  if (scalar.type === 'str') return typeof scalar.value === 'string' ? scalar.value.trim() : '';
  return (doc?.text ?? '').slice(span.start, span.end).trim();
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}
