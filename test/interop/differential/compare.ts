import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { severalLines } from '../../../src/core/env/lines.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId, SourceDocument } from '../../../src/core/format/document.ts';
import { bytesOfText, textOfBytes, textOfFile } from '../../../src/core/format/encoding.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { plainLeaves, sealBytes } from '../../../src/core/seal/seal.ts';
import { collect, type Leaf } from '../../../src/core/sops/sealed.ts';
import { defaultSelector } from '../../../src/core/sops/selection.ts';
import { valueBytes } from '../../../src/core/sops/value.ts';
import type { Scalar } from '../../../src/core/tree/value.ts';
import { plainDocuments } from '../../core/format/tree.ts';
import { alice, clock, reopen } from '../../core/support.ts';
import { requireHidden } from './canary.ts';
import type { Ran, Rule, Sops } from './sops.ts';

export interface Plain {
  readonly source: string;
  readonly rule: Rule;
}

/**
 * A plain file goes both ways. Ours read by sops prints byte for byte what sops's own does; sops's file opened here has
 * the types and bytes that we read in the plain one; ours comes back with every value and comment. What one refuses the
 * other refuses.
 */
export async function compareEncryption(format: FormatId, { source, rule }: Plain, sops: Sops): Promise<void> {
  const ours = await sealBytes(bytesOfText(source), format, { recipients: [alice.recipient], ...rule }, clock).catch(
    refusal,
  );
  const theirs = await sops.encrypt(asSopsReads(format, source), format, rule);
  if (ours instanceof LockstepError) {
    assert.ok(
      theirs.status !== 0 || mayRefuse(ours, format, source, rule),
      `sops encrypts what we refuse: ${ours.message}`,
    );
    return;
  }
  requireHidden(format, rule.selector, [source], ours.text);
  if (cannotWrite(theirs)) {
    assert.equal((await sops.decrypt(ours.text, format, '--output-type', 'json')).status, 0, 'sops reads ours');
    return;
  }
  assert.equal(theirs.status, 0, `we encrypt what sops refuses: ${theirs.status} ${theirs.err}`);
  await comparePrinted(format, source, ours.text, theirs.out, sops);
  const plain = valuesOfPlain(source, format, rule);
  const opened = await reopen(theirs.out, format).catch(refusal);
  if (opened instanceof LockstepError || !opened.verdict.ok)
    assert.notEqual((await sops.decrypt(theirs.out, format)).status, 0, 'sops opens its file, we do not');
  else
    await sameValues(format, { file: ours.text, values: plain }, { file: theirs.out, values: valuesOf(opened) }, sops);
  const back = textOfBytes(await unsealBytes(await reopen(ours.text, format)));
  if (format === 'binary') return assert.equal(back, source);
  assert.deepEqual(valuesOfPlain(back, format, rule), plain);
  assert.deepEqual(commentsOf(getFormat(format).parse(back)), commentsOf(getFormat(format).parse(source)));
}

/**
 * SOPS knows no aliases: each becomes a copy, in which we leave out the comments. Where comments choose what is encrypted
 * and one of the copy's would have chosen, the file is refused. In INI we refuse text that sops drops without a word: all
 * but the last value of a key that stands twice, and what follows a closing quote. In dotenv we refuse values in quotes that
 * go on over lines: sops makes an entry of each line.
 */
function mayRefuse(error: LockstepError, format: FormatId, source: string, { selector }: Rule): boolean {
  // go-yaml takes a mark at the start of a line for a part of a name, or loses the first letter of other lines.
  if (error.place.what === 'byte-order-mark') return true;
  if (format === 'dotenv') return error.place.what === 'several-lines' && severalLines(source).length > 0;
  if (format === 'ini') return error.code === 'DUPLICATE_KEY' || error.place.what === 'trailing';
  // A comment that go-yaml drops and that was to choose.
  if (error.place.what === 'comment') return selector.kind.endsWith('comment_regex');
  return error.place.what === 'structure' && selector.kind.endsWith('comment_regex') && source.includes('*a');
}

/** sops's exit code for a tree that it read and cannot write: block scalars that start with a tab. */
const cannotPrint = 4;

/** So does a comment without a text in INI, where go-ini ends in a panic. */
export const cannotWrite = (ran: Ran) => ran.status === cannotPrint || ran.err.includes('panic: ');

/** An encrypted file, and what is in it. */
interface Held {
  readonly file: string;
  readonly values: readonly string[];
}

/**
 * Both hold the same. In clear text sops prints some values so that they are others: -0.0, an INI value that ends in a
 * backslash, a block scalar with a comment behind its sign. Its MAC tells, unless that covers encrypted values only;
 * then sops itself reads another value in its file than in ours.
 */
export async function sameValues(format: FormatId, ours: Held, theirs: Held, sops: Sops): Promise<void> {
  if (isDeepStrictEqual(withoutMinus(theirs.values), withoutMinus(ours.values))) return;
  const [own, of] = await Promise.all(
    [theirs.file, ours.file].map((file) => sops.decrypt(file, format, '--output-type', 'json')),
  );
  if (own?.out === of?.out) assert.deepEqual(theirs.values, ours.values);
}

