import assert from 'node:assert/strict';
import { cleanUp, show, textsOf, undo } from './editors.ts';
import { Folder, sealed, valuesOf } from './files.ts';
import { newKey, onlyKey } from './keys.ts';
import { assertUnseen, run, start } from './support.ts';

const yaml = 'a: canary-a # why\nb:\n  - canary-b\n  - 5\nc_unencrypted: clear\n';

describe('rotate the data key', () => {
  before(start);
  afterEach(cleanUp);

  it('gives every value a new ciphertext in one undo step, for the same people', async () => {
    const mine = await onlyKey();
    const other = await newKey();
    const folder = new Folder({ 'a.yaml': await sealed('a.yaml', yaml, [mine, other]) });
    const { document } = await show(folder.uri('a.yaml'));
    const before = document.getText();
    const values = await valuesOf('a.yaml', before, mine);
    let asked: string[] = [];
    const texts = await textsOf(document.uri, async () => {
      asked = await run('rotateDataKey', { confirm: true });
    });
    assertUnseen('canary', ...asked, ...texts);
    assert.match(asked.join(), /^Give .*a\.yaml a new data key\?\nAll values are encrypted anew, for you and age1/);
    const after = document.getText();
    for (const key of [mine, other]) assert.deepEqual(await valuesOf('a.yaml', after, key), values);
    const sealedParts = (text: string) => text.match(/data:[^,]+,iv:[^,]+/g) ?? [];
    const old = new Set(sealedParts(before));
    assert.ok(old.size >= 4);
    assert.deepEqual(
      sealedParts(after).filter((part) => old.has(part)),
      [],
    );
    assert.match(after, /^c_unencrypted: clear$/m);
    await undo();
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
  });

  it('does nothing without a yes', async () => {
    const folder = new Folder({ 'a.yaml': await sealed('a.yaml', yaml, [await onlyKey()]) });
    const { document } = await show(folder.uri('a.yaml'));
    assert.equal((await run('rotateDataKey')).length, 1);
    assert.equal(document.isDirty, false);
  });
});
