import { idOfPath, locate } from '../change/locate.ts';
import { yamlStructure } from '../change/yaml.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type MapNode, type SourceDocument, type TextEdit } from '../format/document.ts';
import { entriesOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { keyText } from '../format/yaml/print.ts';
import { scalar, text as str, type Value } from '../tree/value.ts';
import { bad, isDay, mapOf, parsePolicy, readPolicy, rootOf, type Term } from './policy.ts';

/** Edits of a policy: comments, order and every other line stay. Each result is read back before it is given out. */

const header = `# Who owns a secret, and when it has to be replaced. lockstep stale lists what is due.
# Below the path of a file stand its entries as Lockstep shows them; "*" is every other one. A day is YYYY-MM-DD.
`;

const yaml = getFormat('yaml');

/**
 * The policy with this term for an entry; an empty one takes the entry out. Without a text it is a new policy. Throws BAD_POLICY for a
 * text that cannot be read, or not be changed so, and for a term that cannot be written.
 */
export function withTerm(text: string | undefined, file: string, entry: string, term: Term): string {
  const start = text === undefined || text.trim() === '' ? header : text;
  const isEmpty = !term.owner && !term.expires;
  const next = guarded(() => (isEmpty ? withoutEntry(start, file, entry) : withFields(start, file, entry, term)));
  const known = readPolicy(next).entries.find((one) => one.file === file && one.entry === entry);
  const same = (field: keyof Term) => (known?.[field] ?? '') === (term[field] ?? '');
  if (!same('owner') || !same('expires')) throw new LockstepError('BAD_POLICY', { line: known?.line ?? 1 });
  return next;
}

/** The policy after an entry of a file got another name. The same text where it does not name the entry, or names the other one, too. */
export function withEntryRenamed(text: string, file: string, from: string, to: string): string {
  return withKeyRenamed(text, [file], from, to);
}

/** The same for a file. */
export function withFileRenamed(text: string, from: string, to: string): string {
  return withKeyRenamed(text, [], from, to);
}

function withKeyRenamed(text: string, at: readonly string[], from: string, to: string): string {
  const doc = parsePolicy(text);
  const map = doc && mapAt(doc, at);
  const entry = map && entriesOf(map).find(({ key }) => key === from);
  if (!doc || !entry || entriesOf(map).some(({ key }) => key === to)) return text;
  return guarded(() => applyEdits(text, yaml.renameEntry(doc, map, entry, to)));
}

function mapAt(doc: SourceDocument, [file]: readonly string[]): MapNode | undefined {
  if (file === undefined) return rootOf(doc);
  const found = entriesOf(rootOf(doc)).find(({ key }) => key === file);
  return found && mapOf(doc, found.value);
}

function withFields(text: string, file: string, entry: string, term: Term): string {
  const doc = parsePolicy(text);
  if (!doc) return withFields(started(text, file), file, entry, term);
  const fields = mapOfFields(term);
  const inFile = mapAt(doc, [file]);
  if (!inFile) return added(doc, rootOf(doc), file, { kind: 'map', members: [{ key: entry, value: fields }] });
  const inEntry = entriesOf(inFile).find(({ key }) => key === entry);
  if (!inEntry) return added(doc, inFile, entry, fields);
  return (['owner', 'expires'] as const).reduce(
    (next, field) => withField(next, file, entry, field, term[field]),
    text,
  );
}

/** Nothing is there but comments, if that: with a file that has no entries yet. */
const started = (text: string, file: string) =>
  `${text.endsWith('\n') ? text : `${text}\n`}${keyText(file, 'plain', false)}:\n`;

const added = (doc: SourceDocument, map: MapNode, key: string, value: Value) =>
  applyEdits(doc.text, yaml.addEntry(doc, map, key, value));

function mapOfFields({ owner, expires }: Term): Value {
  const members = Object.entries({ owner, expires }).flatMap(([key, value]) =>
    value ? [{ key, value: scalar(str(value)) }] : [],
  );
  return { kind: 'map', members };
}

function withField(text: string, file: string, entry: string, field: keyof Term, value: string | undefined): string {
  const doc = parsePolicy(text) as SourceDocument;
  const inFile = mapAt(doc, [file]) as MapNode;
  const map = mapOf(doc, entriesOf(inFile).find(({ key }) => key === entry)?.value ?? inFile);
  const there = entriesOf(map).find(({ key }) => key === field);
  if (!there) return value ? added(doc, map, field, scalar(str(value))) : text;
  if (!value) return applyEdits(text, yaml.removeEntry(doc, map, there));
  if (there.value.kind !== 'scalar') throw bad(doc, there.value);
  const { span, style } = there.value;
  // A day without quotes stays without.
  const edits =
    isDay(value) && style === 'plain' ? [{ ...span, text: value }] : yaml.writeScalar(doc, there.value, str(value));
  return applyEdits(text, edits);
}

/** With its own comments. A file that has no other goes, too. */
function withoutEntry(text: string, file: string, entry: string): string {
  const doc = parsePolicy(text);
  const map = doc && mapAt(doc, [file]);
  if (!doc || !map || !entriesOf(map).some(({ key }) => key === entry)) return text;
  const path = entriesOf(map).length === 1 ? [file] : [file, entry];
  return applyEdits(text, removal(doc, path));
}

const removal = (doc: SourceDocument, path: readonly string[]): TextEdit[] =>
  yamlStructure.remove(doc, locate(doc, idOfPath(0, path)), true);

/** What cannot be written is an error of the policy. */
function guarded(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code === 'BAD_POLICY') throw error;
    throw new LockstepError('BAD_POLICY', { line: error.place.line ?? 1 });
  }
}
