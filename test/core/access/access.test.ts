import assert from 'node:assert/strict';
import { type AccessEvent, isExtraction, purposes } from '../../../src/core/access/event.ts';
import { momentOf, wantedOf } from '../../../src/core/access/filter.ts';
import { noticeFile, noticeLine } from '../../../src/core/access/notice.ts';
import { type AccessRecord, type Head, lineOf, noHead, recordOf, tailOf } from '../../../src/core/access/record.ts';
import { asCsv, asJsonLines, plainCell } from '../../../src/core/access/table.ts';
import { check, isTampering } from '../../../src/core/access/verify.ts';
import { hashOf } from '../../../src/core/hash.ts';

const at = new Date('2026-11-27T10:00:00Z');
const event: AccessEvent = { purpose: 'copy', file: '/w/a.yaml', key: 'db.password', by: 'text editor' };

/** Some records in a chain, as lines. */
function chain(count: number, from: Head = noHead): { lines: string[]; head: Head } {
  const lines: string[] = [];
  let head = from;
  for (let i = 0; i < count; i++) {
    const next = lineOf({ ...event, key: `k${i}` }, at, { last: head });
    lines.push(next.line);
    head = next.head;
  }
  return { lines, head };
}

const kinds = (text: string, heads: Head[] = []) =>
  check([{ name: 'a', text }], heads).findings.map(({ kind, line, missing }) =>
    [kind, line, missing].filter((x) => x).join(' '),
  );

describe('a record of the access log', () => {
  it('is a line whose hash anybody can compute', () => {
    const { line, head } = lineOf(event, at, { last: noHead });
    const { hash, ...rest } = JSON.parse(line);
    assert.equal(hash, hashOf(JSON.stringify(rest)));
    assert.deepEqual(head, { n: 1, hash });
    assert.equal(recordOf(line.trimEnd())?.key, 'db.password');
    assert.equal(rest.prev, '0'.repeat(64));
  });

  it('keeps hostile names on its line, and short', () => {
    const { line } = lineOf({ ...event, key: `a\n{"n":2}\u202e`, file: 'x'.repeat(9_000) }, at, { last: noHead });
    assert.equal(line.split('\n').length, 2);
    assert.equal(recordOf(line.trimEnd())?.key, 'a\\u{a}{"n":2}\\u{202e}');
    assert.equal(recordOf(line.trimEnd())?.file?.length, 2_000);
  });

  it('is none when a byte of it is another one, or its shape', () => {
    const line = lineOf(event, at, { last: noHead }).line.trimEnd();
    for (let i = 0; i < line.length; i++)
      assert.equal(recordOf(`${line.slice(0, i)}~${line.slice(i + 1)}`), undefined, `${i}`);
    for (const body of [
      '{"n":1}',
      '{"n":"1","at":"","purpose":"copy","by":"","prev":""}',
      '{"n":1,"at":"","purpose":"x","by":"","prev":""}',
    ])
      assert.equal(recordOf(`${body.slice(0, -1)},"hash":"${hashOf(body)}"}`), undefined, body);
  });

  it('leaves a key to nobody as an extraction that is none', () => {
    assert.deepEqual(
      purposes.filter((purpose) => !isExtraction({ purpose, by: '' })),
      ['unlock', 'grant', 'revoke', 'fault'],
    );
  });
});

