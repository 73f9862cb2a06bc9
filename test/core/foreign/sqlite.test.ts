import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { LockstepError } from '../../../src/core/errors.ts';
import { readFlowfile } from '../../../src/core/foreign/read/flowfile.ts';
import { readTable } from '../../../src/core/foreign/read/sqlite.ts';
import { columnsOf } from '../../../src/core/foreign/read/sqlitecolumns.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/foreign/${name}`, import.meta.url)));
const isOurs = (error: unknown) => error instanceof LockstepError && error.code === 'FOREIGN_FILE';

describe('a database of SQLite', () => {
  const database = fixture('flowfile.db');

  it('gives the rows of a table, and of Flowfile the secret that it takes itself', () => {
    assert.deepEqual(
      readTable(database, 'users')?.map((row) => [row.id, row.username]),
      [[7n, 'ada']],
    );
    assert.equal(readTable(database, 'nothing'), undefined);
    const [found, ...more] = readFlowfile(database);
    assert.deepEqual([found?.path, found?.user, more.length], [['db_password'], '7', 0]);
    assert.match(
      found?.value.kind === 'scalar' ? String(Object(found.value.scalar).value) : '',
      /^\$ffsec\$1\$7\$gAAAA.*==$/,
    );
  });

  it('has what was committed to the log beside it, and nothing else', () => {
    const [old, log] = [fixture('flowfile-wal.db'), fixture('flowfile-wal.db-wal')];
    const names = (wal?: Uint8Array) => readFlowfile(old, wal).map(({ path }) => path.join());
    assert.deepEqual(names(), ['db_password']);
    assert.deepEqual(names(log), ['db_password', 'late']);
    const broken = log.slice();
    broken.fill(0x41, 300, 320);
    assert.deepEqual(names(broken), ['db_password'], 'a page whose checksum does not hold was never written whole');
    assert.deepEqual(names(log.slice(0, 40)), ['db_password']);
  });

  it('is refused where it is damaged, and never read without end', () => {
    let refused = 0;
    for (let at = 0; at < database.length; at++) {
      for (const byte of [0x00, 0xff, 0x05]) {
        const copy = database.slice();
        copy[at] = byte;
        try {
          readFlowfile(copy);
        } catch (error) {
          assert.ok(isOurs(error), `${at}: ${error}`);
          refused++;
        }
      }
    }
    assert.ok(refused > 100, String(refused));
    for (let length = 0; length < database.length; length += 7)
      assert.throws(() => readFlowfile(database.slice(0, length)), isOurs, String(length));
  });

  it('takes the columns from the statement that made the table', () => {
    const names = (sql: string) => columnsOf(sql).map(({ name, isRowId }) => name + (isRowId ? '*' : ''));
    assert.deepEqual(names('CREATE TABLE t(a, b TEXT DEFAULT (\'x,y\'), "c ""d" int, [e f], CHECK (a > (1)))'), [
      'a',
      'b',
      'c "d',
      'e f',
    ]);
    assert.deepEqual(names('CREATE TABLE t(id INTEGER PRIMARY KEY -- a, b\n, n TEXT)'), ['id*', 'n']);
    assert.deepEqual(names('CREATE TABLE t(n TEXT, id INTEGER, CONSTRAINT k PRIMARY KEY ("id" ASC))'), ['n', 'id*']);
    assert.deepEqual(names('CREATE TABLE t(a INTEGER, b INTEGER, PRIMARY KEY (a, b))'), ['a', 'b']);
    assert.deepEqual(names('CREATE TABLE t(id INTEGER PRIMARY KEY DESC, c INT PRIMARY KEY)'), ['id', 'c']);
    assert.throws(() => columnsOf('CREATE TABLE t(id TEXT PRIMARY KEY) WITHOUT ROWID'), isOurs);
  });
});
