import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../../src/core/errors.ts';
import { withEntryRenamed, withFileRenamed, withTerm } from '../../../src/core/policy/edit.ts';
import { isDay, readPolicy } from '../../../src/core/policy/policy.ts';
import { staleIn } from '../../../src/core/policy/stale.ts';

const text = `# Agreed in March.
config/prod.yaml: # production
  # Rotated by hand.
  database.password:
    owner: Maria # since 2025
    expires: 2027-03-01
  'api["a.b"]': { owner: Ada, expires: "2026-11-30" }
  "*":
    owner: platform team

.env:
  A:
    expires: 2026-11-21
`;

const bad = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof LockstepError && error.code === 'BAD_POLICY', String(error));
    return error.place.line;
  }
  return assert.fail('not refused');
};

describe('the policy of a repository', () => {
  it('names owners and expiry dates, an entry before every other', () => {
    const policy = readPolicy(text);
    const of = (file: string, entry: string) => {
      const { owner, expires } = policy.of(file, entry);
      return [owner, expires];
    };
    assert.deepEqual(of('config/prod.yaml', 'database.password'), ['Maria', '2027-03-01']);
    assert.deepEqual(of('config/prod.yaml', 'api["a.b"]'), ['Ada', '2026-11-30']);
    assert.deepEqual(of('config/prod.yaml', 'other'), ['platform team', undefined]);
    assert.deepEqual(of('.env', 'A'), [undefined, '2026-11-21']);
    assert.deepEqual(of('none', 'A'), [undefined, undefined]);
    assert.deepEqual(policy.faults, []);
    const everywhere = readPolicy('"*": { "*": { owner: all } }\n.env: { A: { expires: 2026-11-21 } }\n');
    assert.equal(everywhere.of('.env', 'A').owner, 'all');
  });

  it('reads no policy, an empty one and one of comments alike', () => {
    for (const none of [undefined, '', '# nothing\n', '{}\n']) {
      assert.deepEqual(readPolicy(none).entries, []);
      assert.deepEqual(readPolicy(none).of('a', 'b'), { owner: undefined, expires: undefined });
    }
    assert.equal(readPolicy('a:\n  b:\n').entries.length, 1);
  });

  it('finds dates that are none, fields that there are not, and values of the wrong kind', () => {
    const wrong = readPolicy(`a:
  b: { expires: 2026-02-30 }
  c: { expires: tomorrow, owner: Ada }
  d: { expire: 2026-02-28 }
  e: { owner: [Ada] }
  f: { expires: 2026-11-21T00:00:00Z }
`);
    assert.deepEqual(
      wrong.faults.map(({ what, entry, line }) => [what, entry, line]),
      [
        ['date', 'b', 2],
        ['date', 'c', 3],
        ['field', 'd', 4],
        ['kind', 'e', 5],
        ['date', 'f', 6],
      ],
    );
    assert.equal(wrong.of('a', 'c').owner, 'Ada', 'the rest counts');
    for (const day of ['2026-1-1', '2026-13-01', '2026-02-30', '', '20260101', '2026-01-01 '])
      assert.ok(!isDay(day), day);
    assert.ok(isDay('2028-02-29'));
  });

  it('refuses what is no policy, with the line', () => {
    assert.equal(
      bad(() => readPolicy('a:\n  b: c\n')),
      2,
    );
    assert.equal(
      bad(() => readPolicy('- a\n')),
      1,
    );
    assert.equal(
      bad(() => readPolicy('a: {}\nb: [\n')),
      3,
    );
    assert.equal(
      bad(() => readPolicy('a: {}\na: {}\n')),
      2,
    );
    assert.equal(
      bad(() => readPolicy('a: &x\n  b: {}\nc: *x\n')),
      3,
    );
    assert.equal(
      bad(() => readPolicy('a: {}\n---\nb: {}\n')),
      1,
    );
    assert.equal(
      bad(() => readPolicy('a: {}\nsops:\n  mac: x\n')),
      1,
    );
  });

  it('changes one entry and keeps every other character', () => {
    const changed = withTerm(text, 'config/prod.yaml', 'database.password', { owner: 'Zoë', expires: '2028-01-31' });
    assert.equal(changed, text.replace('Maria', 'Zoë').replace('2027-03-01', '2028-01-31'));
    const without = withTerm(text, 'config/prod.yaml', 'database.password', { owner: 'Maria', expires: undefined });
    assert.equal(without, text.replace('    expires: 2027-03-01\n', ''));
    const added = withTerm(text, '.env', 'B', { owner: 'Ada', expires: '2027-01-01' });
    assert.equal(added, `${text}  B:\n    owner: Ada\n    expires: "2027-01-01"\n`);
    const gone = withTerm(text, '.env', 'A', { owner: undefined, expires: undefined });
    assert.deepEqual(readPolicy(gone).entries.length, 3);
    assert.ok(gone.startsWith(text.slice(0, text.indexOf('\n.env'))));
    const file = withTerm(text, 'new file.json', 'x y', { owner: 'Ada', expires: undefined });
    assert.ok(file.startsWith(text));
    assert.equal(readPolicy(file).of('new file.json', 'x y').owner, 'Ada');
  });

  it('begins with a text that explains itself', () => {
    for (const none of [undefined, '']) {
      const made = withTerm(none, 'a.env', 'A', { owner: 'Ada', expires: '2027-01-01' });
      assert.match(made, /^# Who owns a secret.*\n#.*\na\.env:\n {2}A:\n {4}owner: Ada\n {4}expires: "2027-01-01"\n$/);
    }
    assert.equal(withTerm('# mine', 'a', 'b', { owner: 'c', expires: undefined }), '# mine\na:\n  b:\n    owner: c\n');
    assert.equal(withTerm('a:\n', 'a', 'b', { owner: 'c', expires: undefined }), 'a:\n  b:\n    owner: c\n');
  });

  it('follows new names of entries and files, and no further than it names them', () => {
    const renamed = withEntryRenamed(text, 'config/prod.yaml', 'database.password', 'db.password');
    assert.equal(renamed, text.replace('database.password', 'db.password'));
    assert.equal(withFileRenamed(text, '.env', 'app/.env'), text.replace('.env:', 'app/.env:'));
    assert.equal(withEntryRenamed(text, '.env', 'B', 'C'), text);
    assert.equal(
      withEntryRenamed(text, 'config/prod.yaml', 'database.password', 'api["a.b"]'),
      text,
      'the other is there',
    );
  });

  it('holds every name and owner that there can be', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((one) => one.trim() === one && one !== '' && !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(name, name, name, (file, entry, owner) => {
        try {
          const made = withTerm(text, file, entry, { owner, expires: '2027-01-01' });
          assert.equal(readPolicy(made).of(file, entry).owner, owner);
          for (const line of text.split('\n')) assert.ok(made.includes(line));
        } catch (error) {
          assert.ok(error instanceof LockstepError && error.code === 'BAD_POLICY', String(error));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('refuses an expiry that is no day, and what it cannot change', () => {
    bad(() => withTerm(text, '.env', 'A', { owner: undefined, expires: 'tomorrow' }));
    bad(() => withTerm('a:\n  b: { owner: [x] }\n', 'a', 'b', { owner: 'c', expires: undefined }));
    bad(() => withTerm('- a\n', 'a', 'b', { owner: 'c', expires: undefined }));
  });
});

describe('what is stale', () => {
  const secrets = [
    { file: 'config/prod.yaml', entry: 'database.password' },
    { file: 'config/prod.yaml', entry: 'other' },
    { file: '.env', entry: 'A' },
    { file: '.env', entry: 'B' },
  ];
  const on = (today: string, policy = text) =>
    staleIn(readPolicy(policy), secrets, today).map(({ why, file, entry, days, line }) =>
      [why, file, entry, days ?? line].join(' ').trim(),
    );

  it('is what is overdue, due, wrong, gone, or without an owner', () => {
    assert.deepEqual(on('2026-11-21'), [
      'overdue .env A 0',
      'gone config/prod.yaml api["a.b"] 7',
      'no-owner .env A 0',
      'no-owner .env B',
    ]);
    assert.deepEqual(on('2026-11-20')[0], 'due .env A 1');
    assert.deepEqual(on('2026-11-07')[0], 'due .env A 14');
    assert.equal(on('2026-11-06')[0]?.startsWith('gone'), true);
    assert.deepEqual(on('2027-03-02').slice(0, 2), [
      'overdue .env A -101',
      'overdue config/prod.yaml database.password -1',
    ]);
    assert.ok(on('2026-11-21', 'gone.yaml: { a: { owner: x }, "*": { owner: y } }\n').includes('gone gone.yaml * 1'));
    assert.deepEqual(on('2026-11-21', '"*": { "*": { owner: x } }\n'), []);
    assert.ok(on('2026-11-21', '.env: { A: { expires: never } }\n').includes('date .env A 1'));
  });
});