/** The float -0.0 in clear text, which sops reads as the integer 0 the next time. Its JSON cannot tell where an infinity stands beside it. */
const withoutMinus = (values: readonly string[]) => values.map((value) => value.replace(/ number 2d30$/, ' number 30'));

const everything: Rule = { selector: defaultSelector, macOnlyEncrypted: false };

/**
 * sops reads ours, and prints the same as from its own file: byte for byte, or else the same values, because it drops and
 * moves comments. Some files sops cannot read again itself: it prints `<<`, block scalars that start with white space, and
 * a few others so that they are another value or no YAML any more. There its JSON of ours is what was plain.
 */
export async function comparePrinted(
  format: FormatId,
  plain: string,
  ours: string,
  theirs: string,
  sops: Sops,
): Promise<void> {
  const [fromOurs, fromTheirs] = await Promise.all([sops.decrypt(ours, format), sops.decrypt(theirs, format)]);
  if (!cannotWrite(fromOurs)) assert.equal(fromOurs.status, 0, `sops does not read ours: ${fromOurs.err}`);
  if (fromOurs.status === 0 && fromOurs.out === fromTheirs.out) return;
  if (fromTheirs.status === 0 && (await printsYaml(format, sops, fromOurs.out, fromTheirs.out))) {
    assert.deepEqual(documents(format, fromOurs.out), documents(format, fromTheirs.out));
    return;
  }
  const json = await sops.decrypt(ours, format, '--output-type', 'json');
  if (/cannot encode non-finite|unsupported value/i.test(json.err)) return;
  assert.equal(json.status, 0, json.err);
  // JSON has no byte that is not UTF-8: those come as U+FFFD.
  assert.deepEqual(documents('json', json.out)[0], documents(format, Buffer.from(plain).toString())[0]);
}

async function printsYaml(format: FormatId, sops: Sops, ...printed: string[]): Promise<boolean> {
  if (format !== 'yaml') return false;
  const all = await Promise.all(printed.map((text) => sops.encrypt(text, 'yaml', everything)));
  return all.every(({ status }) => status === 0);
}

/**
 * Values without comments. sops writes the floats 1.0 and -0.0 as integers and, into JSON, a time as text and a byte that
 * is no UTF-8 as U+FFFD.
 */
function documents(format: FormatId, text: string): unknown[] {
  return plainDocuments(getFormat(format).parse(text)).map((doc) => JSON.parse(JSON.stringify(doc), asPrinted));
}

function asPrinted(_key: string, value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[1] !== 'string') return value;
  const [type, shownAs] = value as [string, string];
  if (type === 'int' || type === 'float') return ['number', shownAs === '-0' ? '0' : shownAs];
  if (type === 'time') return ['str', shownAs];
  return type === 'bytes' ? ['str', Buffer.from(shownAs, 'hex').toString()] : value;
}

function commentsOf(doc: SourceDocument): string[] {
  const own = collect(doc, defaultSelector).comments.filter(({ around }) => !around.alias);
  const texts = own.map(({ node }) => (node.kind === 'comment' ? node.text : ''));
  // One behind an INI value that needs quotes moves to a line of its own, where it can join another.
  // One beside an alias can come to belong to another map, when that becomes a copy.
  return doc.format === 'ini' ? [...texts.join('').replace(/[;#\s]/g, '')].sort() : texts.sort();
}

function valuesOfPlain(source: string, format: FormatId, { selector }: Rule): string[] {
  if (format === 'binary') return [`[0,"data"] str ${Buffer.from(bytesOfText(source)).toString('hex')}`];
  return plainLeaves(textOfFile(bytesOfText(source), format), format, selector).map((leaf) =>
    shown(leaf, leaf.node.scalar),
  );
}

/**
 * sops takes the CR of a dotenv file with CRLF line ends for a part of each value; we take it for the line end, on
 * purpose, and write LF.
 */
export function asSopsReads(format: FormatId, source: string): string {
  return format === 'dotenv' && /^[^\n]*\r\n/.test(source) ? source.replaceAll('\r\n', '\n') : source;
}

export const refusal = (error: unknown): LockstepError => {
  if (error instanceof LockstepError) return error;
  throw error;
};

export function valuesOf(opened: Opened): string[] {
  return opened.sealed.leaves.map((leaf) => shown(leaf, opened.value(leaf.id)));
}

/** Place, type and bytes of a leaf. sops writes the float 1.0 that it leaves in clear text as 1, an integer from then on. */
function shown(leaf: Leaf, value: Scalar | undefined): string {
  const bytes = value === undefined || value.type === 'null' ? '' : Buffer.from(valueBytes(value)).toString('hex');
  const number = !leaf.selected && (value?.type === 'int' || value?.type === 'float');
  return `${leaf.id} ${number ? 'number' : value?.type} ${bytes}`;
}
