import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { utf8 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { readForeign } from '../../../src/core/foreign/read/source.ts';
import { systems } from '../../../src/core/foreign/read/systems.ts';
import { Chance, seedOf } from '../../fuzz/chance.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));
const vectors = JSON.parse(Buffer.from(fixture('token-vectors.json')).toString());

describe('hostile files of other systems', () => {
  const beside = { read: async () => undefined };
  const samples: Readonly<Record<string, Uint8Array>> = {
    '.env': utf8('A="canary one"\nexport B=\'canary\ntwo\'\nSECRET_A=Y2FuYXJ5LXNlY3JldA==\nC=encrypted:canary\n'),
    'a.yaml': utf8('a: &x {b: canary, c: [1, canary]}\nd: *x\n"e": !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n'),
    'a.json': utf8('{"a": {"b": ["canary", 1e5, null, true]}}'),
    'a.ini': utf8('[a]\nb = canary\n; comment\nc = """x\ny"""\n'),
    'a.properties': utf8('a=canary\\u0041 \\\n  b\n'),
    'docker-compose.yml': utf8(
      'services:\n  a:\n    environment: {A: canary, B: $X}\n  b:\n    environment: [C=canary]\n',
    ),
    'anvil.yaml': utf8('secrets:\n  a: {type: secret, value: {APP: Y2FuYXJ5}}\n'),
    'vault.yml': utf8(vectors.ansible.v11),
    'credentials.yml.enc': utf8(vectors.rails.file),
    'a.db': fixture('foreign/flowfile.db'),
  };
  const keys = ['canary-key', vectors.rails.master_key];

  /** Reads a file as everything that it could be taken for; nothing but our own errors comes out, and no part of it. */
  async function readAll(name: string, bytes: Uint8Array): Promise<void> {
    for (const from of [undefined, ...systems]) {
      // A pass phrase takes long for each of a thousand texts.
      const some = from === undefined || from === 'rails' ? keys : [];
      try {
        await readForeign({ name, bytes, from, keys: name === 'vault.yml' ? [] : some, beside });
      } catch (error) {
        assert.ok(error instanceof LockstepError, `${name} as ${from}: ${error}`);
        assert.ok(!error.message.includes('canary'), error.message);
      }
    }
  }

  it('are refused or read, whatever was changed in them', async function () {
    this.timeout(60_000);
    const chance = new Chance(seedOf(3, 'hostile'));
    for (const [name, sample] of Object.entries(samples)) {
      await readAll(name, sample);
      for (let n = 0; n < 60; n++) {
        const at = chance.below(sample.length);
        const part = Uint8Array.from({ length: chance.below(4) }, () =>
          chance.of([0, 10, 34, 36, 39, 58, 61, 92, 123, 255]),
        );
        const cut = chance.below(3) === 0 ? sample.length : at + chance.below(6);
        await readAll(name, new Uint8Array([...sample.subarray(0, at), ...part, ...sample.subarray(cut)]));
      }
    }
  });

  it('are read in time that grows with their size', async function () {
    this.timeout(60_000);
    const many = (line: (n: number) => string) => utf8(Array.from({ length: 20_000 }, (_, n) => line(n)).join(''));
    const started = performance.now();
    await readForeign({ name: '.env', bytes: many((n) => `A${n}='x'\n`), keys: [], beside });
    await readForeign({ name: 'a.properties', bytes: many((n) => `A${n}=x\\\n`), keys: [], beside });
    await readForeign({ name: 'a.yaml', bytes: many((n) => `A${n}: x\n`), keys: [], beside });
    await readForeign({ name: 'x.env', bytes: utf8(`A="${'\\"'.repeat(100_000)}\nB=1\n`), keys: [], beside }).catch(
      () => {},
    );
    assert.ok(performance.now() - started < 20_000, String(performance.now() - started));
  });

  it('are looked through once for the services and secrets in them', async function () {
    // By the square of their number it takes minutes.
    this.timeout(60_000);
    for (const group of ['services', 'secrets']) {
      const lines = Array.from({ length: 20_000 }, (_, n) => `  s${n}: {a: x}\n`);
      const bytes = utf8(`${group}:\n${lines.join('')}`);
      assert.equal((await readForeign({ name: 'a.yaml', bytes, keys: [], beside })).system, 'yaml');
      const read = readForeign({ name: 'a.yaml', bytes, from: 'compose', keys: [], beside });
      await read.catch((error) => assert.ok(error instanceof LockstepError, String(error)));
    }
  });
});
