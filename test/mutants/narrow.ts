import type { Mutant } from './mutants.ts';
import { plugins } from './plugins.ts';

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

const scanning: readonly Narrow[] = [
  {
    name: 'values of the own secrets, kept as they are',
    edits: [
      {
        file: 'src/core/scan/values.ts',
        line: 'known.push({ offset, length: bytes.length, digest, secret });',
        by: 'known.push({ offset, length: bytes.length, digest, secret, text: new TextDecoder().decode(bytes) } as Known);',
      },
    ],
    tests: [extension('scan/kept')],
    grep: 'are not in what is kept',
    noticed: /are not in what is kept of them/,
  },
  {
    name: 'a file of Local History that leads elsewhere',
    edits: [
      {
        file: 'src/core/scan/leftover.ts',
        line: 'ids: ids.filter((id) => /^[\\w-]+(?:\\.[\\w-]+)*$/.test(id))',
        by: 'ids',
      },
    ],
    tests: [extension('scan/scan')],
    grep: 'left-over plaintext',
    noticed: /is listed by place and name/,
  },
];

const others: readonly Narrow[] = [
  {
    name: 'a program of the repository that is asked for a secret of another manager',
    edits: [{ file: 'src/node/managers/program.ts', line: '    return !found;', by: '    return true;' }],
    tests: ['test/node/managers/program.test.ts'],
    noticed: /never comes from a repository/,
  },
];

const macs: readonly Narrow[] = [
  {
    name: 'a value that somebody who left could read, ticked off as changed',
    edits: [
      {
        file: 'src/core/checklist/compare.ts',
        line: "known.has(value.digest) ? 'same' : 'changed'",
        by: "known.has(entry) ? 'same' : 'changed'",
      },
    ],
    tests: ['test/node/checklist.test.ts'],
    grep: 'knows what changed',
    noticed: /a re-encrypted value did not/,
  },
  {
    name: 'a merge that lets in whoever the other side names',
    edits: [{ file: 'src/core/merge/readers.ts', line: 'added.length > 0 && !agreed', by: 'added.length < 0' }],
    tests: [core('merge/mergeversions')],
    grep: 'who can read the file',
    noticed: /never lets in more than ours says/,
  },
  {
    name: 'a MAC that is not compared',
    edits: [{ file: 'src/core/open/open.ts', line: 'stored.value === digest', by: 'stored.value !== undefined' }],
    tests: [core('change/change')],
    grep: 'MAC does not hold',
    noticed: /refuses to change a file whose MAC does not hold/,
  },
  {
    name: 'a file without a MAC that passes',
    edits: [
      {
        file: 'src/core/open/open.ts',
        line: "if (mac === undefined) return { ok: false, code: 'MAC_MISSING', failures: [{ code: 'MAC_MISSING' }] };",
        by: 'if (mac === undefined) return { ok: true };',
      },
    ],
    tests: [core('sops/tamper')],
    noticed: /without a MAC.*\n?.*MAC_MISSING/s,
  },
  {
    name: 'a MAC that is not bound to lastmodified',
    edits: [{ file: 'src/core/sops/mac.ts', line: "return time.replace(/\\.\\d+/, '');", by: "return '';" }],
    tests: [core('sops/tamper')],
    noticed: /without a MAC, and with that of another file or time: .*lastmodified/s,
  },
  {
    name: 'a MAC that covers nothing in clear text',
    edits: [{ file: 'src/core/sops/mac.ts', line: '(this.#onlyEncrypted && !selected)', by: '!selected' }],
    tests: [core('sops/tamper')],
    noticed: /noticed by a value in clear text/,
  },
  {
    name: 'a change of a file that somebody tampered with',
    edits: [{ file: 'src/core/seal/prove.ts', line: 'if (!opened.verdict.ok) throw', by: 'if (false) throw' }],
    tests: [core('change/change')],
    grep: 'MAC does not hold',
    noticed: /refuses to change a file whose MAC does not hold/,
  },
];

const output: readonly Narrow[] = [
  {
    name: 'a value in two pieces that is printed',
    edits: [
      {
        file: 'src/core/redact/redactor.ts',
        line: 'return this.#put(bytes, found, heldFrom);',
        by: 'return this.#put(bytes, found, bytes.length);',
      },
    ],
    tests: [core('redact/redactor')],
    grep: 'any two chunks',
    noticed: /finds a value in any two chunks/,
  },
  {
    name: 'a program that writes past the redaction',
    edits: [{ file: 'src/cli/commands/run.ts', line: "if (flags.on('no-redact')) return", by: 'return' }],
    tests: [cli('run')],
    grep: 'hides values in the output',
    noticed: /hides values in the output/,
  },
];

