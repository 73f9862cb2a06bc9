import assert from 'node:assert/strict';
import { forbiddenImports, importsOf } from './imports.ts';
import { readTree } from './tree.ts';

const check = (file: string, text: string) => forbiddenImports(new Map([[file, text]]));
const refused = (file: string, target: string) =>
  assert.equal(check(file, `import { x } from '${target}';\n`).length, 1, `${file} may import ${target}`);
const allowed = (file: string, target: string) =>
  assert.deepEqual(check(file, `import { x } from '${target}';\n`), [], `${file} may not import ${target}`);

describe('import rules', () => {
  it('hold in the project', () => {
    const tree = readTree(['src', 'media'], /\.(ts|tsx|js)$/);
    assert.ok(tree.size > 5, 'no source was found');
    assert.deepEqual(forbiddenImports(tree), []);
  });

  it('leave opening a file in the extension to a session', () => {
    refused('src/extension/encrypt/decrypt.ts', '../../core/open/open.ts');
    assert.deepEqual(check('src/extension/surface.ts', "import type { Opened } from '../core/open/open.ts';\n"), []);
    allowed('src/core/session/inspect.ts', '../open/open.ts');
  });

  it('find every form of import', () => {
    const text = `import a from 'a';
import type { B } from 'b';
import {
  c,
  d,
} from 'c';
import 'd';
export * from 'e';
export type { F } from 'f';
const g = await import('g');
const h = require("h");
// import i from 'i';
/* import j from 'j'; */
`;
    const found = importsOf(text).map((one) => one.target + (one.typeOnly ? ' (type)' : ''));
    assert.deepEqual(found.sort(), ['a', 'b (type)', 'c', 'd', 'e', 'f (type)', 'g', 'h']);
  });

  it('keep core free of Node, VS Code and the outer rooms', () => {
    for (const target of ['node:fs', 'fs', 'vscode', '../node/files.ts', '../extension/log.ts', 'lodash']) {
      refused('src/core/bytes.ts', target);
    }
    for (const target of ['./errors.ts', './age/recipients.ts', '@noble/hashes/sha2.js', 're2js']) {
      allowed('src/core/bytes.ts', target);
    }
    assert.equal(check('src/core/a.ts', "const fs = await import('node:fs');").length, 1);
    assert.equal(check('src/core/a.ts', "const fs = require('node:fs');").length, 1);
  });

  it('give the protocol types of core, not its code', () => {
    assert.deepEqual(check('src/protocol/a.ts', "import type { Path } from '../core/tree/path.ts';"), []);
    refused('src/protocol/a.ts', '../core/tree/path.ts');
  });

  it('keep node and cli away from VS Code, and node away from cli', () => {
    for (const target of ['vscode', '../extension/ids.ts', 're2js']) {
      refused('src/node/files.ts', target);
      refused('src/cli/main.ts', target);
    }
    refused('src/node/files.ts', '../cli/main.ts');
    for (const target of ['node:fs', '../core/errors.ts', '../protocol/wire.ts']) allowed('src/node/files.ts', target);
    allowed('src/cli/main.ts', '../node/files.ts');
  });

  it('keep features apart', () => {
    const file = 'src/extension/lens/register.ts';
    for (const target of [
      '../hover/text.ts',
      '../extension.ts',
      '../../cli/main.ts',
      'node:fs',
      'node:http',
      're2js',
    ]) {
      refused(file, target);
    }
    for (const target of ['vscode', '../session/state.ts', '../vault/vault.ts', '../ids.ts', './titles.ts']) {
      allowed(file, target);
    }
    allowed(file, '../../core/view/masks.ts');
    // The engine is given a platform.
    for (const target of ['../../node/git.ts', 'node:path', 'node:crypto']) refused(file, target);
    for (const wiring of ['src/extension/extension.ts', 'src/extension/engine.ts'])
      refused(wiring, '../node/platform.ts');
    allowed('src/extension/nodeengine.ts', '../node/platform.ts');
    refused('src/extension/convert.ts', './lens/register.ts');
    allowed('src/extension/extension.ts', './lens/register.ts');
  });

  it('give the webview the protocol and the view only', () => {
    refused('media/editor/main.ts', '../../src/core/open/open.ts');
    refused('media/editor/main.ts', '../../src/extension/ids.ts');
    allowed('media/editor/main.ts', '../../src/protocol/requests.ts');
    allowed('media/versions/main.ts', '../editor/parts/dom.ts');
    refused('media/versions/main.ts', '../../src/core/merge/three.ts');
    allowed('media/editor/main.ts', '../../src/core/view/rows.ts');
  });

  it('know every room', () => {
    assert.deepEqual(check('src/other/a.ts', ''), ['src/other/a.ts is in no room']);
  });
});
