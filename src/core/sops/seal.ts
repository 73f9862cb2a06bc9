import { checkRecipient } from '../age/identity.ts';
import { requireOneLineEach } from '../env/lines.ts';
import { LockstepError } from '../errors.ts';
import { binary, emptyEnvelope, withData } from '../format/binary.ts';
import { applyEdits, type FormatId, type SourceDocument } from '../format/document.ts';
import { bytesOfText, textOfFile } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import type { Scalar, Value } from '../tree/value.ts';
import { DataKey } from './datakey.ts';
import { timestamp } from './mac.ts';
import { type KeyName, type MasterKey, type Metadata, metadataValue, sameKey, sopsVersion } from './metadata.ts';
import { collect, type Leaf, type Sealed } from './sealed.ts';
import { sealFramed } from './sealing.ts';
import { defaultSelector, type Selector } from './selection.ts';
import { checkThreshold, requiredGroups } from './shamir.ts';
import type { SealedBytes, SealedText } from './sign.ts';
import { requireWrappable, wrapForGroups } from './wrap.ts';

export interface SealOptions {
  /** age recipients, `age1…`; each can open the file alone. Of no account when there are `groups`. */
  readonly recipients: readonly string[];
  /** Key groups; of several, `shamirThreshold` are needed. */
  readonly groups?: readonly (readonly KeyName[])[];
  /** 0 or absent: all groups are needed. */
  readonly shamirThreshold?: number;
  readonly selector?: Selector;
  readonly macOnlyEncrypted?: boolean;
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
      ? await sealDocument(binary.parse(emptyEnvelope), (doc) => withData(doc, plain), bareOptions(options), clock)
      : await seal(textOfFile(plain, format), format, options, clock);
  return { bytes: bytesOfText(text) as Uint8Array as SealedBytes, text, sealed };
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
  const readers = readersOf(options);
  const selector = options.selector ?? defaultSelector;
  const macOnlyEncrypted = options.macOnlyEncrypted ?? false;
  const key = await DataKey.generate();
  try {
    const lastModified = timestamp(clock.now());
    const framed = prepare(await frame(doc, key, { ...readers, selector, macOnlyEncrypted }, lastModified));
    const how = { key, selector, macOnlyEncrypted, lastModified };
    const sealed = await sealFramed(collect(doc, selector), collect(framed, selector), how);
    return { text: sealed.doc.text as SealedText, sealed };
  } finally {
    key.dispose();
  }
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
  requireWrappable(groups);
  checkThreshold(groups.length, shamirThreshold);
  return {
    groups,
    shamirThreshold: groups.length > 1 ? requiredGroups(groups.length, shamirThreshold) : shamirThreshold,
  };
}

/** The leaves of a binary file that is not encrypted: all of it. */
export function binaryLeaves(plain: Uint8Array): Leaf[] {
  return judged(collect(withData(binary.parse(emptyEnvelope), plain), defaultSelector).leaves);
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

/**
 * The plain file with its metadata already there, without a MAC: what follows a comment decides which map it belongs to
 * and so which key path seals it, so comments are looked at as they will stand.
 */
async function frame(
  doc: SourceDocument,
  key: DataKey,
  { groups, shamirThreshold, selector, macOnlyEncrypted }: Readers & Pick<Metadata, 'selector' | 'macOnlyEncrypted'>,
  lastModified: string,
): Promise<SourceDocument> {
  const encs = await wrapForGroups(key.raw, groups, shamirThreshold);
  const metadata = {
    groups: groups.map((keys, i) => keys.map((name, n): MasterKey => ({ ...name, enc: encs[i]?.[n] as string }))),
    shamirThreshold,
    lastModified,
    mac: 'none yet',
    version: sopsVersion,
    selector,
    macOnlyEncrypted,
  };
  const format = getFormat(doc.format);
  const value = doc.format === 'binary' ? withoutSelector(metadata) : metadataValue(metadata);
  return format.parse(applyEdits(doc.text, format.addMetadata(doc, value)));
}

function withoutSelector(metadata: Parameters<typeof metadataValue>[0]): Value {
  const value = metadataValue(metadata);
  if (value.kind !== 'map') return value;
  return { kind: 'map', members: value.members.filter(({ key }) => key !== metadata.selector.kind) };
}
