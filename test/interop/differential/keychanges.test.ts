import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId } from '../../../src/core/format/document.ts';
import { binaryFile } from './binary.ts';
import { dotenvFile } from './dotenv.ts';
import { iniFile } from './ini.ts';
import { jsonFile } from './json.ts';
import { compareKeys } from './keychanges.ts';
import { type KeyCase, keyOperations, keyWishes } from './keyoperations.ts';
import { inLanes, least, summary, tally } from './lanes.ts';
import { rule } from './words.ts';
import { yamlFile } from './yaml.ts';

/** How many cases of each operation a format has. */
const files: readonly [FormatId, number, fc.Arbitrary<string>][] = [
  ['yaml', 8, yamlFile],
  ['json', 8, jsonFile],
  ['dotenv', 4, dotenvFile],
  ['ini', 4, iniFile],
  ['binary', 4, binaryFile],
];

describe('the same change of keys in the same encrypted file, by us and by sops', function () {
  this.timeout(3_600_000);
  const checked = tally();
  let compared = 0;
  after(() => console.log(`      ${summary()}`));

  for (const [name, operation] of Object.entries(keyOperations)) {
    for (const [format, count, sources] of files) {
      const cases: fc.Arbitrary<KeyCase> = fc.record({ source: sources, rule, bySops: fc.boolean(), ...keyWishes });
      it(`${name}, ${format}`, () =>
        inLanes(count, cases, async (one, sops) => {
          if (await compareKeys(operation, format, one, sops)) compared++;
        }));
    }
  }

  it(`${least.keychanges} cases at least`, () => assert.ok(checked() >= least.keychanges, `${checked()}`));

  it('in most of them there is a file that both can work on', () =>
    assert.ok(compared >= checked() / 2, `${compared} of ${checked()}`));
});
