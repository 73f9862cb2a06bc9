import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../../src/core/errors.ts';
import { textOf } from '../../src/core/foreign/found.ts';
import { readProperties } from '../../src/core/foreign/read/properties.ts';
import { readTable } from '../../src/core/foreign/read/sqlite.ts';
import { Chance, seedOf } from '../fuzz/chance.ts';
import { missing, skipFor } from '../skip.ts';

/** What others wrote is read as their own programs read it. */
describe('files of other systems', () => {
  const here = new URL('foreign/', import.meta.url).pathname;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-foreign-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const lines = (command: string, args: readonly string[], input: readonly string[]): string[] => {
    const ran = spawnSync(command, args, { input: `${input.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 28 });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout.trimEnd().split('\n');
  };

  it('properties are read as Java reads them', function () {
    this.timeout(60_000);
    skipFor(this, missing('Java compiler', spawnSync('javac', ['-version']).status === 0));
    const chance = new Chance(seedOf(1, 'properties'));
    const parts = [
      'a',
      'b.c',
      '=',
      ':',
      ' ',
      '\t',
      '\f',
      '\\',
      '\\\\',
      '\n',
      '\r',
      '\r\n',
      '#',
      '!',
      'ü',
      '\\u00e9',
      '\\u12',
      '\\n',
      '\\=',
      '"',
      '\\ud83d\\ude00',
    ];
    const texts = Array.from({ length: 2500 }, () =>
      Array.from({ length: 1 + chance.below(25) }, () => chance.of(parts)).join(''),
    );
    lines('javac', ['-d', folder, join(here, 'Props.java')], []);
    const answers = lines(
      'java',
      ['-cp', folder, 'Props'],
      texts.map((text) => Buffer.from(text).toString('base64')),
    );
    const coded = (text: string) => Buffer.from(text, 'utf16le').swap16().toString('base64url');
    let refused = 0;
    for (const [i, text] of texts.entries()) {
      let ours = 'null';
      try {
        const found = new Map(readProperties(text).map(({ path: [name = ''], value }) => [name, textOf(value) ?? '']));
        const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
        ours = sorted.map(([name, value]) => `${coded(name)}=${coded(value)},`).join('');
      } catch (error) {
        assert.ok(error instanceof LockstepError, String(error));
        refused++;
      }
      assert.equal(ours, answers[i] ?? '', JSON.stringify(text));
    }
    assert.ok(refused > 50 && refused < 2200, String(refused));
  });

  it('tables are read as SQLite reads them', function () {
    this.timeout(60_000);
    skipFor(this, missing('Python with SQLite', spawnSync('python3', ['-c', 'import sqlite3']).status === 0));
    const chance = new Chance(seedOf(2, 'tables'));
    const text = (most: number) => chance.of(['x', 'ü', '😀', "a'b", '$']).repeat(chance.below(most));
    const row = () => [
      text(20),
      text(chance.of([5, 60, 700, 9000])),
      chance.of([null, 0, 1, -1, 127, 128, -32769, 8_388_608, 2 ** 40, -(2 ** 52)]),
      chance.of([null, 0.5, -1e300, 3]),
      chance.of([null, '', '00ff', 'ab'.repeat(chance.below(3000))]),
    ];
    const rows = (most: number) => Array.from({ length: chance.below(most) }, row);
    const tables = [
      'CREATE TABLE secrets (id INTEGER PRIMARY KEY, name TEXT, value TEXT, number INTEGER, ratio REAL, raw BLOB)',
      'CREATE TABLE secrets (id INTEGER NOT NULL, name VARCHAR DEFAULT (\'a,b\'), "value" TEXT, number BIGINT, ratio FLOAT, raw, PRIMARY KEY (id))',
    ];
    const given = Array.from({ length: 24 }, (_, i) => ({
      path: join(folder, `${i}.db`),
      pageSize: 512 << chance.below(8),
      encoding: chance.of(['UTF-8', 'UTF-16le', 'UTF-16be']),
      log: chance.below(2) === 1,
      table: chance.of(tables),
      rows: rows(chance.of([3, 40, 400])),
      more: rows(20),
    }));
    const answers = lines(
      'python3',
      [join(here, 'tables.py')],
      given.map((one) => JSON.stringify(one)),
    );
    let total = 0;
    for (const [i, { path, pageSize, encoding, log }] of given.entries()) {
      const wal = existsSync(`${path}-wal`) ? new Uint8Array(readFileSync(`${path}-wal`)) : undefined;
      const found = readTable(new Uint8Array(readFileSync(path)), 'secrets', wal)?.map((one) => [
        Number(one.id),
        one.name,
        one.value,
        one.number === null ? null : Number(one.number),
        one.ratio === null ? null : Number(one.ratio),
        one.raw === null
          ? ''
          : Buffer.from(one.raw as Uint8Array)
              .toString('hex')
              .toUpperCase(),
        one.raw === null ? 1 : 0,
      ]);
      assert.deepEqual(found, JSON.parse(answers[i] ?? ''), `${i}: ${pageSize} ${encoding} ${log}`);
      total += found?.length ?? 0;
    }
    assert.ok(total > 500, String(total));
  });
});
