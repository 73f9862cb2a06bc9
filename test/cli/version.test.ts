import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sopsLevel, version } from '../../src/cli/version.ts';
import { sopsVersion } from '../../src/core/sops/metadata.ts';
import { root } from '../core/shared.ts';

describe('the version of the command line', () => {
  it('is that of the package, and of the files', () => {
    assert.equal(version, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
    assert.equal(sopsLevel, sopsVersion);
  });
});
