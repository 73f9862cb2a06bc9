import assert from 'node:assert/strict';
import { engineForBrowsers, foundAs, namesOfNode } from './browser.ts';

describe('the engine for browsers', function () {
  this.timeout(60_000);

  it('is built with nothing of Node in it', async () => {
    const { errors, files, code } = await engineForBrowsers();
    assert.deepEqual(errors, []);
    assert.ok(files.length > 200, `${files.length} files`);
    assert.deepEqual(
      files.filter((file) => /^src\/(node|cli)\//.test(file)),
      [],
    );
    const lines = code.split('\n');
    const of = (part: string) => lines.filter((line) => line.includes(part));
    for (const name of namesOfNode) assert.deepEqual(of(foundAs(name)), []);
    // A timer is a number there.
    assert.deepEqual(of('.unref('), []);
  });
});
