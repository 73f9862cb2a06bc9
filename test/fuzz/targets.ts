import { openIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { isProtected, publicKeyOf } from '../../src/core/age/private/sshfile.ts';
import { checkRecipient } from '../../src/core/age/recipient.ts';
import { readPublicLine } from '../../src/core/age/sshkey.ts';
import type { FormatId } from '../../src/core/format/document.ts';
import { textOfFile } from '../../src/core/format/encoding.ts';
import { jsonValue } from '../../src/core/format/json/value.ts';
import { formatOfBytes, getFormat } from '../../src/core/format/which.ts';
import { DataKey } from '../../src/core/keys/datakey.ts';
import { combineParts } from '../../src/core/keys/shamir.ts';
import { openWith } from '../../src/core/open/open.ts';
import { unsealBytes } from '../../src/core/open/unseal.ts';
import { addRule } from '../../src/core/rules/edit.ts';
import { matchRule, parseConfig } from '../../src/core/rules/rules.ts';
import { plainLeaves, sealBytes } from '../../src/core/seal/seal.ts';
import { pathAtOffset, quoteNumbers, respelled } from '../../src/core/seal/spelling.ts';
import { parsePath } from '../../src/core/sops/keypath.ts';
import { makeSelector } from '../../src/core/sops/metadata.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { envelopeType, parseEnvelope, readTime, readValue } from '../../src/core/sops/value.ts';
import { lineMasks } from '../../src/core/view/plain.ts';
import { shellWords } from '../../src/node/shellwords.ts';
import { parseIdentities, readKeyText } from '../core/age/texts.ts';
import { alice, clock, reopen } from '../core/support.ts';

/** Something that takes what anybody may have written. It throws a LockstepError or nothing. */
export interface Target {
  readonly run: (bytes: Uint8Array) => unknown;
  /** How many of a thousand runs it gets; the slow ones get fewer. */
  readonly share: number;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const formats: readonly FormatId[] = ['yaml', 'json', 'dotenv', 'ini'];

const parser = (format: FormatId): Target => ({
  share: 1000,
  run: (bytes) => {
    const source = textOfFile(bytes, format);
    lineMasks(source, format);
    getFormat(format).parse(source);
    return plainLeaves(source, format, selector);
  },
});
const selector = makeSelector('encrypted_comment_regex', 'e');

/** A file with metadata: read, and opened with a key that is not its own, so that every value fails. */
const sealed = (format: FormatId): Target => ({
  share: 500,
  run: async (bytes) => {
    const key = await DataKey.from(new Uint8Array(32).fill(7));
    await openWith(readSealed(textOfFile(bytes, format), format), key);
  },
});

/** A plain file that is taken comes back with the same values: `seal` and `unseal` compare them, and refuse otherwise. */
const roundTrip = (format: FormatId): Target => ({
  share: 60,
  run: async (bytes) => {
    const made = await sealBytes(bytes, format, { recipients: [alice.recipient] }, clock);
    const opened = await reopen(made.text, format);
    if (!opened.verdict.ok) throw new Error('what was sealed does not hold');
    await unsealBytes(opened);
  },
});

/** Quoting numbers leaves a text that parses, with the same names, and nothing to quote any more. */
const spelling = (format: 'yaml' | 'json'): Target => ({
  share: 300,
  run: (bytes) => {
    const source = textOfFile(bytes, format);
    const names = plainLeaves(source, format, selector).map(({ id }) => id);
    for (const one of respelled(source, format).slice(0, 2)) pathAtOffset(source, format, one.span.start);
    const quoted = quoteNumbers(source, format);
    if (plainLeaves(quoted, format, selector).some(({ id }, i) => id !== names[i])) throw new Error('other names');
    if (respelled(quoted, format).some(({ quotable }) => quotable)) throw new Error('not all of them');
  },
});

const all = <T>(make: (format: FormatId) => T, mark: string) =>
  formats.map((format) => [mark + format, make(format)] as const);

export const targets: Readonly<Record<string, Target>> = Object.fromEntries<Target>([
  ...all(parser, ''),
  ...all(sealed, 'sealed-'),
  ['sealed-binary', sealed('binary')],
  ...all(roundTrip, 'round-trip-'),
  ['spelling-yaml', spelling('yaml')],
  ['spelling-json', spelling('json')],
  [
    'recognise',
    { share: 300, run: (bytes) => ['a.env', '.env.x', 'a.bin', 'a.ini'].map((name) => formatOfBytes(name, bytes)) },
  ],
  [
    'config',
    {
      share: 1000,
      run: (bytes) => {
        matchRule(parseConfig(text(bytes)), 'a/b/secrets.yaml');
        addRule(text(bytes), { pathRegex: 'x', recipients: [alice.recipient] });
      },
    },
  ],
  [
    'envelope',
    {
      share: 1000,
      run: (bytes) => {
        envelopeType(text(bytes));
        readTime(text(bytes));
        const found = parseEnvelope(text(bytes));
        if (found) readValue(found.type, found.data);
      },
    },
  ],
  [
    'value',
    { share: 1000, run: (bytes) => readValue(text(bytes.subarray(0, 8)).split('|')[0] ?? '', bytes.subarray(8)) },
  ],
  ['key-file', { share: 300, run: (bytes) => parseIdentities(text(bytes)) }],
  ['key-text', { share: 500, run: (bytes) => readKeyText(text(bytes)) }],
  ['recipient', { share: 500, run: (bytes) => checkRecipient(text(bytes)) }],
  ['ssh-public', { share: 1000, run: (bytes) => readPublicLine(text(bytes)) }],
  [
    'ssh-private',
    {
      share: 500,
      run: (bytes) => {
        isProtected(text(bytes));
        publicKeyOf(text(bytes));
        PrivateKey.of(text(bytes));
      },
    },
  ],
  ['age-file', { share: 60, run: (bytes) => openIdentityFile(text(bytes), 'example') }],
  ['key-path', { share: 1000, run: (bytes) => parsePath(text(bytes)) }],
  ['json-value', { share: 500, run: (bytes) => jsonValue(text(bytes)) }],
  [
    'shamir',
    { share: 300, run: (bytes) => combineParts([bytes.subarray(0, 33), bytes.subarray(33, 66), bytes.subarray(66)]) },
  ],
  ['shell-words', { share: 500, run: (bytes) => shellWords(text(bytes)) }],
  ['pattern', { share: 300, run: (bytes) => makeSelector('encrypted_regex', text(bytes)).kind.length }],
]);
