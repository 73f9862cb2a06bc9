import type { Narrow } from './narrow.ts';

/** Age plugins, and new key files. */
export const plugins: readonly Narrow[] = [
  {
    name: 'a plugin whose name leads to another folder',
    edits: [
      {
        file: 'src/core/age/plugin/names.ts',
        line: 'allowed.test(plugin) ? payload(text) : undefined',
        by: 'payload(text)',
      },
    ],
    tests: ['test/core/age/plugin/stanzas.test.ts'],
    noticed: /lead out of no folder/,
  },
  {
    name: 'a plugin that gets the keys of the environment',
    edits: [{ file: 'src/node/keys/plugin.ts', line: 'env: withoutKeys(env),', by: 'env: { ...env },' }],
    tests: ['test/node/plugin.test.ts'],
    grep: 'given no key',
    noticed: /is given no key in its arguments or its environment/,
  },
  {
    name: 'a new key for whoever was put in the place of a plugin key',
    edits: [
      {
        file: 'src/core/keys/openedentry.ts',
        line: 'const wrong = entries.find(({ recipient, label }) => !sameRecipient(recipient, label));',
        by: 'const wrong = mislabelled(entries);',
      },
    ],
    tests: ['test/cli/plugin.test.ts'],
    grep: 'change no keys',
    noticed: /open files without a public key, and change no keys then/,
  },
  {
    name: 'a new key file that others can read',
    edits: [{ file: 'src/node/keys/newfile.ts', line: "'wx', 0o600", by: "'wx', 0o644" }],
    tests: ['test/cli/keygen.test.ts'],
    grep: 'for its owner alone',
    noticed: /into a new file for its owner alone/,
  },
];
