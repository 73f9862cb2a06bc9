import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import type { AgentAnswer, AgentCode, AgentRequest } from '../../../src/core/agent/protocol.ts';
import type { KeyKind } from '../../../src/core/sops/kinds.ts';
import { type OpenKeyService, openKeyService } from '../../../src/node/keyservice/listen.ts';
import { type KeyRequest, readRequest, writeAnswer } from '../../../src/node/keyservice/messages.ts';
import { keyServiceText } from '../../../src/node/keyservice/words.ts';
import { alice, bob, openerOf } from '../../core/support.ts';
import { skipFor, windows } from '../../skip.ts';
import { field, keyRequest } from './request.ts';

const dataKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

/** What a client gets: the bytes, or the status and its text. */
type Got = { readonly bytes: Buffer } | { readonly code: status; readonly text: string };

function ask(uri: string, name: 'Decrypt' | 'Encrypt', message: Buffer): Promise<Got> {
  const client = new Client(uri, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      `/KeyService/${name}`,
      same,
      same,
      message,
      (error: ServiceError | null, answer?: Buffer) => {
        client.close();
        if (error) resolve({ code: error.code, text: error.details });
        else resolve({ bytes: answer?.subarray(2) ?? Buffer.alloc(0) });
      },
    );
  });
}

describe('the key service', () => {
  let folder: string;
  let path: string;
  let service: OpenKeyService | undefined;
  let answer: (asked: AgentRequest) => Promise<AgentAnswer>;
  const words = keyServiceText;
  const open = (idle?: number) => openKeyService({ path }, (asked) => answer(asked), idle);
  let given: Uint8Array[];

  before(function () {
    skipFor(this, windows);
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-keys-'));
    chmodSync(folder, 0o700);
    path = join(folder, 'a b,c.sock');
    given = [];
    const opener = await openerOf(alice.identity);
    answer = async ({ keys: [wanted] }) => {
      assert.ok(wanted && 'enc' in wanted);
      const key = await opener.unwrap({ kind: 'age', name: wanted.recipient ?? '', enc: wanted.enc });
      if (key) given.push(key);
      return { keys: [key && { key, recipient: opener.recipient }] };
    };
    service = await open();
  });
  afterEach(() => {
    service?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const decrypt = (enc: string, recipient = alice.recipient) => ask(uri(), 'Decrypt', keyRequest(recipient, enc));
  const uri = () => `unix:${path}`;

  it('opens data keys, and keeps none', async () => {
    const got = await decrypt(await wrapKey(dataKey, alice.recipient));
    assert.deepEqual(got, { bytes: dataKey });
    assert.deepEqual(
      given.map((key) => [...new Set(key)]),
      [[0]],
    );
    assert.equal(service?.uri, `unix://${folder}/a%20b%2Cc.sock`);
  });

  it('wraps data keys for anybody, and asks nobody', async () => {
    answer = () => assert.fail('nobody is asked');
    const got = await ask(uri(), 'Encrypt', keyRequest(bob.recipient, dataKey));
    const enc = 'bytes' in got ? got.bytes.toString() : assert.fail(got.text);
    const text = enc.slice(enc.indexOf('-----BEGIN'));
    const opened = await (await openerOf(bob.identity)).unwrap({ kind: 'age', name: '', enc: text });
    assert.deepEqual(Buffer.from(opened ?? []), dataKey);
    const bad = await ask(uri(), 'Encrypt', keyRequest('age1nobody', dataKey));
    assert.deepEqual(bad, { code: status.INVALID_ARGUMENT, text: words({ code: 'BAD_RECIPIENT' }) });
  });

  it('says in words why it gives no key', async () => {
    const enc = await wrapKey(dataKey, alice.recipient);
    const codes = [
      'DENIED',
      'NO_ANSWER',
      'UNTRUSTED',
      'NOT_MINE',
      'BAD_MESSAGE',
      'LOCKED',
      'CLOSED',
      'BUSY',
      'FAILED',
    ] as const;
    const away: readonly AgentCode[] = ['LOCKED', 'CLOSED', 'BUSY', 'FAILED'];
    for (const code of codes) {
      answer = async () => ({ code });
      const wrong = code === 'BAD_MESSAGE' ? status.INVALID_ARGUMENT : status.PERMISSION_DENIED;
      assert.deepEqual(await decrypt(enc), {
        code: away.includes(code) ? status.UNAVAILABLE : wrong,
        text: words({ code }),
      });
    }
    answer = async () => ({ keys: [undefined] });
    assert.deepEqual(await decrypt(enc), { code: status.PERMISSION_DENIED, text: words({ code: 'NOT_MINE' }) });
    answer = () => Promise.reject(new Error('canary'));
    const failed = await decrypt(enc);
    assert.ok(
      'code' in failed && failed.code === status.UNAVAILABLE && !failed.text.includes('canary'),
      JSON.stringify(failed),
    );
  });

  it('refuses keys of other kinds, and what is no request', async () => {
    answer = () => assert.fail('nobody is asked');
    const foreign: Readonly<Record<number, KeyKind>> = {
      1: 'kms',
      2: 'pgp',
      3: 'gcp_kms',
      4: 'azure_kv',
      5: 'hc_vault',
      7: 'hckms',
    };
    for (const kind of [1, 2, 3, 4, 5, 7, 9])
      for (const name of ['Decrypt', 'Encrypt'] as const)
        assert.deepEqual(await ask(uri(), name, keyRequest('x', 'y', kind)), {
          code: status.UNIMPLEMENTED,
          text: words({ code: 'FOREIGN_KIND', kind: foreign[kind] }),
        });
    const bad = await ask(uri(), 'Decrypt', Buffer.from([0x0a, 0x7f, 1]));
    assert.deepEqual(bad, { code: status.INVALID_ARGUMENT, text: 'This is no request of SOPS.' });
    const binary = await decrypt(Buffer.from([0xff, 0xfe]) as unknown as string);
    assert.equal('code' in binary && binary.code, status.INVALID_ARGUMENT);
    const huge = await ask(uri(), 'Decrypt', Buffer.alloc(200 * 1024));
    assert.equal('code' in huge && huge.code, status.RESOURCE_EXHAUSTED);
  });

  it('answers a hundred programs at once, each with its own key', async () => {
    const keys = Array.from({ length: 100 }, (_, i) => Buffer.alloc(32, i));
    const wrapped = await Promise.all(keys.map((key) => wrapKey(key, alice.recipient)));
    const got = await Promise.all(wrapped.map((enc) => decrypt(enc)));
    assert.deepEqual(
      got,
      keys.map((bytes) => ({ bytes })),
    );
  });

  it('lets no other user in, takes the place of a socket that is dead, and of no other', async () => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(await open(), undefined, 'it is alive');
    service?.close();
    const { createServer } = await import('node:net');
    const dead = createServer().listen(path);
    await new Promise((resolve) => dead.once('listening', resolve));
    // As a process that is killed leaves it: the file stays.
    (dead as unknown as { _handle: { close(): void } })._handle.close();
    service = await open();
    assert.ok(service);
    assert.deepEqual(await decrypt(await wrapKey(dataKey, alice.recipient)), { bytes: dataKey });
  });

  it('sends away a client that hangs, and survives those that go', async () => {
    service?.close();
    service = await open(200);
    const quiet = createConnection(path);
    const half = createConnection(path);
    half.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const junk = createConnection(path);
    junk.write(Buffer.alloc(10_000, 7));
    const started = Date.now();
    for (const socket of [quiet, half, junk]) socket.on('error', () => undefined);
    await Promise.all(
      [quiet, half, junk].map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))),
    );
    assert.ok(Date.now() - started < 5000);
    assert.deepEqual(await decrypt(await wrapKey(dataKey, alice.recipient)), { bytes: dataKey });
  });

  it('ends what is going on when it closes', async () => {
    let asked = () => {};
    const heard = new Promise<void>((resolve) => {
      asked = resolve;
    });
    answer = () => {
      asked();
      return new Promise(() => {});
    };
    const waiting = decrypt(await wrapKey(dataKey, alice.recipient));
    await heard;
    service?.close();
    const got = await waiting;
    assert.ok('code' in got);
  });
});

