import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, contexts, settings } from '../../src/extension/ids.ts';
import { disagreements } from './ids.ts';
import { root } from './tree.ts';

describe('ids', () => {
  it('are the same in package.json and ids.ts', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.deepEqual(disagreements(manifest, { commands, settings, contexts }), []);
  });

  it('are compared both ways', () => {
    const ids = {
      commands: { a: 'lockstep.a', b: 'lockstep.b' },
      settings: { s: 'lockstep.s' },
      contexts: { c: 'lockstep.c' },
    };
    const manifest = {
      contributes: {
        commands: [{ command: 'lockstep.a' }, { command: 'lockstep.x', enablement: 'lockstep.odd' }],
        configuration: [{ properties: { 'lockstep.t': {} } }],
        menus: {
          'editor/title': [
            { command: 'lockstep.gone', when: "lockstep.c == 'lockstep.value' && !lockstep.unknown" },
            { command: 'lockstep.a', when: 'config.lockstep.s && view == lockstep.tree && viewItem =~ /lockstep.q/' },
          ],
        },
      },
    };
    assert.deepEqual(disagreements(manifest, ids), [
      'command lockstep.x is in package.json only',
      'command lockstep.b is in ids.ts only',
      'setting lockstep.t is in package.json only',
      'setting lockstep.s is in ids.ts only',
      'a menu or key names the unknown command lockstep.gone',
      'a when clause names the unknown context key lockstep.odd',
      'a when clause names the unknown context key lockstep.unknown',
    ]);
  });
});
