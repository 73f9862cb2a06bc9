import assert from 'node:assert/strict';
import { describeLeaks } from '../e2e/leaksuite.ts';
import { Copy, type Ran } from './copy.ts';
import { type Narrow, narrow } from './narrow.ts';

/**
 * Each protection is taken out in a copy of the project, one after the other, and the tests that ought to notice are run
 * there. One of them has to fail, and for the right reason. Before, they pass in the copy as it is.
 */
describeLeaks('with a protection taken out, its tests fail', () => {
  const copies: Copy[] = [];
  const passed = new Map<string, Promise<Ran>>();
  const results = new Map<Narrow, Promise<Ran>>();

  before(() => {
    copies.push(new Copy('even'), new Copy('odd'));
  });
  after(() => {
    for (const copy of copies) copy.remove();
  });

  /** The tests as they are, once for all mutants of the same tests. */
  const untouched = (copy: Copy, { tests, grep }: Narrow): Promise<Ran> => {
    const key = JSON.stringify([tests, grep]);
    const ran = passed.get(key) ?? copy.run(tests, grep);
    passed.set(key, ran);
    return ran;
  };
  /** Two at a time: the next one is begun in the other copy. */
  const begin = (at: number): Promise<Ran> => {
    const mutant = narrow[at] as Narrow;
    const work = async (copy: Copy) => {
      const before = await untouched(copy, mutant);
      assert.deepEqual(before.failures, [], 'the tests do not pass as they are');
      assert.ok(before.passed > 0, 'no test is run');
      return copy.without(mutant, () => copy.run(mutant.tests, mutant.grep));
    };
    const ran = results.get(mutant) ?? work(copies[at % 2] as Copy);
    results.set(mutant, ran);
    ran.catch(() => undefined);
    return ran;
  };

  for (const [at, mutant] of narrow.entries()) {
    it(mutant.name, async () => {
      const now = begin(at);
      if (at + 1 < narrow.length) begin(at + 1);
      const { failures } = await now;
      const found = failures.map(({ title, error }) => `${title}: ${error}`);
      assert.ok(found.length > 0, 'it survives: no test notices');
      assert.ok(
        found.some((one) => mutant.noticed.test(one)),
        `noticed, but not for the right reason:\n${found.join('\n')}`,
      );
    });
  }
});