describe('messages of the key service', () => {
  const kinds = ['kms', 'pgp', 'gcp_kms', 'azure_kv', 'hc_vault', 'age', 'hckms'] as const;

  it('are read as protobuf has them, with fields that nobody knows passed over', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.string({ maxLength: 90 }),
        fc.uint8Array({ maxLength: 300 }),
        (kind, name, bytes) => {
          const unknown = Buffer.concat([
            Buffer.from([(9 << 3) | 0, 0x96, 0x01, (8 << 3) | 5, 1, 2, 3, 4]),
            field(15, 'x'),
          ]);
          const read: KeyRequest = readRequest(Buffer.concat([unknown, keyRequest(name, bytes, kind), unknown]));
          assert.equal(read.kind, kinds[kind - 1]);
          assert.equal(read.recipient, kind === 6 ? Buffer.from(name).toString() : '');
          assert.deepEqual(Buffer.from(read.bytes), Buffer.from(bytes));
        },
      ),
    );
  });

  it('are refused when they are none, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readRequest(bytes);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
    for (const bytes of [
      [0x0a],
      [0x0a, 5, 1],
      [0x0b],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
      [0x0d, 1],
    ])
      assert.throws(() => readRequest(Uint8Array.from(bytes)), RangeError);
  });

  it('of an answer have their length before them', () => {
    for (const length of [0, 1, 127, 128, 300, 20_000]) {
      const bytes = Buffer.alloc(length, 3);
      assert.deepEqual(
        readRequest(Buffer.concat([field(1, ''), Buffer.from([(2 << 3) | 2]), writeAnswer(bytes).subarray(1)])).bytes
          .length,
        length,
      );
    }
  });
});