const typing: readonly Narrow[] = [
  {
    name: 'a save that does not wait for the encryption',
    edits: [
      {
        file: 'src/extension/typing/saving.ts',
        line: 'event.waitUntil(this.#before(event.document));',
        by: 'event.waitUntil(Promise.resolve());',
      },
    ],
    tests: [extension('typing/typing')],
    noticed: /is not saved when it cannot be encrypted/,
  },
  {
    name: 'an edit of somebody else that is signed because a person types',
    edits: [
      { file: 'src/extension/typing/edits.ts', line: 'if (isDirty) return typed(event);', by: 'return typed(event);' },
    ],
    tests: [extension('typing/typing')],
    noticed: /leaves alone what came from the disk/,
  },
  {
    name: 'an undo step of its own for the encryption',
    edits: [{ file: 'src/extension/typing/encrypting.ts', line: 'undoStopBefore: false', by: 'undoStopBefore: true' }],
    tests: [extension('typing/typing')],
    noticed: /in the undo step of the typing/,
  },
  {
    name: 'edits made elsewhere that are signed without a question',
    edits: [{ file: 'src/extension/typing/accept.ts', line: 'if (!sure || textOf', by: 'if (textOf' }],
    tests: [extension('typing/typing')],
    noticed: /is encrypted when a person who sees the names says so/,
  },
  {
    name: 'a ciphertext of another file among the edits',
    edits: [
      {
        file: 'src/core/change/edited.ts',
        line: "if (piece.test(enc)) throw new LockstepError('FOREIGN_EDIT', { path, what: 'ciphertext' });",
        by: '',
      },
    ],
    tests: [core('change/edited/edited')],
    noticed: /refuses what does not come from the verified version/,
  },
  {
    name: 'metadata that somebody changed among the edits',
    edits: [
      {
        file: 'src/core/change/edited.ts',
        line: "if (!same) throw new LockstepError('FOREIGN_EDIT', { what: 'metadata' });",
        by: '',
      },
    ],
    tests: [core('change/edited/edited')],
    noticed: /refuses what does not come from the verified version/,
  },
];

const sealing: readonly Narrow[] = [
  {
    name: 'an AAD that does not say where a value stands',
    edits: [
      { file: 'src/core/sops/walk.ts', line: "aad: way.prefix || ':',", by: "aad: ':'," },
      {
        file: 'src/core/sops/walk.ts',
        line: "path.filter((part) => typeof part === 'string').join(':')",
        by: "''",
      },
    ],
    tests: [core('sops/tamper')],
    noticed: /values that are swapped/,
  },
  {
    name: 'a cipher that is given no AAD',
    edits: [
      { file: 'src/core/keys/datakey.ts', line: 'seal(iv, utf8(aad), bytes)', by: "seal(iv, utf8(''), bytes)" },
      {
        file: 'src/core/keys/datakey.ts',
        line: 'aead.open(envelope.iv, utf8(aad), envelope)',
        by: "aead.open(envelope.iv, utf8(''), envelope)",
      },
    ],
    tests: [core('sops/value'), core('sops/tamper'), core('sops/property')],
    noticed: /opens what it sealed, at the same key path only/,
  },
  {
    name: 'a nonce that is always the same',
    edits: [
      {
        file: 'src/core/keys/datakey.ts',
        line: 'const iv = randomBytes(ivLength);',
        by: 'const iv = new Uint8Array(ivLength);',
      },
    ],
    tests: [core('sops/tamper')],
    noticed: /a nonce came twice/,
  },
  {
    name: 'a data key that stays in memory',
    edits: [{ file: 'src/core/keys/datakey.ts', line: 'wipe(this.#raw);', by: '' }],
    tests: [core('change/change')],
    grep: 'forgets',
    noticed: /forgets values and key when it is disposed: .*the key is still in memory/s,
  },
  {
    name: 'a selector that takes more for clear text than it says',
    edits: [
      {
        file: 'src/core/sops/selection.ts',
        line: 'key.endsWith(selector.suffix)',
        by: 'key.includes(selector.suffix)',
      },
    ],
    tests: [core('sops/tamper')],
    noticed: /leaves in clear text what it says, and nothing else/,
  },
  {
    name: 'comments that stay in clear text',
    edits: [
      {
        file: 'src/core/seal/framed.ts',
        line: "(selected ? await this.#key.seal({ type: 'comment', value: node.text }, aad) : '')",
        by: "''",
      },
    ],
    tests: [core('change/change')],
    noticed: /seals every value and nothing readable is left/,
  },
  {
    name: 'a sealed text that is not compared with the plain one',
    edits: [
      {
        file: 'src/core/seal/framed.ts',
        line: 'await prove(sealed, how.key, expected, how.known)',
        by: 'sealed.doc.text as never',
      },
    ],
    tests: [core('sops/sabotage')],
    noticed: /gets no file sealed: one that (?:writes a value twice|cuts a value)/,
  },
  {
    name: 'a sealed text in which an entry may be missing',
    edits: [{ file: 'src/core/seal/prove.ts', line: 'requireLeaves(opened, expected.leaves);', by: '' }],
    tests: [core('sops/sabotage')],
    noticed: /gets no file sealed: one that drops an entry that holds nothing/,
  },
  {
    name: 'a sealed text in which a value may stand in clear text',
    edits: [{ file: 'src/core/seal/prove.ts', line: '  requireAccounted(sealed);\n', by: '' }],
    tests: [core('seal/prove')],
    noticed: /does not hold for clear text behind a ciphertext/,
  },
  {
    name: 'a change of the plain text that is not compared with what was wanted',
    edits: [{ file: 'src/core/change/change.ts', line: '  draft.check();\n', by: '' }],
    tests: [core('sops/sabotage')],
    noticed: /changes no encrypted file/,
  },
  {
    name: 'a swap of ciphertexts that may be more than that',
    edits: [
      {
        file: 'src/core/seal/prove.ts',
        line: 'if (quotes[0] === undefined || quotes[0] !== quotes[1]) return false;',
        by: '',
      },
    ],
    tests: [core('seal/prove')],
    noticed: /passes over the rest of a file/,
  },
];

