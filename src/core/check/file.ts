import { formatOfBytes } from '../format/which.ts';
import type { Opened } from '../open/open.ts';
import type { Rule } from '../rules/rules.ts';
import { plainStateOf } from '../session/inspect.ts';
import { labelOf } from '../sops/label.ts';
import { collect, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { parseEnvelope } from '../sops/value.ts';
import { accessOf } from '../survey/access.ts';
import { type EncryptedFacts, type FileFacts, isInClear } from '../survey/facts.ts';
import { Lines } from '../view/lines.ts';
import { capped, type Finding, type FindingCode } from './finding.ts';
import { metadataFindings } from './metadata.ts';

/** What is wrong with a file, seen without a key. @param facts of exactly these bytes, by a name that has the same format */
export async function findingsOf(path: string, bytes: Uint8Array, facts: FileFacts): Promise<Finding[]> {
  switch (facts.kind) {
    case 'none':
      return [];
    case 'conflict':
      return [{ code: 'conflict', path, line: facts.line }];
    case 'unread':
      // SOPS writes UTF-8 only: text in another encoding, as PowerShell writes it, is no ciphertext.
      return [{ code: facts.code === 'NOT_UTF8' ? 'unreadable' : 'unread', path, cause: facts.code }];
    case 'broken':
      return [{ code: facts.plain ? 'plain' : 'unreadable', path, line: facts.line, cause: facts.code }];
    case 'plain':
      return plainFindings(path, bytes, facts);
    case 'encrypted':
      return encryptedFindings(path, bytes, facts);
  }
}

async function plainFindings(
  path: string,
  bytes: Uint8Array,
  { values, rule }: Extract<FileFacts, { kind: 'plain' }>,
): Promise<Finding[]> {
  const code = rule ? 'plain' : 'plain-name';
  if (values === 'store') return [{ code, path }];
  const { text } = formatOfBytes(path, bytes);
  const state = await plainStateOf(path, text, async () => rule);
  const leaves = state.kind === 'plain' ? state.leaves.filter((leaf) => leaf.encrypted) : [];
  return leaves.length > 0 ? atLeaves(code, path, text, leaves) : [{ code, path }];
}

function encryptedFindings(path: string, bytes: Uint8Array, facts: EncryptedFacts): Finding[] {
  const { format, text } = formatOfBytes(path, bytes);
  const sealed = readSealed(text, format);
  const bare = sealed.leaves.filter(isInClear);
  return [
    ...atLeaves('in-clear', path, text, bare),
    ...atLeaves('damaged', path, text, sealed.leaves.filter(isBroken)).map((one) => ({ ...one, cause: badEnvelope })),
    ...metadataFindings(path, sealed),
    ...atLeaves('rule-selects', path, text, selectedByRule(sealed, facts, bare)),
    // Plaintext among the ciphertexts is told by its places.
    ...(facts.damage && facts.damage !== 'BAD_ENVELOPE'
      ? [{ code: 'damaged', path, line: lineOfMac(sealed), cause: facts.damage } as const]
      : []),
    ...readerFindings(path, sealed, facts),
  ];
}

const badEnvelope = 'BAD_ENVELOPE' as const;

/** It begins as a ciphertext, and is none: nothing opens it. */
const isBroken = ({ encrypted, node: { scalar } }: Leaf) =>
  encrypted && !(scalar.type === 'str' && parseEnvelope(String(scalar.value)));

/** What the selector of the rule would have had encrypted, where the file has another one. */
function selectedByRule({ doc, leaves }: Sealed, { drift }: EncryptedFacts, told: readonly Leaf[]): Leaf[] {
  const rule: Rule | undefined = 'rule' in drift ? drift.rule : undefined;
  if (!rule) return [];
  const byRule = collect(doc, rule.selector).leaves;
  return leaves.filter(
    (leaf, i) => !told.includes(leaf) && byRule[i]?.selected && isInClear({ ...leaf, selected: true }),
  );
}

function readerFindings(path: string, sealed: Sealed, facts: EncryptedFacts): Finding[] {
  const { drift } = facts;
  const line = lineOfMetadata(sealed);
  if (drift.kind === 'no-rule') return [{ code: 'no-rule', path, line }];
  if (drift.kind === 'bad-rule') return [{ code: 'bad-rule', path, line, cause: drift.code }];
  if (drift.kind === 'same') return [];
  const of = (kind: 'lacks' | 'extra') => accessOf(facts).flatMap((one) => (one.kind === kind ? [one.key.name] : []));
  return [{ code: 'readers', path, line, extra: of('extra'), lacks: of('lacks') }];
}

/** What the values and the MAC of an opened file say. */
export function verdictOf(path: string, { sealed, verdict }: Opened): Finding[] {
  if (verdict.ok) return [];
  // Without a key, these are known already.
  const news = verdict.failures.filter(({ code }) => code !== 'MAC_MISSING' && code !== 'BAD_ENVELOPE');
  const lines = new Lines(sealed.doc.text);
  return capped(
    news.map(({ code, leaf }) => ({
      code: 'damaged',
      path,
      line: leaf ? lineOf(lines, leaf) : lineOfMac(sealed),
      name: leaf && labelOf(leaf),
      cause: code,
    })),
  );
}

function atLeaves(code: FindingCode, path: string, text: string, leaves: readonly Leaf[]): Finding[] {
  const lines = new Lines(text);
  return capped(leaves.map((leaf) => ({ code, path, line: lineOf(lines, leaf), name: labelOf(leaf) })));
}

const lineOf = (lines: Lines, { keySpan, node }: Leaf) => lines.lineAt((keySpan ?? node.span).start) + 1;

const lineOfMetadata = ({ doc }: Sealed) => new Lines(doc.text).lineAt(doc.metadata[0]?.span.start ?? 0) + 1;

function lineOfMac(sealed: Sealed): number {
  const { doc } = sealed;
  const mac = doc.metadata[0]?.root.members.find((one) => one.kind === 'entry' && one.key.toLowerCase() === 'mac');
  return mac?.kind === 'entry' ? new Lines(doc.text).lineAt(mac.keySpan.start) + 1 : lineOfMetadata(sealed);
}
