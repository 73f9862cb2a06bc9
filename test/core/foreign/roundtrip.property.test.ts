import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/bytes.ts';
import { textOf } from '../../../src/core/foreign/found.ts';
import { readForeign } from '../../../src/core/foreign/read/source.ts';
import type { System } from '../../../src/core/foreign/read/systems.ts';
import type { TargetName } from '../../../src/core/foreign/write/names.ts';
import { exportText, problemsOf } from '../../../src/core/foreign/write/write.ts';
import { dotenvxPublicKey, sealDotenvx } from '../../../src/core/tokens/dotenvx.ts';
import { fernetKey, sealFernet } from '../../../src/core/tokens/fernet.ts';
import { Chance, seedOf } from '../../fuzz/chance.ts';
import { clock } from '../support.ts';

describe('what is exported is imported again', () => {
  const key = Buffer.alloc(32, 5).toString('base64url');
  const privateKey = `${'0'.repeat(63)}7`;
  const publicKey = dotenvxPublicKey(privateKey);
  const cases: readonly {
    readonly to: TargetName;
    readonly name: string;
    readonly from?: System;
    readonly keys?: readonly string[];
    readonly seal?: (value: string) => Promise<string>;
    readonly count?: number;
  }[] = [
    { to: 'dotenv', name: '.env', from: 'dotenv' },
    { to: 'json', name: 'a.json' },
    { to: 'yaml', name: 'a.yaml' },
    { to: 'kestra', name: '.env', from: 'kestra' },
    { to: 'anvil', name: 'server.yaml', from: 'app-server' },
    { to: 'fernet', name: '.env', keys: [key], seal: (one) => sealFernet(utf8(one), fernetKey(key), clock.now()) },
    { to: 'dotenvx', name: '.env', keys: [privateKey], seal: (one) => sealDotenvx(utf8(one), publicKey), count: 10 },
  ];
  const parts = [
    'a',
    'Z9',
    ' ',
    '  ',
    '#',
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '\n',
    '\r',
    '\t',
    '$HOME',
    '$(id)',
    '=',
    ':',
    'ü',
    '😀',
    '{',
    '- ',
    '%',
    '!',
  ];

  for (const { to, name, from, keys = [], seal, count = 150 } of cases)
    it(`${to}: every text comes back as it was`, async function () {
      this.timeout(60_000);
      const chance = new Chance(seedOf(4, to));
      let entries = Array.from({ length: count }, (_, i) => {
        const value = Array.from({ length: chance.below(9) }, () => chance.of(parts)).join('');
        return { variable: `NAME_${i}`, path: [`NAME_${i}`], value };
      });
      const refused = new Set(problemsOf(to, entries).map(({ variable }) => variable));
      entries = entries.filter(({ variable }) => !refused.has(variable));
      assert.ok(entries.length > count / 3, String(entries.length));
      const text = await exportText(to, entries, { seal, publicKey });
      const beside = { read: async () => undefined };
      const { found } = await readForeign({ name, bytes: utf8(text), from, keys, beside });
      assert.deepEqual(
        found.map(({ path, value }) => [path.at(-1), textOf(value)]),
        entries.map(({ variable, value }) => [variable, value]),
      );
    });

  it('anvil: its two maps stay two, and its keys are named keys', async () => {
    const entries = [
      { variable: 'SECRET_ONE', path: ['secret', 'one'], value: 'canary-one' },
      { variable: 'ENCRYPTION_KEY_ONE', path: ['encryption-key', 'one'], value: 'EBESExQVFhcYGRobHB0eHw==' },
    ];
    const text = await exportText('anvil', entries);
    const file = { name: 'server.yaml', bytes: utf8(text), keys: [], beside: { read: async () => undefined } };
    const { found, system } = await readForeign(file);
    assert.equal(system, 'app-server');
    assert.deepEqual(
      found.map(({ path, value }) => [path, textOf(value)]),
      [
        [['secret', 'one'], 'canary-one'],
        [['encryption_keys', 'one'], 'EBESExQVFhcYGRobHB0eHw=='],
      ],
    );
  });
});