const commandLine: readonly Narrow[] = [
  {
    name: 'clear text that stays when edit ends',
    edits: [
      { file: 'src/cli/files/hideout.ts', line: 'const wipe = () => folder.wipe();', by: 'const wipe = () => {};' },
    ],
    tests: [cli('edit')],
    grep: 'wipes what an editor',
    noticed: /something is left of the clear text/,
  },
  {
    name: 'clear text that stays when a signal ends edit',
    edits: [
      {
        file: 'src/cli/files/hideout.ts',
        line: 'ending = true;\n    wipe();',
        by: 'ending = true;',
      },
      // The guard of the folder would do it instead.
      {
        file: 'src/node/private.ts',
        line: "const guard = platform === 'win32' ? undefined : startGuard(sign ? [path, sign] : [path]);",
        by: "const guard = platform === 'win32' ? undefined : undefined as ReturnType<typeof startGuard>;",
      },
    ],
    tests: [cli('signals')],
    grep: 'SIGTERM ends edit',
    noticed: /SIGTERM ends edit and leaves nothing/,
  },
  {
    name: 'clear text that is removed and not overwritten',
    edits: [{ file: 'src/node/private.ts', line: '      overwriteBelow(path);\n', by: '' }],
    tests: ['test/node/private.test.ts'],
    noticed: /overwrites what it wipes/,
  },
  {
    name: 'a folder for clear text that others can look into',
    edits: [
      { file: 'src/node/private.ts', line: 'mkdirSync(path, { mode: 0o700 })', by: 'mkdirSync(path, { mode: 0o755 })' },
    ],
    tests: ['test/node/private.test.ts'],
    noticed: /is for this user alone/,
  },
  {
    name: 'the folder of a killed process that stays',
    edits: [{ file: 'src/node/private.ts', line: '  wipeAbandoned(place);\n  const', by: '  const' }],
    tests: ['test/node/private.test.ts'],
    noticed: /wipes the folder of a process that was killed/,
  },
  {
    name: 'a decrypted file that others can read',
    edits: [{ file: 'src/cli/files/output.ts', line: 'secret ? 0o600 : publicMode', by: 'publicMode' }],
    tests: [cli('crypt')],
    grep: 'write where they are told',
    noticed: /write where they are told/,
  },
  {
    name: 'a half-written file that others can read',
    edits: [{ file: 'src/node/files.ts', line: "open(name, 'wx', 0o600)", by: "open(name, 'wx', 0o644)" }],
    tests: ['test/node/files.test.ts'],
    grep: 'in two steps|its owner',
    noticed: /its owner/,
  },
  {
    name: 'a file that is overwritten though somebody changed it',
    edits: [
      {
        file: 'src/node/files.ts',
        line: 'if ((await readBytes(path)).hash !== expected) throw',
        by: 'if (false) throw',
      },
    ],
    tests: ['test/node/files.test.ts'],
    grep: 'never overwrite',
    noticed: /never overwrite another text/,
  },
  {
    name: 'a copy of the clear text in the swap file of Vim',
    edits: [
      {
        file: 'src/cli/run/editor.ts',
        line: "const quietVim = ['-n', '-i', 'NONE', ",
        by: "const quietVim = ['-i', 'NONE', ",
      },
    ],
    tests: [cli('edit')],
    grep: 'keeps Vim',
    noticed: /keeps Vim from other places/,
  },
];

