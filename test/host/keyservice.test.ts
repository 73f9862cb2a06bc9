import assert from 'node:assert/strict';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import * as vscode from 'vscode';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { socketsFor } from '../../src/node/agent/place.ts';
import { agentText } from '../../src/node/keyservice/words.ts';
import { keyRequest } from '../node/keyservice/request.ts';
import { skipFor, windows } from '../skip.ts';
import { cleanUp } from './editors.ts';
import { Folder, sealed } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { found, person, run, start, unlock } from './support.ts';

describe('the key service of a window', () => {
  let key: Key;
  let enc: string;
  let path: string;

  before(async function () {
    skipFor(this, windows);
    await start();
    key = await onlyKey();
    const folder = new Folder({ 'a.yaml': await sealed('a.yaml', 'a: canary-a\n', [key]) });
    const metadata = readSealed(folder.text('a.yaml'), 'yaml').metadata;
    enc = metadata.groups[0]?.[0]?.enc ?? assert.fail('no key');
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail('no folder');
    const around = { env: process.env, platform: process.platform };
    path = (await found('a socket', () => socketsFor(around, [root])[0])).replace(/\.sock$/, '.sops.sock');
  });
  after(async () => {
    await unlock();
    await cleanUp();
  });

  /** What a program gets that speaks as sops does: the length of a data key, or the status and its text. */
  function ask(): Promise<number | readonly [status, string]> {
    const client = new Client(`unix:${path}`, credentials.createInsecure());
    const same = (bytes: Buffer) => bytes;
    const message = keyRequest(key.recipient, enc);
    return new Promise((resolve) => {
      client.makeUnaryRequest(
        '/KeyService/Decrypt',
        same,
        same,
        message,
        (error: ServiceError | null, answer?: Buffer) => {
          client.close();
          resolve(error ? [error.code, error.details] : (answer?.length ?? 0) - 2);
        },
      );
    });
  }

  it('asks about the file before it opens its data key', async () => {
    const asked = await person({ choose: 'Allow Once' });
    assert.equal(await ask(), 32);
    assert.match(asked.join('\n'), /a\.yaml/);
  });

  it('gives nothing when the answer is no, and when it is locked', async () => {
    await person({});
    assert.deepEqual(await ask(), [status.PERMISSION_DENIED, agentText('DENIED')]);
    await run('lock');
    assert.deepEqual(await ask(), [status.UNAVAILABLE, agentText('LOCKED')]);
  });
});
