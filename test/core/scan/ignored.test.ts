import assert from 'node:assert/strict';
import { NotSecrets, withIgnored } from '../../../src/core/scan/ignored.ts';
import { cpuTime } from '../shared.ts';

const finding = { rule: 'jwt', name: 'token', start: 0, end: 9 };
const line = (path: string, rule = 'jwt', name = 'token') => `${path} | ${rule} | ${name} | 2026-11-27 | a reason\n`;

describe('what is no secret', () => {
  it('is what a line says: its path, rule and name', () => {
    for (const [pattern, path, is] of [
      ['a/b.ts', 'a/b.ts', true],
      ['a/*.ts', 'a/b.ts', true],
      ['a/*.ts', 'a/c/b.ts', false],
      ['a/**', 'a/c/b.ts', true],
      ['**/b.ts', 'a/c/b.ts', true],
      ['**/b.ts', 'b.ts', true],
      ['**/b.ts', 'a/xb.ts', false],
      ['a/**/b.ts', 'a/c/d/b.ts', true],
      ['a.b', 'axb', false],
      ['a?b', 'a/b', false],
      ['', 'a', false],
    ] as const)
      assert.equal(new NotSecrets(line(pattern)).has(path, finding), is, `${pattern} ${path}`);
    assert.ok(new NotSecrets(line('*', '*', '*')).has('a', finding));
    assert.ok(!new NotSecrets(line('*', 'aws', '*')).has('a', finding));
    assert.ok(!new NotSecrets(line('*', '*', 'other')).has('a', finding));
  });

  it('needs a day and a reason', () => {
    for (const text of [
      'a | jwt | token |  | x',
      'a | jwt | token | 2026-11-27 |',
      'a | jwt | token',
      '# a | jwt | token | 2026-11-27 | x',
    ])
      assert.ok(!new NotSecrets(text).has('a', finding), text);
  });

  it('is written so that it is read back, whatever the path and the reason are', () => {
    const [path, reason] = ['we|ird *?.ts', 'one\ntwo | three'];
    const text = withIgnored(undefined, { path, rule: 'jwt', name: 'token', date: '2026-11-27', reason });
    assert.ok(new NotSecrets(text).has(path, finding));
    assert.equal(
      withIgnored(text, { path, rule: 'jwt', name: '-', date: '2026-11-27', reason }).trimEnd().split('\n').length,
      4,
    );
  });

  it('is decided in a time that no pattern makes long', () => {
    const before = cpuTime();
    assert.ok(!new NotSecrets(line(`${'**a'.repeat(200)}b`)).has('a'.repeat(1000), finding));
    assert.ok(cpuTime() - before < 1000);
  });
});