const clipboard: readonly Narrow[] = [
  {
    name: 'a clipboard that nobody clears',
    edits: [
      {
        file: 'src/extension/clipboard.ts',
        line: 'setTimeout(() => void clear(), after)',
        by: 'setTimeout(() => {}, after)',
      },
    ],
    tests: [extension('clipboard')],
    noticed: /is cleared after the set time/,
  },
  {
    name: 'a clipboard that is forgotten and not cleared',
    edits: [{ file: 'src/extension/clipboard.ts', line: "await ui.writeClipboard('');", by: ';' }],
    tests: [extension('clipboard')],
    noticed: /is cleared after the set time/,
  },
  {
    name: 'a private key that stays in memory after its use',
    edits: [{ file: 'src/core/keys/unwrap.ts', line: 'for (const opener of openers) opener.dispose?.();', by: '' }],
    tests: [core('keys/opener')],
    noticed: /is done with its openers whatever comes of it/,
  },
  {
    name: 'a private key that is given up and not wiped',
    edits: [{ file: 'src/core/age/private/privatekey.ts', line: 'wipe(this.#bytes);', by: '' }],
    tests: [core('keys/opener')],
    noticed: /overwrites the bytes/,
  },
  {
    name: 'private keys that stay in memory while a program runs',
    edits: [{ file: 'src/cli/run/running.ts', line: 'keyringOf(call).forget();', by: '' }],
    tests: [cli('keys/keyring')],
    noticed: /wiped before a program starts/,
  },
  {
    name: 'a clipboard that loses what somebody else copied',
    edits: [
      {
        file: 'src/extension/clipboard.ts',
        line: 'digest(await ui.readClipboard()) === mark',
        by: 'true',
      },
    ],
    tests: [extension('clipboard')],
    noticed: /keeps what somebody copied meanwhile/,
  },
  {
    name: 'a clipboard that keeps the value over a lock',
    edits: [{ file: 'src/extension/lock/register.ts', line: 'void clipboard.clear();', by: '' }],
    tests: [extension('lock/lock')],
    noticed: /takes a copied value off the clipboard/,
  },
];

const hoverAndLens: readonly Narrow[] = [
  {
    name: 'a value in a hover',
    edits: [
      {
        file: 'src/extension/hover/text.ts',
        line: '...mask, typeWords(facts)]',
        by: '...mask, String(openedOf(state)?.value(leaf.id)?.value), typeWords(facts)]',
      },
    ],
    tests: [extension('hover/hover')],
    noticed: /says what is known, and not the value/,
  },
  {
    name: 'a value in the title of a lens',
    edits: [
      {
        file: 'src/extension/lens/titles.ts',
        line: "const secrets = count === 0 ? t('No secrets yet') :",
        by: 'const secrets = count ? String(opened.valueAt(0)?.value) :',
      },
    ],
    tests: [extension('lens/lens')],
    grep: 'no value',
    noticed: /hold no value/,
  },
];

