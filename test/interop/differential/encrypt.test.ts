import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId } from '../../../src/core/format/document.ts';
import { binaryFile } from './binary.ts';
import { compareEncryption } from './compare.ts';
import { dotenvFile } from './dotenv.ts';
import { iniFile } from './ini.ts';
import { jsonFile } from './json.ts';
import { inLanes, least, summary, tally } from './lanes.ts';
import { rule } from './words.ts';
import { yamlFile } from './yaml.ts';

const files: readonly [FormatId, number, fc.Arbitrary<string>][] = [
  ['yaml', 500, yamlFile],
  ['json', 200, jsonFile],
  ['dotenv', 150, dotenvFile],
  ['ini', 200, iniFile],
  ['binary', 50, binaryFile],
];

describe('the same plain file, encrypted here and by sops', function () {
  this.timeout(3_600_000);
  const checked = tally();
  after(() => console.log(`      ${summary()}`));

  for (const [format, count, sources] of files) {
    it(`${format}: sops reads the same from both, we read its file, both refuse the same`, () =>
      inLanes(count, fc.record({ source: sources, rule }), (one, sops) => compareEncryption(format, one, sops)));
  }

  it(`${least.encrypt} cases at least`, () => assert.ok(checked() >= least.encrypt, `${checked()}`));

  it('the files of this folder together check 2,000 cases', () => {
    const all = Object.values(least).reduce((sum, count) => sum + count, 0);
    assert.ok(all >= 2000, `${all}`);
  });
});
