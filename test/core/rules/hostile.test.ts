import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { plainLeaves } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { boundByCpuTime } from '../shared.ts';

const a = 'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun';

describe('.sops.yaml', () => {
  boundByCpuTime();

  it('refuses patterns whose sum would take minutes to compile, and takes two thousand that people write', function () {
    this.timeout(60_000);
    const rule = (regex: string) => `  - path_regex: '${regex}'\n    age: ${a}\n`;
    const rules = (count: number, regex: string) =>
      `creation_rules:\n${Array.from({ length: count }, (_, i) => rule(`${i}${regex}`)).join('')}`;
    for (const regex of ['a{1000}'.repeat(15), '\\pL'.repeat(1000), 'a'.repeat(19_000)])
      assert.throws(() => parseConfig(rules(1000, regex)), { code: 'BAD_CONFIG' }, regex.slice(0, 10));
    const written = rules(2000, '(^|/)services/billing/secrets/[^/]+\\.enc\\.(ya?ml|json|env)$');
    assert.equal(parseConfig(written).rules?.length, 2000);
  });

  it('refuses a selector and keys that would take minutes together', () => {
    const keys = (count: number, length: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}`.padStart(length, 'x'), 1])));
    const heavy = makeSelector('encrypted_regex', '(?:.?){900}'.repeat(10));
    assert.throws(() => plainLeaves(keys(20, 20_000), 'json', heavy), { code: 'TOO_LARGE' });
    const usual = makeSelector('encrypted_regex', '^(data|stringData|.*[Pp]assword|token)$');
    assert.equal(plainLeaves(keys(50_000, 30), 'json', usual).length, 50_000);
  });
});