const text: readonly Narrow[] = [
  {
    name: 'a plain file without masks',
    edits: [{ file: 'src/core/view/masks.ts', line: 'tidySpans([...plainMasks(state.leaves), ...stray])', by: '[]' }],
    tests: [extension('mask/masks')],
    noticed: /follow what the session says|of plain values give way/,
  },
  {
    name: 'a plain file without masks until it is looked at',
    edits: [{ file: 'src/core/view/masks.ts', line: 'spans: lineMasks(text, format) }', by: 'spans: [] }' }],
    tests: [extension('mask/masks')],
    noticed: /stand before the session has answered/,
  },
  {
    name: 'no mask over a value that stands where ciphertext should',
    edits: [{ file: 'src/core/view/masks.ts', line: 'sealed(text, failedSpans(state))', by: 'sealed(text)' }],
    tests: [extension('mask/masks')],
    noticed: /hide a value that somebody typed into an encrypted place/,
  },
  {
    name: 'a mask that gives way to a selection across it',
    edits: [
      {
        file: 'src/core/view/mask.ts',
        line: 's.start >= span.start && s.end <= span.end',
        by: 'touches(span, s.start, s.end)',
      },
    ],
    tests: [extension('mask/masks')],
    noticed: /of plain values give way only to who goes there/,
  },
  {
    name: 'a revealed value that stays',
    edits: [
      {
        file: 'src/extension/mask/reveal.ts',
        line: 'setTimeout(() => this.end(), seconds * 1000)',
        by: 'setTimeout(() => {}, 0)',
      },
    ],
    tests: [extension('mask/reveal')],
    noticed: /ends after its time/,
  },
  {
    name: 'a revealed value that stays when the window loses the focus',
    edits: [{ file: 'src/extension/mask/screen.ts', line: 'if (!state.focused) this.hide();', by: '' }],
    tests: [extension('mask/reveal')],
    noticed: /with the window/,
  },
  {
    name: 'a revealed value that stays over a lock',
    edits: [{ file: 'src/extension/mask/screen.ts', line: 'if (vault.locked) this.hide();', by: '' }],
    tests: [extension('mask/reveal')],
    noticed: /with a lock/,
  },
  {
    name: 'comments under the mouse in presentation mode',
    edits: [
      {
        file: 'src/extension/mask/comments.ts',
        line: 'const now = () => (presentation.on ? undefined : sessions.current(document.uri));',
        by: 'const now = () => sessions.current(document.uri);',
      },
    ],
    tests: [extension('mask/comments')],
    noticed: /refused in presentation mode|but not locked or presenting/,
  },
  {
    name: 'the past of a file that a rule covers, without masks',
    edits: [{ file: 'src/core/view/masks.ts', line: 'if (covered || (present', by: 'if ((present' }],
    tests: [extension('mask/masks')],
    noticed: /a file that a rule covers and no editor shows/,
  },
  {
    name: 'a revealed value in presentation mode',
    edits: [{ file: 'src/extension/mask/screen.ts', line: 'presentation.onDidChange(() => this.hide()),', by: '' }],
    tests: [extension('mask/reveal')],
    noticed: /with presentation mode/,
  },
  {
    name: 'a value that is typed in clear sight',
    edits: [{ file: 'src/extension/ui/secretbox.ts', line: 'box.password = true;', by: '' }],
    tests: [extension('ui/ui')],
    noticed: /typed unseen/,
  },
  {
    name: 'a value that is set, in the log',
    edits: [
      {
        file: 'src/extension/values/set.ts',
        line: 'const { id } = sameEntry(opened.sealed, leaf);',
        by: 'services.log.info(String(value.value)); const { id } = sameEntry(opened.sealed, leaf);',
      },
    ],
    tests: [extension('values/values')],
    noticed: /set a value/,
  },
  {
    name: 'a value that goes where nothing is encrypted without a question',
    edits: [{ file: 'src/extension/values/set.ts', line: 'if (leaf.selected) return true;', by: 'return true;' }],
    tests: [extension('values/values')],
    grep: 'ask before',
    noticed: /ask before a value goes where nothing is encrypted/,
  },
  {
    name: 'an undo that brings the plain text back',
    edits: [
      { file: 'src/extension/session/undo.ts', line: "void vscode.commands.executeCommand('redo')", by: 'void 0' },
    ],
    tests: [extension('session/undo')],
    noticed: /takes back an undo that brings plain text/,
  },
  {
    name: 'a file that is encrypted under its open editor',
    edits: [
      {
        file: 'src/extension/session/tabs.ts',
        line: 'await vscode.window.tabGroups.close(tabsOf(uri), true);',
        by: '',
      },
    ],
    tests: [extension('encrypt/encrypt')],
    grep: 'after its editor is closed',
    noticed: /changes the file after its editor is closed/,
  },
  {
    name: 'a lock that comes too late for keys on their way',
    edits: [{ file: 'src/extension/vault/vault.ts', line: 'return this.#locked ? [] : keys;', by: 'return keys;' }],
    tests: [extension('vault/vault')],
    noticed: /counts a lock that comes while keys are on their way/,
  },
  {
    name: 'a project key that believes the id of a copied repository',
    edits: [{ file: 'src/extension/vault/places.ts', line: ' && root === here.root.toString()', by: '' }],
    tests: [extension('vault/places')],
    noticed: /is not taken in by a copy of the id/,
  },
  {
    name: 'a lock that leaves keys that a pass phrase opened',
    edits: [{ file: 'src/extension/vault/awake.ts', line: 'this.#held.clear();', by: '' }],
    tests: [extension('vault/passphrase')],
    noticed: /is asked for once: it opens until the next lock/,
  },
  {
    name: 'a decryption that outlives a lock',
    edits: [
      {
        file: 'src/core/session/session.ts',
        line: 'if (!this.#port.keys.locked) return;\n    this.#letGo();',
        by: 'if (!this.#port.keys.locked) return;',
      },
    ],
    tests: [core('session/session')],
    noticed: /is locked at once, and holds nothing/,
  },
  {
    name: 'a decryption that a lock overtook',
    edits: [{ file: 'src/core/session/session.ts', line: 'put = epoch === this.#epoch;', by: 'put = true;' }],
    tests: [core('session/session')],
    noticed: /throws away what a lock has overtaken/,
  },
  {
    name: 'a vault that stays open when nobody is there',
    edits: [{ file: 'src/extension/vault/idle.ts', line: 'return vault.lock();', by: 'return;' }],
    tests: [extension('vault/idle')],
    noticed: /comes when nobody does anything/,
  },
  {
    name: 'what a foreign error quotes, in the log',
    edits: [
      {
        file: 'src/extension/log.ts',
        line: "...frames].join('\\n');",
        by: "...frames, error.message].join('\\n');",
      },
    ],
    tests: [extension('ui/words')],
    noticed: /are told without their message/,
  },
];

