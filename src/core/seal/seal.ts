import { checkRecipient } from '../age/recipient.ts';
import { requireOneLineEach } from '../env/lines.ts';
import { LockstepError } from '../errors.ts';
import { binary, emptyEnvelope, withData } from '../format/binary.ts';
import { applyEdits, type FormatId, type SourceDocument } from '../format/document.ts';
import { jsonIndent, yamlIndent } from '../format/emit/emit.ts';
import { textOfFile } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import { DataKey } from '../keys/datakey.ts';
import { checkThreshold, requiredGroups } from '../keys/shamir.ts';
import { wrapForGroups, wrappersFor } from '../keys/wrap.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import { requirePlain } from '../sops/buried.ts';
import { settleComments } from '../sops/commentplaces.ts';
import { macAad, timestamp } from '../sops/mac.ts';
import { type KeyName, type MasterKey, sameKey } from '../sops/masterkey.ts';
import { type Metadata, metadataValue, sopsVersion } from '../sops/metadata.ts';
import { collect, type Leaf, type Sealed } from '../sops/sealed.ts';
import { defaultSelector, type Selector } from '../sops/selection.ts';
import type { Scalar, Value } from '../tree/value.ts';
import { sealAtOnce, sealFramed } from './framed.ts';
import { type SealedBytes, type SealedText, sealedBytes } from './prove.ts';

export interface SealOptions {
  /** age recipients, `age1…`; each can open the file alone. Of no account when there are `groups`. */
  readonly recipients: readonly string[];
  /** Key groups; of several, `shamirThreshold` are needed. */
  readonly groups?: readonly (readonly KeyName[])[];
  /** 0 or absent: all groups are needed. */
  readonly shamirThreshold?: number;
  readonly selector?: Selector;
  readonly macOnlyEncrypted?: boolean;
  /** Of what is written anew: the metadata in YAML, the envelope of a binary file. A JSON file goes on as it is. */
  readonly indents?: Indents;
}

/** Indentation by `stores` of `.sops.yaml`; undefined where it is left to the default, 4 for YAML and a tab for JSON. */
export interface Indents {
  readonly yaml?: number | undefined;
  /** -1 is a tab. */
  readonly json?: number | undefined;
  readonly jsonBinary?: number | undefined;
}

/**
 * Encrypt a plain file where it stands: every selected value and comment becomes an `ENC[…]` text in its own place, the
 * metadata comes at the end, nothing else of the text moves. The result is read back and compared before it is returned.
 * Throws what `parse` throws, ALREADY_ENCRYPTED, NO_RECIPIENTS, BAD_RECIPIENT, FOREIGN_MASTER_KEY, KEY_GROUPS, BAD_REGEX.
 */
export async function seal(
  plain: string,
  format: FormatId,
  options: SealOptions,
  clock: Clock,
): Promise<{ text: SealedText; sealed: Sealed }> {
  // The text of a binary file is its envelope: what is plain are bytes.
  if (format === 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: format });
  if (format === 'dotenv') requireOneLineEach(plain);
  return sealDocument(getFormat(format).parse(plain), (doc) => doc, options, clock);
}

/**
 * Encrypt a file of any format, as bytes. A binary one becomes the envelope of SOPS's binary store: JSON with all of it as
 * one value, without a selector (a rule's is passed over, as by sops). Throws what `seal` throws; NOT_UTF8 where the format
 * is UTF-8 or nothing.
 */
export async function sealBytes(
  plain: Uint8Array,
  format: FormatId,
  options: SealOptions,
  clock: Clock,
): Promise<{ bytes: SealedBytes; text: SealedText; sealed: Sealed }> {
  const { text, sealed } =
    format === 'binary'
      ? await sealDocument(
          binary.parse(envelopeFor(options)),
          (doc) => withData(doc, plain),
          bareOptions(options),
          clock,
        )
      : await seal(textOfFile(plain, format), format, options, clock);
  return { bytes: sealedBytes(text), text, sealed };
}

const envelopeFor = ({ indents }: SealOptions) => emptyEnvelope(jsonIndent(indentOf(indents?.jsonBinary)));
const indentOf = (indent: number | undefined) => (indent === undefined ? {} : { indent });

/** Flat formats have none; a JSON file goes on as it is. */
function metadataIndent(format: FormatId, indents: Indents | undefined): number | undefined {
  if (format === 'yaml') return yamlIndent(indentOf(indents?.yaml));
  return format === 'binary' ? indents?.jsonBinary : undefined;
}

/** SOPS clears all six selectors and `mac_only_encrypted` for a binary file (cmd/sops/main.go). */
function bareOptions({ selector: _, macOnlyEncrypted: __, ...rest }: SealOptions): SealOptions {
  return rest;
}

