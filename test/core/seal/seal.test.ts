import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { alice, clock, reopen } from '../support.ts';

const recipients = [alice.recipient];

describe('sealing', () => {
  const thereAndBack = async (source: string, format: FormatId = 'yaml') => {
    const { text } = await seal(source, format, { recipients }, clock);
    return (await unseal(await reopen(text, format))).text;
  };

  it('puts the metadata in line with keys that a `?` stands before', async () => {
    for (const source of ['? k\n: 5\n', '? k\n: 5 # c\n\nplain: none\n', '?   k\n:   3.5\n'])
      assert.equal(await thereAndBack(source), source);
  });

  it('takes away all of a block scalar whose last line is white space', async () => {
    const source = 'a: | # c\n :\n \t\nb: 1\n';
    const { text } = await seal(source, 'yaml', { recipients }, clock);
    const opened = await reopen(text, 'yaml');
    assert.deepEqual(opened.verdict, { ok: true });
    assert.deepEqual(opened.value('[0,"a"]'), { type: 'str', value: ':\n\t\n' });
  });

  it('keeps a comment behind an alias out of the text that takes its place', async () => {
    const source = 'd: &a {x_unencrypted: "1\\n"}\nc:\n- *a # note\n- 1\n';
    const { text } = await seal(source, 'yaml', { recipients }, clock);
    assert.deepEqual((await reopen(text, 'yaml')).value('[0,"c",0,"x_unencrypted"]'), { type: 'str', value: '1\n' });
  });

  for (const kind of ['encrypted_comment_regex', 'unencrypted_comment_regex'] as const) {
    it(`refuses a comment that sops would not see where it chooses what is encrypted: ${kind}`, async () => {
      // go-yaml drops the comment between an empty item and a list in the list.
      const source = 'a:\n    -\n    # marked\n\n    - [x]\n';
      const options = { recipients, selector: makeSelector(kind, 'marked') };
      await assert.rejects(seal(source, 'yaml', options, clock), {
        code: 'UNSUPPORTED_VALUE',
        place: { offset: 13, line: 3, what: 'comment' },
      });
      const other = { recipients, selector: makeSelector(kind, 'nothing') };
      await seal(source, 'yaml', other, clock);
    });
  }
});