const people: readonly Narrow[] = [
  {
    name: 'a request for access whose checksum is not compared',
    edits: [
      {
        file: 'src/core/people/request.ts',
        line: "!== checksumOf(request).replaceAll('-', '')",
        by: "=== checksumOf(request).replaceAll('-', 'x')",
      },
    ],
    tests: [core('people/request')],
    noticed: /is refused when it was altered/,
  },
];

const copies: readonly Narrow[] = [
  {
    name: 'an environment whose files are links out of the repository',
    edits: [
      {
        file: 'src/core/env/environments.ts',
        line: 'for (const file of found.files) await look.requireOwn(found.folder, file);',
        by: '',
      },
    ],
    tests: [core('env/environments')],
    grep: 'not the repository',
    noticed: /are refused where a file is not/,
  },
  {
    name: 'a copy as plaintext over another file',
    edits: [
      {
        file: 'src/extension/editor/binary.ts',
        line: 'if (await disk.readIfThere(to.fsPath)) {',
        by: 'if (to.fsPath === "") {',
      },
    ],
    tests: [extension('editor/binary')],
    noticed: /replace no file by plaintext/,
  },
  {
    name: 'a copy as plaintext that others can read',
    edits: [{ file: 'src/extension/editor/binary.ts', line: '{ newMode: 0o600 }', by: '{ newMode: 0o644 }' }],
    tests: [extension('editor/binary')],
    noticed: /to a new file that only its owner can read/,
  },
  {
    name: 'a copy as plaintext while a presentation is on',
    edits: [
      {
        file: 'src/extension/editor/binary.ts',
        line: 'requireHidden(services);\n  const opened',
        by: 'const opened',
      },
    ],
    tests: [extension('editor/binary')],
    noticed: /write nothing when a presentation begins/,
  },
];

const accesses: readonly Narrow[] = [
  {
    name: 'a record of an access that may be changed',
    edits: [
      { file: 'src/core/access/record.ts', line: '!== hash) return undefined;', by: "=== '') return undefined;" },
    ],
    tests: [core('access/access')],
    noticed: /shows a record that was changed, removed, moved/,
  },
  {
    name: 'a notice of an access by a link of the repository',
    edits: [
      { file: 'src/node/access/notices.ts', line: 'else if (!found.isDirectory())', by: 'else if (found.size < 0)' },
    ],
    tests: ['test/node/accesslog.test.ts'],
    grep: 'follow no link out of the repository',
    noticed: /follow no link out of the repository/,
  },
];