describe('the chain of the access log', () => {
  it('is found whole', () => {
    const { lines, head } = chain(5);
    assert.deepEqual(kinds(lines.join(''), [head]), []);
    assert.deepEqual(kinds(''), []);
    // Without its last line end: a writer was stopped between the two.
    assert.deepEqual(kinds(lines.join('').trimEnd(), [head]), []);
  });

  it('shows a record that was changed, removed, moved, repeated or put in', () => {
    const { lines, head } = chain(5);
    const [a = '', b = '', c = '', d = '', e = ''] = lines;
    assert.deepEqual(kinds([a, b, c.replace('k2', 'k9'), d, e].join(''), [head]), ['changed 3', 'gap 4 1']);
    assert.deepEqual(kinds([a, b, d, e].join(''), [head]), ['gap 3 1']);
    assert.deepEqual(kinds([a, c, b, d, e].join(''), [head]), ['gap 2 1', 'gap 3', 'gap 4 1']);
    assert.deepEqual(kinds([a, b, b, c, d, e].join(''), [head]), ['gap 3']);
    assert.deepEqual(kinds([a, 'mine\n', b, c, d, e].join(''), [head]), ['changed 2']);
    assert.deepEqual(kinds([a, '\n', b, c, d, e].join(''), [head]), ['changed 2']);
  });

  it('shows that its beginning or its end is gone', () => {
    const { lines, head } = chain(5);
    assert.deepEqual(kinds(lines.slice(2).join(''), [head]), ['front 1 2']);
    assert.deepEqual(kinds(lines.slice(0, 3).join(''), [head]), ['cut 4 2']);
    assert.deepEqual(kinds('', [head]), ['cut 1 5']);
    assert.deepEqual(kinds(lines.slice(0, 3).join(''), []), [], 'without a head nobody can know');
  });

  it('shows that all of it was made anew', () => {
    const { head } = chain(5);
    const other = lineOf({ ...event, key: 'other' }, at, { last: noHead });
    const made = chain(6, other.head);
    assert.deepEqual(kinds([other.line, ...made.lines].join(''), [head]), ['cut 8']);
  });

  it('tells a writer that was stopped from tampering, at every byte', () => {
    const { lines, head } = chain(2);
    const next = lineOf(event, at, { last: head }).line;
    for (let length = 1; length < next.length - 1; length++) {
      const text = lines.join('') + next.slice(0, length);
      const torn = check([{ name: 'a', text }], [head]);
      assert.deepEqual(
        torn.findings.map(({ kind }) => kind),
        ['torn'],
        `${length}`,
      );
      const { last, rest } = tailOf(text);
      assert.equal(last?.n, 2);
      const after = lineOf(event, at, { last: last ?? noHead, torn: hashOf(rest) });
      const whole = check([{ name: 'a', text: `${text}\n${after.line}` }], [after.head]);
      assert.deepEqual(
        whole.findings.map(({ kind }) => kind),
        ['torn'],
        `${length}`,
      );
      assert.ok(!whole.findings.some(isTampering));
      assert.equal(whole.records.length, 3);
    }
  });

  it('does not take a record that somebody cut for a writer that was stopped', () => {
    const { lines, head } = chain(3);
    const text = lines.join('').slice(0, -20);
    assert.deepEqual(kinds(text, [head]), ['torn 3', 'cut 3 1']);
    assert.deepEqual(kinds(`${lines[0]}${lines[1]?.slice(0, 40)}\n${lines[2]}`, [head]), ['changed 2', 'gap 3 1']);
    assert.deepEqual(kinds(`${lines.join('')}what is this`, [head]), ['changed 4']);
  });

  it('goes on from file to file, and says where it begins', () => {
    const first = chain(3);
    const second = lineOf(event, at, { last: first.head, from: 2 });
    const files = (text: string) => [
      { name: 'old', text },
      { name: 'new', text: second.line },
    ];
    const found = (text: string) =>
      check(files(text), [second.head]).findings.map(({ kind, missing }) => `${kind} ${missing}`);
    assert.deepEqual(found(first.lines.slice(1).join('')), []);
    assert.deepEqual(found(first.lines.slice(2).join('')), ['front 1']);
    assert.deepEqual(
      check([{ name: 'new', text: second.line }], []).findings.map(({ kind }) => kind),
      ['front'],
    );
  });

  it('says again that a fault was found before', () => {
    const fault = lineOf({ purpose: 'fault', key: 'x', by: 'lockstep' }, at, { last: noHead });
    assert.deepEqual(kinds(fault.line), ['noticed 1']);
  });
});

describe('what of the access log is wanted', () => {
  const records = [
    { ...event, n: 1, at: '2026-11-20T10:00:00.000Z', prev: '', hash: '' },
    { purpose: 'unlock', n: 2, by: 'VS Code', at: '2026-11-27T09:00:00.000Z', prev: '', hash: '' },
    { ...event, purpose: 'reveal', file: '/w/B.env', n: 3, at: '2026-11-27T10:00:00.000Z', prev: '', hash: '' },
  ] satisfies AccessRecord[];
  const found = (wanted: Parameters<typeof wantedOf>[1]) => wantedOf(records, wanted).map(({ n }) => n);

  it('is by file, purpose and time', () => {
    assert.deepEqual(found({}), [1, 2, 3]);
    assert.deepEqual(found({ file: 'b.ENV' }), [3]);
    assert.deepEqual(found({ purposes: ['unlock', 'copy'] }), [1, 2]);
    assert.deepEqual(found({ since: momentOf('24h', at) }), [2, 3]);
    assert.deepEqual(found({ since: momentOf('2026-11-20', at), until: momentOf('2026-11-27T10:00Z', at) }), [1, 2]);
    for (const text of ['', 'yesterday', '7', '2026-13-01', '2026-11-27T10:00:00Z; rm', '999999d'])
      assert.equal(momentOf(text, at), undefined, text);
  });

  it('can be a table in which nothing is a formula', () => {
    const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '|x', '%x', '＝1', '"=1"', "'=1"];
    for (const text of hostile) assert.ok(plainCell(text).startsWith("'"), text);
    for (const text of ['db.password', '/w/a.yaml', '', '1']) assert.equal(plainCell(text), text);
    const csv = asCsv([{ ...records[0], key: '=cmd|"/c calc"!A1', purpose: 'copy' } as AccessRecord]);
    assert.equal(
      csv.split('\r\n')[1],
      `"1","2026-11-20T10:00:00.000Z","copy","/w/a.yaml","'=cmd|""/c calc""!A1","text editor","",""`,
    );
  });

  it('can be JSON Lines that are verified again', () => {
    const { lines, head } = chain(3);
    const { records: all } = check([{ name: 'a', text: lines.join('') }], [head]);
    assert.equal(asJsonLines(all), lines.join(''));
  });
});

describe('a notice of an extraction', () => {
  it('is one line, in a file of one person and month', () => {
    assert.equal(noticeFile('ada@laptop', at), 'ada@laptop-2026-11.tsv');
    assert.equal(noticeFile('../../x\n', at), 'x--2026-11.tsv');
    assert.equal(noticeFile('', at), 'somebody-2026-11.tsv');
    assert.equal(noticeLine(event, 'a.yaml', at), '2026-11-27T10:00:00Z\tcopy\ta.yaml\tdb.password\ttext editor\n');
    assert.equal(noticeLine({ ...event, key: '=x\ty\nz' }, 'a.yaml', at).split('\t')[3], "'=x\\u{9}y\\u{a}z");
  });
});
