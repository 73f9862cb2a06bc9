import assert from 'node:assert/strict';
import type { Call } from '../../../src/cli/call.ts';
import type { Io } from '../../../src/cli/io.ts';
import { keyringOf } from '../../../src/cli/keys/keyring.ts';
import { start } from '../../../src/cli/run/running.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { alice, opensFor } from '../../core/support.ts';

describe('the private keys of a run', () => {
  it('are kept for its next file, and wiped before a program starts', async () => {
    const enc = await wrapKey(new Uint8Array(32), alice.recipient);
    let atStart: Promise<unknown> | undefined;
    const io = {
      env: { SOPS_AGE_KEY: alice.identity },
      home: '/nowhere',
      platform: 'linux',
      spawn: () => {
        atStart = opener.unwrap({ kind: 'age', name: alice.recipient, enc });
        atStart.catch(() => undefined);
      },
    };
    const call = { io: io as unknown as Io } as Call;
    const opener = (await keyringOf(call).openers())[0] ?? assert.fail();
    assert.ok(await opensFor(opener, alice.recipient));
    assert.equal((await keyringOf(call).openers())[0], opener);
    start(call, { program: 'x', args: [], verbatim: false }, {});
    assert.ok(atStart);
    await assert.rejects(atStart, { code: 'NO_IDENTITY' });
  });
});
