import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../core/shared.ts';
import { describeUnless, windows } from '../../skip.ts';
import { Lab } from '../lab.ts';

describeUnless(windows, 'a file whose only keys are in a gpg without them', () => {
  let lab: Lab;
  before(() => {
    lab = new Lab();
    copyFileSync(join(root, 'test/fixtures/pgp/format.enc.env'), join(lab.folder, 'pgp.env'));
  });
  after(() => lab.dispose());

  it('says so, once', async () => {
    const { code, out, err } = await lab.run(['decrypt', 'pgp.env'], { env: { SOPS_GPG_EXEC: '/bin/true' } });
    assert.deepEqual([code, out], [128, '']);
    assert.equal(err.split('GnuPG has no secret key for it.').length, 2, err);
    assert.match(
      err,
      /^lockstep: pgp\.env: None of your keys can open this file\. GnuPG .*\.\ngpg --list-secret-keys /m,
    );
  });
});
