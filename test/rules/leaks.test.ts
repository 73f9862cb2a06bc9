import assert from 'node:assert/strict';
import { stages } from '../run/stages.mjs';
import { readTree } from './tree.ts';

/** Looks at a place where a value must not be. */
const look =
  /assert\.ok\(![^;]*\.(?:includes|some)\(|doesNotMatch\(|\.scan\(|spyReport\(|\.forgets\(|nowhere\(|clipboard\(''\)|clipboard\(\), ''|'an empty clipboard'/;

/** The tests of a text that look for leaks and may be tried again. */
function triedAgain(text: string): string[] {
  if (/^describeLeaks\(/m.test(text) && !/^describe\(/m.test(text)) return [];
  const tests = text.split(/^(?= {2}it(?:Leaks)?\()/m);
  return tests.filter((one) => /^ {2}it\(/.test(one) && look.test(one)).map((one) => one.split('\n')[0]!.trim());
}

/** The calls that give an input again, up to the end of their statement. */
const inputs = (text: string): string[] => {
  const calls = text.matchAll(/^( *).*\b(?:act|clickLens|pressUntil)\((?:.*;$|[\s\S]*?^\1\);)/gm);
  return [...calls].map(([call]) => call);
};

describe('tests that look for leaks', () => {
  const files = readTree(['test/e2e', 'test/mutants'], /\.test\.ts$/);

  it('are never tried again', () => {
    assert.ok(files.size > 10);
    for (const [name, text] of files) assert.deepEqual(triedAgain(text), [], name);
    assert.deepEqual(triedAgain("describe('x', () => {\n  it('y', () => {\n    workbench.scan(a);\n  });\n"), [
      "it('y', () => {",
    ]);
  });

  it('are in a stage without a second try, or one whose leak suites have none', () => {
    const again = stages.filter((stage) => (stage as { retries?: number }).retries);
    assert.deepEqual(
      again.map(({ name }) => name),
      ['e2e'],
    );
    const own = ['test/e2e/leaksuite.ts', 'test/rules/leaks.test.ts'];
    const named = [...readTree(['test'], /\.ts$/)].filter(
      ([name, text]) => !own.includes(name) && /\.retries\(/.test(text),
    );
    assert.deepEqual(
      named.map(([name]) => name),
      ['test/run/leaksuite.test.ts'],
      'test/e2e/leaksuite.ts alone says how often',
    );
  });

  it('do not wait for a leak to go away', () => {
    assert.equal(inputs('    await act(\n      a,\n      b,\n    );\n    c();\n    await act(d, e);\n').length, 2);
    for (const [name, text] of files) {
      assert.doesNotMatch(text, /eventually\(\s*(?:async )?\(\) =>[^,]*(?:\.scan\(|spyReport|sightings)/, name);
      for (const call of inputs(text)) assert.doesNotMatch(call, /\.scan\(|spyReport|sightings|nowhere\(/, name);
    }
  });
});
