import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId } from '../../../src/core/format/document.ts';
import { binaryFile } from './binary.ts';
import { dotenvFile } from './dotenv.ts';
import { iniFile } from './ini.ts';
import { jsonFile } from './json.ts';
import { inLanes, least, summary, tally } from './lanes.ts';
import { type Case, edit, extraction, type Operation, rotation, set, unset } from './operations.ts';
import { anyText, rule } from './words.ts';
import { yamlFile } from './yaml.ts';

const files: Readonly<Record<FormatId, fc.Arbitrary<string>>> = {
  yaml: yamlFile,
  json: jsonFile,
  dotenv: dotenvFile,
  ini: iniFile,
  binary: binaryFile,
};
/** How many cases of a hundred each format has. */
const shares: Readonly<Record<FormatId, number>> = { yaml: 45, json: 20, dotenv: 15, ini: 15, binary: 5 };

const operations: readonly [name: string, count: number, operation: Operation][] = [
  ['set', 250, set],
  ['unset', 150, unset],
  ['edit', 250, edit],
  ['rotate', 130, rotation],
  ['decrypt --extract', 120, extraction],
];

describe('the same operation on the same encrypted file, by us and by sops', function () {
  this.timeout(3_600_000);
  const checked = tally();
  after(() => console.log(`      ${summary()}`));

  for (const [name, count, operation] of operations) {
    for (const format of Object.keys(files) as FormatId[]) {
      // There is only one entry, and it cannot go.
      if (format === 'binary' && operation === unset) continue;
      const cases: fc.Arbitrary<Case> = fc.record({
        source: files[format],
        other: files[format],
        rule,
        bySops: fc.boolean(),
        which: fc.nat(1000),
        value: fc.oneof(anyText, fc.integer({ min: -99_999, max: 99_999 }), fc.boolean()),
      });
      it(`${name}, ${format}`, () =>
        inLanes((count * shares[format]) / 100, cases, (one, sops) => operation(format, one, sops)));
    }
  }

  it(`${least.operations} cases at least`, () => assert.ok(checked() >= least.operations, `${checked()}`));
});
