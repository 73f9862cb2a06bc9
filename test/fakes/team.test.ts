import assert from 'node:assert/strict';
import { open } from '../../src/core/open/open.ts';
import { matchRule, parseConfig } from '../../src/core/rules/rules.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { keyringOf } from '../core/support.ts';
import { personOf, teamOf } from './team.ts';

describe('the repository of a team', () => {
  it('has 200 files of every format that those open whom the rules name', async function () {
    this.timeout(30_000);
    const { files, people, rules } = await teamOf();
    assert.equal(files.length, 200);
    assert.equal(new Set(files.map(({ path }) => path)).size, 200);
    assert.equal(new Set(people.map(({ recipient }) => recipient)).size, 12);
    assert.deepEqual([...new Set(files.map(({ format }) => format))].sort(), [
      'binary',
      'dotenv',
      'ini',
      'json',
      'yaml',
    ]);
    const config = parseConfig(rules);
    const [first, last] = [await keyringOf(people[0]?.identity ?? ''), await keyringOf(people[11]?.identity ?? '')];
    for (const [i, { path, format, environment, bytes }] of files.entries()) {
      const sealed = readSealed(Buffer.from(bytes).toString(), format);
      assert.deepEqual(sealed.metadata.recipients, matchRule(config, path)?.recipients, path);
      if (i % 7 > 0) continue;
      assert.ok((await open(sealed, first)).verdict.ok, path);
      const theirs = await open(sealed, last).catch((error) => error.code);
      if (environment === 'development') assert.ok(theirs.verdict.ok, path);
      else assert.equal(theirs, 'NOT_A_RECIPIENT', path);
    }
    assert.deepEqual(await personOf(3), people[3]);
  });
});
