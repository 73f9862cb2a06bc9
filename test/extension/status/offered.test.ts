import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../core/shared.ts';

interface Item {
  readonly command: string;
  readonly when?: string;
}

const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const palette: readonly Item[] = contributes.menus.commandPalette;

/** A `when` clause, as VS Code reads it, for keys that have these values. */
function holds(clause: string, keys: Readonly<Record<string, unknown>>): boolean {
  const code = clause.replace(/'[^']*'|\/(?:[^/\\]|\\.)+\/\w*|=~|[A-Za-z][\w.]*/g, (part) => {
    if (/^['/]/.test(part) || part === 'in') return part;
    return part === '=~' ? '.match' : `keys[${JSON.stringify(part)}]`;
  });
  const called = code.replace(/(keys\["[^"]*"\]) \.match (\/\S+)/g, 'String($1).match($2)');
  return Boolean(new Function('keys', `return ${called}`)(keys));
}

describe('the Command Palette', () => {
  const shown = (keys: Readonly<Record<string, unknown>>) =>
    contributes.commands
      .map(({ command }: Item) => command)
      .filter((id: string) => palette.every(({ command, when }) => command !== id || holds(when ?? 'true', keys)))
      .map((id: string) => id.replace('lockstep.', ''));
  const trusted = { isWorkspaceTrusted: true, workspaceFolderCount: 1 };
  const ofKeys = ['lock', 'copyPublicKey', 'manageKeys', 'backUpKey'];

  it('offers nothing for a key to somebody who has none, but a way to one', () => {
    const keys = { ...trusted, 'lockstep.noKey': true, 'lockstep.locked': false };
    const found = shown(keys);
    for (const id of [...ofKeys, 'unlock']) assert.ok(!found.includes(id), id);
    assert.ok(!shown({ ...keys, 'lockstep.locked': true }).includes('unlock'));
    for (const id of ['importKey', 'setUp']) assert.ok(found.includes(id), id);
  });

  it('offers it to everybody else, also before anybody has looked', () => {
    for (const keys of [trusted, { ...trusted, 'lockstep.noKey': false, 'lockstep.locked': false }])
      for (const id of ofKeys) assert.ok(shown(keys).includes(id), id);
    assert.ok(shown({ ...trusted, 'lockstep.locked': true }).includes('unlock'));
  });

  it('offers no change of a file in Restricted Mode', () => {
    const open = { 'lockstep.file': 'open', 'lockstep.canEncrypt': true, resourceFilename: '.env' };
    const changes = ['setValue', 'generateValue', 'addSecret', 'renameSecret', 'deleteSecret', 'removeQuotes'];
    const all = [...changes, 'encryptFile', 'decryptFile', 'rotateDataKey', 'updateReaders', 'setUp', 'showExposed'];
    const safe = shown({ ...trusted, ...open });
    const restricted = shown({ ...trusted, ...open, isWorkspaceTrusted: false });
    for (const id of all) assert.deepEqual([safe.includes(id), restricted.includes(id)], [true, false], id);
    assert.ok(restricted.includes('copyValue') && restricted.includes('revealValue'));
  });
});

describe('the context menu of the explorer', () => {
  it('opens every encrypted file in the Secrets Editor, whatever its name', () => {
    const { when } = contributes.menus['explorer/context'].find((one: Item) => one.command === 'lockstep.openEditor');
    const offered = (name: string, encrypted: object = {}) =>
      holds(when, { resourceFilename: name, resourcePath: `/w/${name}`, 'lockstep.encryptedFiles': encrypted });
    assert.ok(offered('store.p12', { '/w/store.p12': true }));
    assert.ok(!offered('store.p12', { '/w/other.p12': true }));
    assert.ok(offered('.env') && !offered('.sops.yaml') && !offered('a.ts'));
  });
});
