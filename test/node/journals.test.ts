import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '../../src/core/bytes.ts';
import { nodeJournals } from '../../src/node/disk/journals.ts';

describe('the journal of a change of many files, once a process was killed', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-journal-')));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const folder = () => join(root, '.lockstep');
  const journals = () => nodeJournals({}, root, process.platform);
  const beside = '.journal.0123456789abcdef.tmp';

  it('between its two names, is removed under both', async () => {
    await journals().write(root, utf8('journal'));
    linkSync(join(folder(), 'journal'), join(folder(), beside));
    await journals().remove(root);
    assert.equal(existsSync(folder()), false);
  });

  it('before it had its name, goes with the next one', async () => {
    mkdirSync(folder());
    writeFileSync(join(folder(), beside), 'jour');
    assert.equal(await journals().read(root), undefined);
    await journals().write(root, utf8('journal'));
    await journals().remove(root);
    assert.equal(existsSync(folder()), false);
  });

  it('leaves alone what is not ours', async () => {
    const others = ['.journal.old.tmp', 'environments.yaml'];
    mkdirSync(folder());
    for (const name of others) writeFileSync(join(folder(), name), 'theirs');
    await journals().write(root, utf8('journal'));
    await journals().remove(root);
    assert.deepEqual(readdirSync(folder()), others);
  });
});