const programs: readonly Narrow[] = [
  {
    name: 'a task of another extension that passes for one that a person wrote down',
    edits: [
      {
        file: 'src/extension/run/permissions.ts',
        line: 'return said(one) === said(other);',
        by: 'return true;',
      },
    ],
    tests: [extension('run/run')],
    grep: 'changed what they run',
    noticed: /need one where another extension made them up, or changed what they run/,
  },
  {
    name: 'code that VS Code loads into every Node, in the one that holds a data key',
    edits: [{ file: 'src/node/kept.ts', line: "'NODE_OPTIONS',", by: '' }],
    tests: ['test/cli/shims.test.ts'],
    grep: 'loads nothing',
    noticed: /loads nothing that is meant for other programs/,
  },
];

const commits: readonly Narrow[] = [
  {
    name: 'values in the configuration of a debugger, without a question',
    edits: [
      {
        file: 'src/extension/debug/debugging.ts',
        line: 'if (!(await this.#mayTell(plain, way.why, asked))) return undefined;',
        by: '',
      },
    ],
    tests: [extension('debug/debugging')],
    grep: 'or do not start',
    noticed: /or do not start/,
  },
  {
    name: 'a commit of what the index has, unseen',
    edits: [
      {
        file: 'src/extension/setup/commit.ts',
        line: 'if (indexed && (await mayCommit(uri.path, indexed))) continue;',
        by: 'if (indexed) continue;',
      },
    ],
    tests: [extension('setup/wizard')],
    grep: 'no plaintext',
    noticed: /no plaintext: neither one that comes between/,
  },
  {
    name: 'a check of what is on the disk in the place of what is staged',
    edits: [
      {
        file: 'src/cli/check/check.ts',
        line: 'const disk = staged ? undefined : await diskSource(call, root);',
        by: 'const disk = await diskSource(call, root);',
      },
    ],
    tests: ['test/cli/check/check.test.ts'],
    grep: 'whatever is on the disk',
    noticed: /looks at what git has, whatever is on the disk/,
  },
];

const resolving: readonly Narrow[] = [
  {
    name: 'more readers of a merged file than a person agreed to',
    edits: [
      {
        file: 'src/extension/resolve/driver.ts',
        line: 'if (sure) await this.#resolving.acceptReaders();',
        by: 'await this.#resolving.acceptReaders();',
      },
    ],
    tests: [extension('resolve/resolve')],
    grep: 'lets in more readers',
    noticed: /only when a person agrees/,
  },
];

const batch: readonly Narrow[] = [
  {
    name: 'a journal that anybody wrote',
    edits: [
      {
        file: 'src/core/batch/journal.ts',
        line: 'if (own === undefined || own !== name)',
        by: 'if (false)',
      },
    ],
    tests: [core('batch/transaction')],
    grep: 'on the word of a journal',
    noticed: /is not touched on the word of a journal/,
  },
];

const keyService: readonly Narrow[] = [
  {
    name: 'a port for everybody on the machine, without a question',
    edits: [
      { file: 'src/cli/agent/keyservice.ts', line: "if (flags.on('yes') || io.name === 'sops')", by: 'if (io.name)' },
    ],
    tests: ['test/cli/keyservice.test.ts'],
    grep: 'starts nothing that is open to others',
    noticed: /starts nothing that is open to others/,
  },
];

const agent: readonly Narrow[] = [
  {
    name: 'a launch that opens any file',
    edits: [
      {
        file: 'src/core/agent/launches.ts',
        line: 'return launch !== undefined && fits(launch)',
        by: 'return launch !== undefined',
      },
    ],
    tests: [core('agent/agent')],
    grep: 'nothing for another process',
    noticed: /opens nothing else, nothing for another process/,
  },
];

const tokens: readonly Narrow[] = [
  {
    name: 'a token whose HMAC nobody checks',
    edits: [
      {
        file: 'src/core/tokens/ciphers.ts',
        line: "if (!(await crypto.subtle.verify('HMAC', verifying, signature, data))) throw unopened();",
        by: "await crypto.subtle.verify('HMAC', verifying, signature, data);",
      },
    ],
    tests: [core('tokens/refusals')],
    grep: 'fernet: altered',
    noticed: /fernet: altered, at any place/,
  },
];

