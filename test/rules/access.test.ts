import assert from 'node:assert/strict';
import { type RequestName, ruleOf } from '../../src/protocol/requests.ts';
import { readTree } from './tree.ts';

/** What gives a plain value, a plaintext or a private key to whoever calls it. */
const takes =
  /\b(?:unseal|unsealBytes|plainTree|plainComment|variablesOf|envValues|handedOf|openSources|openAll|clearText|clearPart|withMetadata|commentTexts)\(|\b(?:opened|shaped|openedOf\([^)]*\))\??\.value(?:At)?\(|\bclipboard\.copy\(|\bvault\.(?:backUp|exportKey)\(|\bprivateText\(|\bplaceKey\(|\bnew Agent\(/;

/** What writes it down in the access log. */
const records = /\baccess\.record\(|\brecordAccess\(|\brecording\(/;

const pageAnswers = 'answers.ts records what a page gets, by the table in record.ts';

/** Who takes one and records nothing, and why nothing leaves there unseen. */
const within: Readonly<Record<string, string>> = {
  'src/cli/files/emitting.ts': 'makes the plaintext for a verb, which records it',
  'src/cli/files/unsaved.ts': 'an edit that was kept, for the verb edit, which records it',
  'src/cli/init/readers.ts': 'a new key goes where the keys of this user are',
  'src/cli/keys/newkey.ts': 'writes the key file for a verb, which records it',
  'src/cli/keys/shown.ts': 'makes the plaintext for the verb edit, which records it',
  'src/cli/run/envvalues.ts': 'makes variables for exec-env, which records them',
  'src/cli/run/given.ts': 'chooses what run gives, which records it',
  'src/cli/run/sources.ts': 'makes variables for run, which records them',
  'src/extension/compare/comparing.ts': 'gives a value to the panel of versions, which records it',
  'src/extension/debug/asked.ts':
    'opens values for debugging.ts and launch.ts, which record what goes to a debugger, and to hide them on the screen',
  'src/extension/editor/answers/comments.ts': pageAnswers,
  'src/extension/editor/answers/conflict.ts': pageAnswers,
  'src/extension/editor/answers/paste.ts': 'compares what is pasted with what is there',
  'src/extension/editor/answers/textview.ts': pageAnswers,
  'src/extension/editor/answers/values.ts': pageAnswers,
  'src/extension/hover/binary.ts': 'whether the bytes are text',
  'src/extension/hover/text.ts': 'whether there are several lines or quotes',
  'src/extension/history/old.ts':
    'makes the text for a reveal, which versions/panel.ts records, and what an edit puts back',
  'src/extension/lens/provider.ts': 'whether there are several lines',
  'src/extension/mask/values.ts': 'makes the text for a reveal, which showing.ts records',
  'src/extension/person/lostkeys.ts': 'compares the keys of two texts of a file',
  'src/extension/person/passphrase.ts': 'copies a pass phrase that was made just now',
  'src/extension/asof/open.ts': 'makes the text for a reveal, which versions/panel.ts records',
  'src/extension/resolve/resolving.ts': 'makes the text for a reveal, which versions/panel.ts records',
  'src/extension/values/more.ts': 'whether the value is text',
  'src/extension/values/set.ts': 'whether the value is text',
  'src/extension/vault/privatekeys.ts': 'writes SecretStorage; what goes elsewhere is recorded by who asks the vault',
};

const codeOf = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
const isUnrecorded = (text: string) => takes.test(codeOf(text)) && !records.test(codeOf(text));

/** The requests of a page whose answers hold a value. */
function shown(text: string): RequestName[] {
  const names = [...text.matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name as RequestName);
  return names.filter((name) => (ruleOf(name) as { when?: string } | undefined)?.when === 'shown');
}

describe('every way out of Lockstep', () => {
  const files = readTree(['src/extension', 'src/cli', 'src/npm'], /\.ts$/);

  it('is recorded in the access log', () => {
    const found = [...files].filter(([file, text]) => isUnrecorded(text) && !Object.hasOwn(within, file));
    assert.deepEqual(
      found.map(([file]) => `${file} takes a value or a key without a record in the access log`),
      [],
    );
  });

  it('that needs no record of its own is one', () => {
    for (const file of Object.keys(within))
      assert.ok(isUnrecorded(files.get(file) ?? ''), `${file} takes nothing, or records it: take it off the list`);
  });

  it('of the Secrets Editor is in its table', () => {
    const [, protocol = ''] = [...readTree(['src/protocol'], /requests\.ts$/)][0] ?? [];
    const table = files.get('src/extension/editor/answers/record.ts') ?? '';
    const names = shown(protocol);
    assert.ok(names.length > 6, names.join());
    // Made just now, and in no file yet.
    const missing = names.filter((name) => name !== 'generate' && !new RegExp(`^  ${name}: '`, 'm').test(table));
    assert.deepEqual(missing, []);
  });

  it('would be noticed', () => {
    for (const text of [
      'await unsealBytes(opened)',
      'const value = opened.value(leaf.id);',
      'openedOf(state)?.value(id)',
      'await services.clipboard.copy(text, name);',
      'await vault.exportKey(recipient)',
      'this.agent = new Agent(port);',
    ])
      assert.ok(isUnrecorded(text) && !isUnrecorded(`access.record({});\n${text}`), text);
    for (const text of ['// unseal(opened)', 'clipboard.clear()', 'map.value(1)']) assert.ok(!isUnrecorded(text), text);
  });
});
