import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import { readTree } from './tree.ts';

const inside = 'src/core/age/';
const secret = `${inside}private/`;
const door = 'src/extension/vault/privatekeys.ts';

/** Who outside core/age may import what sees private keys, its types too, and what for. */
const handlers: Readonly<Record<string, string>> = {
  'src/node/identities.ts': 'reads the places where sops looks for keys',
  'src/cli/keys/backup.ts': 'puts key files under a pass phrase, and opens them again',
  'src/core/check/search.ts': 'names the public keys of those that stand in other files',
  'src/extension/backup/opened.ts': 'opens a backup, to read it back, to look at what it opens, to restore it',
  'src/cli/keys/newkey.ts': 'makes a key for a key file',
  'src/extension/keys/plugin.ts': 'makes the key of a plugin that goes by its name',
  'src/extension/keys/read.ts': 'reads a key file that is imported',
  'src/extension/keys/import.ts': 'checks a key while it is typed',
  'src/extension/services.ts': 'says that the vault takes keys in',
  'src/extension/vault/vault.ts': 'makes keys, and takes them in',
  'src/extension/vault/awake.ts': 'holds keys that were opened by a pass phrase, until a lock',
  [door]: 'stores keys, wraps them, and backs them up',
};

/** Who may have the text of a key, or declare something that holds it. */
const texts = [door, 'src/extension/vault/store.ts'];
const asText = /\bprivateText\b|\b(?:identity|identities|privateKeys?|secretKeys?)\??:\s*(?:readonly\s+)?string\b/;

/** Who may write keys down, and who may let that happen, after the question. */
const writers = [
  'src/extension/vault/vault.ts',
  'src/extension/backup/backup.ts',
  'src/extension/backup/recovery.ts',
  'src/extension/keys/export.ts',
];

const faults = (files: ReadonlyMap<string, string>) =>
  [...files].flatMap(([file, text]) => {
    if (file.startsWith(inside)) return [];
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
    const handles = importsOf(text).some(({ target }) => posix.join(posix.dirname(file), target).startsWith(secret));
    return [
      ...(handles && !Object.hasOwn(handlers, file) ? [`${file} handles private keys`] : []),
      ...(asText.test(code) && !texts.includes(file) ? [`${file} has a private key as text`] : []),
      ...(/\b(?:backUp(?:File|New)?|exportKey|keyFileOf)\(/.test(code) &&
      ![...writers, ...texts].includes(file) &&
      !/\bbackUp\(passphrase: string\)/.test(code)
        ? [`${file} writes private keys down`]
        : []),
    ];
  });

describe('private keys', () => {
  const files = readTree(['src', 'media'], /\.ts$/);

  it('stay with those who may handle them', () => {
    assert.ok(files.size > 300, `${files.size}`);
    assert.deepEqual(faults(files), []);
  });

  it('are handled by those who may', () => {
    for (const file of Object.keys(handlers))
      assert.ok(
        importsOf(files.get(file) ?? '').some(({ target }) => target.includes('/age/private/')),
        `${file} handles no private key: take it off the list`,
      );
  });

  it('would be noticed elsewhere', () => {
    for (const text of [
      "import { PrivateKey } from '../core/age/private/privatekey.ts';",
      "import type { FoundKey } from '../core/age/private/keytext.ts';",
      "const { unlockPrivateFile } = await import('../core/age/private/sshunlock.ts');",
      'interface Entry { readonly identity: string }',
      'interface Entry { readonly privateKeys: readonly string[] }',
      'const text = privateText(key);',
      'await vault.backUp(passphrase);',
      'const text = await vault.exportKey(recipient);',
    ])
      assert.equal(faults(new Map([['src/extension/a.ts', text]])).length, 1, text);
    for (const text of ["import { ageOpener } from '../core/age/opener.ts';", '// privateText(key)'])
      assert.deepEqual(faults(new Map([['src/extension/a.ts', text]])), [], text);
  });
});
