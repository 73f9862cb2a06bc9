import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { alice } from '../core/support.ts';
import { builtSops, Place, sopsPath } from '../dropin/sops.ts';
import { describeUnless, windows } from '../skip.ts';

describeUnless(windows, 'exec-file in the background', () => {
  let program: string;
  before(async () => {
    program = await builtSops();
  });
  after(() => program && rmSync(program, { force: true }));

  const text = 'A=kanari~file\n';
  const placeOf = (sops: string) => {
    const place = new Place(sops);
    place.write('a.env', text);
    assert.equal(place.sops(['encrypt', '-i', '--age', alice.recipient, 'a.env']).code, 0);
    return place;
  };
  /** What the program in the background had, once it has ended. */
  const got = async (place: Place) => {
    while (!existsSync(join(place.folder, 'done'))) await pause(20);
    return place.read('got');
  };
  const waiting = 'while ! test -e go; do sleep 0.05; done; cat {} > got; touch done';

  it('has no file with sops, once sops has ended', async () => {
    const place = placeOf(sopsPath);
    try {
      assert.equal(place.sops(['exec-file', '--no-fifo', '--background', 'a.env', waiting]).code, 0);
      place.write('go', '');
      assert.equal(await got(place), '');
    } finally {
      place.dispose();
    }
  });

  it('is refused with what to write in its place, which works', async () => {
    const place = placeOf(program);
    try {
      const { code, err } = place.sops(['exec-file', '--background', 'a.env', 'true']);
      assert.equal(code, 1);
      assert.match(err, /exec-file FILE 'COMMAND' &/);
      place.run('sh', ['-c', 'sops exec-file --no-fifo a.env "$1" > /dev/null 2>&1 &', 'sh', waiting]);
      place.write('go', '');
      assert.equal(await got(place), text);
    } finally {
      place.dispose();
    }
  });
});
