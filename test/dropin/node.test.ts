import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { builtSops, Place, sopsPath } from './sops.ts';

const wrapper = process.env.LOCKSTEP_WRAPPER;

/** It takes anything on standard error for a failure. */
const script = `
const { decryptSops, execSops } = require(process.argv[1]);
const fs = require('node:fs');
const got = {};
got.version = execSops(['--version', '--disable-version-check']);
fs.writeFileSync('a.json', '{"a": {"b": 1}, "c": "d"}');
fs.writeFileSync('a.yaml', 'a: b\\nopen_unencrypted: c\\n');
for (const name of ['a.json', 'a.yaml']) {
  const text = execSops(['--encrypt', name]);
  got[name] = text.includes('ENC[');
  fs.writeFileSync('enc-' + name, text);
  got['clear ' + name] = decryptSops('enc-' + name);
}
execSops(['--set', '["open_unencrypted"] "e"', 'enc-a.yaml']);
execSops(['--rotate', '--in-place', 'enc-a.yaml']);
got.changed = decryptSops('enc-a.yaml');
try { decryptSops('a.yaml'); } catch (error) { got.failure = error.stderr.split('\\n')[0]; }
console.log(JSON.stringify(got));
`;

describe('sops-wrapper of npm', () => {
  let program: string;
  before(async function () {
    skipFor(this, missing('npm package', Boolean(wrapper)));
    program = await builtSops();
  });
  after(() => program && rmSync(program, { force: true }));

  it('gets from ours what it gets from sops', () => {
    const got = [sopsPath, program].map((sops) => {
      const place = new Place(sops);
      try {
        place.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
        const { code, out, err } = place.run(process.execPath, ['-e', script, wrapper ?? '']);
        assert.equal(code, 0, err);
        return JSON.parse(out);
      } finally {
        place.dispose();
      }
    });
    assert.deepEqual(got[1], got[0]);
    assert.deepEqual(got[1].changed, { a: 'b', open_unencrypted: 'e' });
    assert.equal(got[1].failure, 'sops metadata not found');
  });
});
