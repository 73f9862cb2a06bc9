import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { NamedKeys } from '../../../src/core/keys/others.ts';
import { kmsKey } from '../../../src/core/sops/keyparts.ts';
import type { KeyName } from '../../../src/core/sops/masterkey.ts';
import { keyServices } from '../../../src/node/keyservice/services.ts';
import { skipFor, windows } from '../../skip.ts';
import { field } from './request.ts';
import { type Answer, backwards, startService } from './service.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const arn = 'arn:aws:kms:eu-west-1:111122223333:key/one';
const kms = kmsKey({
  arn,
  role: 'arn:aws:iam::1:role/r',
  context: [
    ['team', 'a:b,c'],
    ['app', 'web'],
  ],
  profile: 'prod',
});
const wrapped = { ...kms, enc: 'd3JhcHBlZA==' };

type Named = NamedKeys;
describe('a key service that is asked', () => {
  let folder: string;
  const open: (() => void)[] = [];
  let asked: { readonly method: string; readonly request: Buffer }[];

  before(function () {
    skipFor(this, windows);
    folder = mkdtempSync(join(tmpdir(), 'lockstep-asked-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    asked = [];
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  /** A service of SOPS that answers as it is told; its URI. */
  async function service(answer: Answer, network: 'unix' | 'tcp' = 'unix'): Promise<string> {
    const told: Answer = (method, request) => {
      asked.push({ method, request: Buffer.from(request) });
      return answer(method, request);
    };
    const { uri, close } = await startService(told, network === 'unix' ? join(folder, `${Math.random()}.sock`) : 'tcp');
    open.push(close);
    return uri;
  }

  const keys = (services: readonly string[], wait?: number, signal?: AbortSignal) =>
    keyServices({ PATH: folder }, folder, 'linux', wait).keys(
      { services, own: false },
      signal && (() => signal),
    ) as Named;
  const fails = (what: string, promise: Promise<unknown>, reason?: string) =>
    assert.rejects(promise, (error: { code?: string; place?: { what?: string; reason?: string }; message: string }) => {
      assert.deepEqual([error.code, error.place?.what], ['KEY_SERVICE', what]);
      assert.equal(error.place?.reason, reason);
      assert.ok(reason === undefined || !error.message.includes(reason), 'its words are in no log');
      return true;
    });

  for (const network of ['unix', 'tcp'] as const)
    it(`wraps and opens, by ${network}`, async () => {
      const ring = keys([await service(backwards, network)]);
      const enc = await ring.wrap(dataKey, kms);
      assert.deepEqual(await ring.unwrap({ ...kms, enc }), dataKey);
    });

  it('is told all that is said of a key', async () => {
    const ring = keys([await service(backwards)]);
    const vault = 'https://vault.example.com:8200/v1/deep/transit/keys/main';
    const names: readonly (readonly [KeyName, Buffer])[] = [
      [
        kms,
        field(
          1,
          Buffer.concat([
            field(1, arn),
            field(2, 'arn:aws:iam::1:role/r'),
            field(3, Buffer.concat([field(1, 'team'), field(2, 'a:b,c')])),
            field(3, Buffer.concat([field(1, 'app'), field(2, 'web')])),
            field(4, 'prod'),
          ]),
        ),
      ],
      [{ kind: 'gcp_kms', name: 'projects/p' }, field(3, field(1, 'projects/p'))],
      [
        { kind: 'azure_kv', name: 'https://v.vault.azure.net/keys/k/7' },
        field(4, Buffer.concat([field(1, 'https://v.vault.azure.net'), field(2, 'k'), field(3, '7')])),
      ],
      [
        { kind: 'hc_vault', name: vault },
        field(
          5,
          Buffer.concat([field(1, 'https://vault.example.com:8200'), field(2, 'deep/transit'), field(3, 'main')]),
        ),
      ],
      [{ kind: 'hckms', name: 'eu-west-101:0f' }, field(7, field(1, 'eu-west-101:0f'))],
    ];
    for (const [name, key] of names) {
      asked.length = 0;
      await ring.wrap(dataKey, name);
      assert.deepEqual(asked[0], { method: 'Encrypt', request: Buffer.concat([field(1, key), field(2, dataKey)]) });
    }
  });

  it('that hangs, is not there, dies half-way or speaks something else ends in an error, in time', async () => {
    await fails('silent', keys([await service(() => 'nothing')], 500).unwrap(wrapped));
    await fails('unreachable', keys([`unix://${join(folder, 'none.sock')}`], 500).unwrap(wrapped));
    for (const uri of ['http://127.0.0.1:1', 'file:///etc/passwd', 'unix://relative.sock', 'tcp://', 'nonsense', ''])
      await fails('unreachable', keys([uri || ' '], 500).unwrap(wrapped));
    const mute = createServer((socket) => open.push(() => socket.destroy()));
    await at(mute, 'mute.sock');
    await fails('unreachable', keys([`unix://${join(folder, 'mute.sock')}`], 500).unwrap(wrapped));
    const dying = await service(() => {
      for (const close of open.splice(0)) close();
      return 'nothing';
    });
    await fails('ended', keys([dying], 20_000).unwrap(wrapped));
  });

  it('that nobody is, at a port or a socket, is said at once', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    // Each would be waited for for ten seconds otherwise, and all of them for longer than a test may take.
    for (const uri of [`tcp://127.0.0.1:${port}`, `tcp://localhost:${port}`, `unix://${join(folder, 'none.sock')}`])
      await fails('unreachable', keys([uri]).unwrap(wrapped));
  });

  async function at(server: NetServer, name: string): Promise<void> {
    await new Promise<void>((resolve) => server.listen(join(folder, name), resolve));
    open.push(() => server.close());
  }

  it('is not waited for any more when somebody says so', async () => {
    const abort = new AbortController();
    const aborting = () => {
      setImmediate(() => abort.abort());
      return 'nothing' as const;
    };
    const waiting = keys([await service(aborting)], 60_000, abort.signal);
    await fails('stopped', waiting.unwrap(wrapped));
  });

  it('denies, fails or knows no such kind, in its own words, which hold no key', async () => {
    const says = async (code: status, details: string) => keys([await service(() => ({ code, details }))]);
    await fails('denied', (await says(status.PERMISSION_DENIED, 'no\n one')).unwrap(wrapped), 'no one');
    await fails(
      'failed',
      (await says(status.UNKNOWN, 'AccessDeniedException')).unwrap(wrapped),
      'AccessDeniedException',
    );
    await fails('unsupported', (await says(status.NOT_FOUND, 'Unknown key type')).unwrap(wrapped), 'Unknown key type');
    for (const spelling of ['hex', 'base64', 'base64url', 'latin1', 'list'] as const) {
      const echo = `cannot wrap ${spelling === 'list' ? dataKey.join(' ') : Buffer.from(dataKey).toString(spelling)}`;
      await fails('failed', (await says(status.UNKNOWN, echo)).wrap(dataKey, kms), undefined);
    }
  });

  it('that answers with rubbish or another key is not believed', async () => {
    for (const rubbish of [Buffer.alloc(0), Buffer.from('junk'), field(1, 'short'), field(1, Buffer.alloc(4000))])
      await fails('answer', keys([await service(() => rubbish)]).unwrap(wrapped));
    for (const rubbish of [field(1, ''), field(1, 'two\nlines'), field(1, Buffer.from([0xff, 0xfe]))])
      await fails('answer', keys([await service(() => rubbish)]).wrap(dataKey, kms));
    const other: Answer = (method) => field(1, method === 'Encrypt' ? 'bG9zdA==' : Buffer.alloc(32, 7));
    await fails('answer', keys([await service(other)]).wrap(dataKey, kms));
    // One that may wrap and not open is taken at its word.
    const oneWay: Answer = (method, request) =>
      method === 'Encrypt' ? backwards(method, request) : { code: status.UNKNOWN, details: 'AccessDenied' };
    assert.match(await keys([await service(oneWay)]).wrap(dataKey, kms), /^[\w+/]+=*$/);
  });

  it('is one of several, and the first that can does it', async () => {
    const unable = await service(() => ({ code: status.UNIMPLEMENTED, details: 'none of this kind' }));
    const none = `unix://${join(folder, 'none.sock')}`;
    const ring = keys([none, unable, await service(backwards)], 2000);
    const enc = await ring.wrap(dataKey, kms);
    assert.deepEqual(await ring.unwrap({ ...kms, enc }), dataKey);
    await fails('unsupported', keys([unable, none], 500).unwrap(wrapped), 'none of this kind');
  });

  it('gets no key of Azure without its version', async () => {
    const ring = keys([await service(backwards)]);
    await assert.rejects(ring.wrap(dataKey, { kind: 'azure_kv', name: 'https://v.vault.azure.net/keys/k/' }), {
      code: 'BAD_RECIPIENT',
      place: { what: 'azure-version' },
    });
    assert.deepEqual(asked, []);
  });

  describe('and is the sops of the user', () => {
    const bin = () => join(folder, 'bin');
    beforeEach(() => mkdirSync(bin(), { recursive: true }));
    const program = (text: string) => {
      writeFileSync(join(bin(), 'sops'), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin(), 'sops'), 0o755);
    };
    const env = () => ({
      PATH: `${bin()}:/usr/bin:/bin`,
      XDG_RUNTIME_DIR: folder,
      SOPS_AGE_KEY: 'AGE-SECRET-KEY-1CANARY',
    });
    const own = () => keyServices(env(), folder, 'linux', 2000);

    it('says what is missing before it starts anything', async () => {
      const bare = keyServices({ PATH: join(folder, 'empty') }, folder, 'linux');
      assert.deepEqual(bare.keys({ services: [], own: true }), { lacks: 'program' });
      program('echo started >> "$0.log"');
      assert.deepEqual(own().keys({ services: [], own: false }), { lacks: 'program' });
      assert.deepEqual(keyServices(env(), folder, 'win32').keys({ services: [], own: true }), { lacks: 'program' });
      assert.ok(!existsSync(join(bin(), 'sops.log')));
    });

    it('is too old, is none, or ends at once', async () => {
      for (const text of ['echo sops 3.8.1', 'echo sops 2.9.0', 'echo hello', 'exit 1', 'kill -9 $$']) {
        program(text);
        await fails('version', (own().keys({ services: [], own: true }) as Named).unwrap(wrapped));
      }
      program('[ "$1" = --version ] && echo "sops 3.9.0" || exit 3');
      await fails('ended', (own().keys({ services: [], own: true }) as Named).unwrap(wrapped));
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith('lockstep-keys-')),
        [],
      );
    });

    it('gets no age key of ours', async () => {
      program('env > "$0.env"; [ "$1" = --version ] && echo "sops 3.9.0" || exit 3');
      await fails('ended', (own().keys({ services: [], own: true }) as Named).unwrap(wrapped));
      const { readFileSync } = await import('node:fs');
      const seen = readFileSync(join(bin(), 'sops.env'), 'utf8');
      assert.match(seen, /^PATH=/m);
      assert.ok(!seen.includes('CANARY'), seen);
    });
  });
});
