import type { Mutant } from './mutants.ts';

/** A protection whose lack a few tests without a workbench notice. */
export interface Narrow extends Mutant {
  /** The test files that have to notice. */
  readonly tests: readonly string[];
  /** Of these tests, those to run; all of the files without it. */
  readonly grep?: string;
  /** A test that fails for the right reason, as its title and its error. */
  readonly noticed: RegExp;
}

const core = (name: string) => `test/core/${name}.test.ts`;
const cli = (name: string) => `test/cli/${name}.test.ts`;
const extension = (name: string) => `test/extension/${name}.test.ts`;

const macs: readonly Narrow[] = [
  {
    name: 'a MAC that is not compared',
    edits: [{ file: 'src/core/sops/open.ts', line: 'stored.value === digest', by: 'stored.value !== undefined' }],
    tests: [core('sops/change')],
    grep: 'MAC does not hold',
    noticed: /refuses to change a file whose MAC does not hold/,
  },
  {
    name: 'a file without a MAC that passes',
    edits: [
      {
        file: 'src/core/sops/open.ts',
        line: "if (mac === undefined) return { ok: false, code: 'MAC_MISSING', failures: [{ code: 'MAC_MISSING' }] };",
        by: 'if (mac === undefined) return { ok: true };',
      },
    ],
    tests: [core('sops/tamper')],
    noticed: /without a MAC/,
  },
  {
    name: 'a MAC that is not bound to lastmodified',
    edits: [{ file: 'src/core/sops/mac.ts', line: "return time.replace(/\\.\\d+/, '');", by: "return '';" }],
    tests: [core('sops/tamper')],
    noticed: /lastmodified/,
  },
  {
    name: 'a MAC that covers nothing in clear text',
    edits: [{ file: 'src/core/sops/mac.ts', line: '(this.#onlyEncrypted && !selected)', by: '!selected' }],
    tests: [core('sops/tamper')],
    noticed: /in clear text/,
  },
  {
    name: 'a change of a file that somebody tampered with',
    edits: [{ file: 'src/core/sops/sign.ts', line: 'if (!opened.verdict.ok) throw', by: 'if (false) throw' }],
    tests: [core('sops/change')],
    grep: 'MAC does not hold',
    noticed: /refuses to change a file whose MAC does not hold/,
  },
];

const sealing: readonly Narrow[] = [
  {
    name: 'an AAD that does not say where a value stands',
    edits: [
      { file: 'src/core/sops/walk.ts', line: "aad: way.prefix || ':',", by: "aad: ':'," },
      { file: 'src/core/sops/walk.ts', line: "return `${path.filter((part) => typeof part === 'string').join(':')}:`;", by: "return ':';" },
    ],
    tests: [core('sops/tamper')],
    noticed: /swapped/,
  },
  {
    name: 'a cipher that is given no AAD',
    edits: [
      { file: 'src/core/sops/datakey.ts', line: 'seal(iv, utf8(aad), bytes)', by: "seal(iv, utf8(''), bytes)" },
      { file: 'src/core/sops/datakey.ts', line: 'aead.open(envelope.iv, utf8(aad), envelope)', by: "aead.open(envelope.iv, utf8(''), envelope)" },
    ],
    tests: [core('sops/value'), core('sops/tamper')],
    noticed: /opens what it sealed, at the same key path only/,
  },
  {
    name: 'a nonce that is always the same',
    edits: [{ file: 'src/core/sops/datakey.ts', line: 'const iv = randomBytes(ivLength);', by: 'const iv = new Uint8Array(ivLength);' }],
    tests: [core('sops/value')],
    noticed: /nonce/,
  },
  {
    name: 'a data key that stays in memory',
    edits: [{ file: 'src/core/sops/datakey.ts', line: 'wipe(this.#raw);', by: '' }],
    tests: [core('sops/change')],
    grep: 'forgets',
    noticed: /forgets values and key when it is disposed/,
  },
  {
    name: 'a selector that takes more for clear text than it says',
    edits: [{ file: 'src/core/sops/selection.ts', line: 'key.endsWith(selector.suffix)', by: 'key.includes(selector.suffix)' }],
    tests: [core('sops/selection')],
    noticed: /suffix/,
  },
  {
    name: 'comments that stay in clear text',
    edits: [{ file: 'src/core/sops/sealing.ts', line: "(selected ? await this.#key.seal({ type: 'comment', value: node.text }, aad) : '')", by: "''" }],
    tests: [core('sops/seal'), core('sops/change')],
    noticed: /nothing readable is left|comment/,
  },
  {
    name: 'a sealed text that is not compared with the plain one',
    edits: [{ file: 'src/core/sops/sealing.ts', line: 'await requireSame(sealing, sealed, digest);', by: '' }],
    tests: [core('sops/proof')],
    noticed: /a writer that/,
  },
  {
    name: 'a sealed text in which an entry may be missing',
    edits: [{ file: 'src/core/sops/sealing.ts', line: 'after.length === before.length &&', by: '' }],
    tests: [core('sops/proof')],
    noticed: /a writer that/,
  },
];