const exported: readonly Narrow[] = [
  {
    name: 'a file of dotenvx with a value in plaintext',
    edits: [
      {
        file: 'src/core/seal/prove.ts',
        line: 'if (!known.has(raw) && !(made.has(raw) && (isSealed(raw) || isLeftPlain(key)))) throw unlike([key]);',
        by: 'if (!known.has(raw) && !made.has(raw)) throw unlike([key]);',
      },
    ],
    tests: [core('dotenvx/dotenvx')],
    grep: 'is proved',
    noticed: /is proved: no value gets out as plaintext/,
  },
];

const imports: readonly Narrow[] = [
  {
    name: 'an import that replaces a value before anybody said so',
    edits: [
      {
        file: 'src/core/foreign/plan.ts',
        line: "if (decision !== 'replace' || fate === 'blocked') return { ...base, fate };",
        by: "if (fate === 'blocked') return { ...base, fate };",
      },
    ],
    tests: [core('foreign/plan')],
    grep: 'while something is left to be decided',
    noticed: /writes nothing while something is left to be decided/,
  },
  {
    name: 'an import into another text than the one that was agreed to',
    edits: [
      {
        file: 'src/extension/imports/destination.ts',
        line: 'if (plan.map(said).join() !== agreed.map(said).join())',
        by: 'if (false)',
      },
    ],
    tests: [extension('imports/imports')],
    grep: 'something else than was agreed to',
    noticed: /writes nothing where it would come to something else than was agreed to/,
  },
];

const histories: readonly Narrow[] = [
  {
    name: 'an old value from a version whose MAC does not hold',
    edits: [
      {
        file: 'src/extension/history/old.ts',
        line: 'const opened = requireOpen(session.state);',
        by: 'const opened = session.opened();',
      },
    ],
    tests: [extension('history/history')],
    grep: 'whose MAC does not hold',
    noticed: /gives no value of a version whose MAC does not hold/,
  },
];

const comparisons: readonly Narrow[] = [
  {
    name: 'fingerprints under one key for all comparisons',
    edits: [
      { file: 'src/core/compare/fingerprints.ts', line: 'this.#key = key;', by: 'this.#key = key.slice().fill(0);' },
    ],
    tests: [core('compare/compare')],
    grep: 'never say more of a value',
    noticed: /never say more of a value than a fingerprint/,
  },
];

const gpgKeys: readonly Narrow[] = [
  {
    name: 'a text of a file in the arguments of gpg',
    edits: [
      {
        file: 'src/core/pgp/gpg.ts',
        line: "if (!isPgpName(name)) throw new LockstepError('PGP', { what: 'name' });",
        by: '',
      },
    ],
    tests: ['test/node/pgp/gpg.test.ts'],
    grep: 'that cannot be encrypted for are told',
    noticed: /that cannot be encrypted for are told/,
  },
  {
    name: 'the fingerprint of a file taken for whose key opened it',
    edits: [
      {
        file: 'src/core/pgp/gpg.ts',
        line: '.filter((name) => isNamed(key, name)))];',
        by: ')];',
      },
    ],
    tests: ['test/node/pgp/gpg.test.ts'],
    grep: 'with a false name',
    noticed: /open an entry with a false name under their own/,
  },
];

const cloudKeys: readonly Narrow[] = [
  {
    name: 'a wrapped key of a key service that is not opened again',
    edits: [
      {
        file: 'src/node/keyservice/client.ts',
        line: "if (!same) throw fault(kind, 'answer');",
        by: '',
      },
    ],
    tests: ['test/node/keyservice/services.test.ts'],
    grep: 'rubbish or another key',
    noticed: /that answers with rubbish or another key is not believed/,
  },
  {
    name: 'a token of Vault for the address that a file names',
    edits: [
      {
        file: 'src/extension/vault/clouds.ts',
        line: 'if (!consent.has(key)) throw unasked(key);',
        by: '',
      },
    ],
    tests: ['test/extension/vault/clouds.test.ts'],
    grep: 'wait for a person',
    noticed: /of Vault wait for a person, once for each address/,
  },
];

export const narrow: readonly Narrow[] = [
  ...scanning,
  ...others,
  ...comparisons,
  ...plugins,
  ...resolving,
  ...programs,
  ...[...macs, ...sealing, ...commandLine, ...clipboard, ...hoverAndLens, ...text, ...typing],
  ...[...people, ...copies, ...commits, ...output, ...batch, ...accesses, ...agent, ...keyService],
  ...[...tokens, ...imports, ...exported, ...histories, ...gpgKeys, ...cloudKeys],
];