/** `prepare` is given every version of the plain document that is parsed. */
async function sealDocument(
  plain: SourceDocument,
  prepare: (doc: SourceDocument) => SourceDocument,
  options: SealOptions,
  clock: Clock,
): Promise<{ text: SealedText; sealed: Sealed }> {
  const doc = prepare(plain);
  if (doc.metadata.some((block) => block !== undefined)) throw new LockstepError('ALREADY_ENCRYPTED');
  requirePlain(doc);
  const { groups, shamirThreshold } = readersOf(options);
  const key = await DataKey.generate();
  try {
    const encs = await wrapForGroups(key.raw, groups, shamirThreshold);
    const metadata = {
      groups: groups.map((keys, i) => keys.map((name, n): MasterKey => ({ ...name, enc: encs[i]?.[n] as string }))),
      shamirThreshold,
      version: sopsVersion,
      selector: options.selector ?? defaultSelector,
      macOnlyEncrypted: options.macOnlyEncrypted ?? false,
    };
    return await sealUnder(doc, key, metadata, clock, prepare, options.indents);
  } finally {
    key.dispose();
  }
}

/**
 * Encrypt a plain document under a data key, with this metadata and a MAC of its own. With those of a file it is for the
 * readers of that file. What follows a comment decides which map it belongs to and so which key path encrypts it, so comments
 * are looked at with the metadata in its place. Throws as `seal`, and BAD_DATA_KEY (disposed of).
 */
async function sealUnder(
  plain: SourceDocument,
  key: DataKey,
  metadata: Omit<Metadata, 'recipients' | 'foreign' | 'lastModified' | 'mac'>,
  clock: Clock,
  prepare: (doc: SourceDocument) => SourceDocument = (doc) => doc,
  indents?: Indents,
): Promise<{ text: SealedText; sealed: Sealed }> {
  const { selector, macOnlyEncrypted } = metadata;
  const lastModified = timestamp(clock.now());
  const format = getFormat(plain.format);
  const frame = (doc: SourceDocument, mac: string) => {
    const whole = metadataValue({ ...metadata, lastModified, mac });
    // A binary file has no selector.
    const value: Value =
      plain.format === 'binary' && whole.kind === 'map'
        ? { kind: 'map', members: whole.members.filter(({ key }) => key !== selector.kind) }
        : whole;
    return format.addMetadata(doc, value, metadataIndent(plain.format, indents));
  };
  const collected = collect(plain, selector);
  const how = { key, selector, macOnlyEncrypted, lastModified };
  const sign = async (digest: string) =>
    frame(plain, await key.seal({ type: 'str', value: digest }, macAad(lastModified)));
  const atOnce = await sealAtOnce(collected, { ...how, sign });
  if (atOnce) return atOnce;
  const [before, framed] = settleComments(collected, selector, (one) =>
    collect(prepare(format.parse(applyEdits(one.text, frame(one, 'none yet')))), selector),
  );
  return sealFramed(before, framed, how);
}

/** Encrypt a plain document for the readers of a file, under its data key. Throws as `seal`, and BAD_DATA_KEY (disposed of). */
export async function sealFor(opened: Opened, plain: SourceDocument, clock: Clock): Promise<SealedText> {
  return (await sealUnder(plain, opened.dataKey, opened.sealed.metadata, clock)).text;
}

/**
 * Bytes as a binary file of their own, under the data key of an opened file: whoever can read the one can read the other, and
 * only they can have made it. Throws UNSUPPORTED_VALUE, BAD_DATA_KEY (disposed of).
 */
export async function sealBeside({ dataKey, sealed }: Opened, plain: Uint8Array, clock: Clock): Promise<SealedBytes> {
  const withPlain = (doc: SourceDocument) => withData(doc, plain);
  const metadata = { ...sealed.metadata, selector: defaultSelector, macOnlyEncrypted: false };
  return sealedBytes(
    (await sealUnder(withPlain(binary.parse(emptyEnvelope())), dataKey, metadata, clock, withPlain)).text,
  );
}

interface Readers {
  readonly groups: readonly (readonly KeyName[])[];
  readonly shamirThreshold: number;
}

function readersOf({ recipients, groups: given, shamirThreshold = 0 }: SealOptions): Readers {
  const wanted = given ?? [recipients.map((name): KeyName => ({ kind: 'age', name }))];
  const checked = (key: KeyName) => (key.kind === 'age' ? { ...key, name: checkRecipient(key.name) } : key);
  const groups = wanted.map((keys) => {
    const names = keys.map(checked);
    return names.filter((key, i) => names.findIndex((other) => sameKey(key, other)) === i);
  });
  wrappersFor(groups);
  checkThreshold(groups.length, shamirThreshold);
  return {
    groups,
    shamirThreshold: groups.length > 1 ? requiredGroups(groups.length, shamirThreshold) : shamirThreshold,
  };
}

/** The leaves of a binary file that is not encrypted: all of it. */
export function binaryLeaves(plain: Uint8Array): Leaf[] {
  return judged(collect(withData(binary.parse(emptyEnvelope()), plain), defaultSelector).leaves);
}

/** The leaves of a file that is not encrypted; `encrypted` means "would be encrypted by this selector". */
export function plainLeaves(plain: string, format: FormatId, selector: Selector = defaultSelector): Leaf[] {
  const doc = getFormat(format).parse(plain);
  return judged(collect(doc, selector).leaves);
}

function judged(leaves: readonly Leaf[]): Leaf[] {
  return leaves.map((leaf) => ({
    ...leaf,
    encrypted: leaf.selected && holdsText(leaf.node.scalar),
    type: leaf.node.scalar.type,
  }));
}

function holdsText(value: Scalar): boolean {
  return value.type !== 'null' && !(value.type === 'str' && value.value.length === 0);
}
