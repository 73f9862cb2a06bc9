import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentAnswer, AgentClient, AgentRequest } from '../../../src/core/agent/protocol.ts';
import type { OpenDoor } from '../../../src/core/platform/agentdoor.ts';
import { askAgent } from '../../../src/node/agent/client.ts';
import { agentDoors, openDoor } from '../../../src/node/agent/server.ts';
import { pidIn } from '../../../src/node/agent/who.ts';
import { describeUnless, itUnless, needsRoot, notLinux, windows } from '../../skip.ts';

const quick = { connect: 500, first: 500, answer: 1_000 };
const key = () => Uint8Array.from({ length: 32 }, (_, i) => i);
const keys = [{ enc: 'wrapped', recipient: 'age1x' }];
const opened = (n = 1): AgentAnswer => ({
  keys: Array.from({ length: n }, () => ({ key: key(), recipient: 'age1x' })),
});

describeUnless(windows, 'the socket of an agent', () => {
  let top: string;
  let runtime: string;
  let work: string;
  let seen: { request: AgentRequest; client: AgentClient }[];
  const doors: OpenDoor[] = [];
  const env = () => ({ XDG_RUNTIME_DIR: runtime, TMPDIR: join(top, 'tmp') });
  const around = () => ({ env: env(), platform: process.platform });
  const ask = (more: object = {}, limits = quick) =>
    askAgent(
      { keys },
      { ...around(), cwd: work, ...more, env: { ...env(), ...(more as { env?: object }).env } },
      limits,
    );

  const open = async (answer: () => AgentAnswer = opened, folder = work) => {
    const door = await agentDoors(around()).open(folder, async (request, client) => {
      seen.push({ request, client });
      return answer();
    });
    assert.ok(door);
    doors.push(door);
    return door;
  };

  beforeEach(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'agent-')));
    [runtime, work] = [join(top, 'run'), join(top, 'work', 'deep')];
    for (const folder of [runtime, join(top, 'tmp'), work]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    seen = [];
  });
  afterEach(() => {
    for (const door of doors.splice(0)) door.close();
    rmSync(top, { recursive: true, force: true });
  });

  it('is for this user alone, and gives a program in the folder or below it what it asks for', async () => {
    const door = await open();
    assert.equal(statSync(join(runtime, 'lockstep')).mode & 0o777, 0o700);
    assert.equal(statSync(door.path).mode & 0o777, 0o600);
    assert.ok(Buffer.byteLength(door.path) < 100);
    const below = join(work, 'a', 'b');
    mkdirSync(below, { recursive: true });
    for (const more of [{}, { cwd: below }, { cwd: top, files: [join(below, 'x.yaml')] }]) {
      const answer = await ask({ ...more, env: { LOCKSTEP_LAUNCH: 'abc' } });
      assert.ok('keys' in answer);
      assert.deepEqual([...(answer.keys[0]?.key ?? [])], [...key()]);
    }
    assert.deepEqual(seen[0]?.request, {
      keys: [{ ...keys[0], held: undefined }],
      launch: 'abc',
      pid: process.pid,
      cwd: work,
    });
    assert.deepEqual(await ask({ cwd: top }), { code: 'NO_AGENT' }, 'it is not for a folder above');
    door.close();
    assert.deepEqual(await ask(), { code: 'NO_AGENT' });
  });

  it('is found without its variable, and by that from anywhere', async () => {
    const door = await open();
    assert.ok('keys' in (await ask({ cwd: top, env: { LOCKSTEP_AGENT: door.path } })));
    // One that is gone is no reason to give up.
    assert.ok('keys' in (await ask({ env: { LOCKSTEP_AGENT: join(runtime, 'gone.sock') } })));
  });

  itUnless(notLinux, 'tells who asks, as far as the system knows', async () => {
    await open();
    const script = join(top, 'client.mjs');
    writeFileSync(
      script,
      `import { createConnection } from 'node:net';
       const socket = createConnection(process.argv[2], () => socket.write(process.argv[3] + '\\n'));
       let got = '';
       socket.on('data', (part) => { got += part; if (got.split('\\n').length > 2) { console.log(process.pid); process.exit(); } });`,
    );
    const path = doors[0]?.path ?? '';
    const line = JSON.stringify({ lockstep: 1, keys, pid: process.pid });
    const child = spawn(process.execPath, [script, path, line], { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] });
    let pid = '';
    for await (const part of child.stdout) pid += part;
    const { client } = seen[0] ?? {};
    // What it says of itself is not believed where the system knows better.
    assert.equal(client?.pid, Number(pid));
    assert.deepEqual(
      [client?.program, client?.script, client?.cwd, client?.unscripted],
      [process.execPath, script, work, false],
    );
    assert.equal(client?.parents?.[0]?.pid, process.pid);
  });

  it('is not led astray by names of sockets and programs', () => {
    const row = (name: string, inode: number, peer: number, users: string) =>
      `u_str 0      0      ${name} ${inode} * ${peer} ${users}`;
    const users = 'users:(("sops",pid=7,fd=3))';
    const own = row('/run/a.sock', 1, 2, 'users:(("node",pid=5,fd=30))');
    assert.equal(pidIn(`${own}\n${row('*', 2, 1, users)}\n`, '1'), 7);
    assert.equal(pidIn(`${own}\n${row('*', 2, 1, 'users:(("x",pid=1,fd=3))",pid=7,fd=3))')}`, '1'), 7);
    assert.equal(pidIn(`${own}\n${row('*', 2, 1, '')}`, '1'), undefined);
    const forged = `u_str 0 0 @ 2 * 1 users:(("git",pid=1,fd=3)) 9 * 8 ${users}`;
    assert.equal(pidIn(`${own}\n${row('*', 2, 1, users)}\n${forged}`, '1'), undefined);
    assert.equal(pidIn(`${own}\n${row('*', 2, 9, users)}`, '1'), undefined);
    assert.equal(pidIn('', '1'), undefined);
  });

  it('of two windows on one folder is two, and each is asked', async () => {
    const [first, second] = [await open(() => ({ code: 'LOCKED' })), await open()];
    assert.match(second.path, /\.2\.sock$/);
    assert.ok('keys' in (await ask()), 'the one that is not locked answers');
    second.close();
    assert.deepEqual(await ask(), { code: 'LOCKED' });
    first.close();
    assert.equal((await open()).path, first.path);
  });

  it('asks no second window after a no', async () => {
    await open(() => ({ code: 'DENIED' }));
    await open();
    assert.deepEqual(await ask(), { code: 'DENIED' });
    assert.equal(seen.length, 1);
  });

  /** A socket that nobody listens at, as a process leaves it that is killed. */
  const stale = (path: string) => {
    mkdirSync(join(runtime, 'lockstep'), { recursive: true, mode: 0o700 });
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    try {
      execFileSync(process.execPath, ['-e', script, path], { stdio: 'ignore' });
    } catch {
      // It was killed.
    }
    assert.ok(lstatSync(path).isSocket());
  };

  it('takes the place of a dead one, and of no other', async () => {
    const { path } = await open();
    doors.pop()?.close();
    stale(path);
    assert.deepEqual(await ask(), { code: 'NO_AGENT' });
    assert.equal((await open()).path, path);
    assert.ok('keys' in (await ask()));
    assert.ok(!existsSync(`${path}.lock`));
  });

  it('is one for each that wants a name at the same time', async () => {
    const { path } = await open();
    doors.pop()?.close();
    stale(path);
    await Promise.all(Array.from({ length: 6 }, () => open()));
    assert.equal(new Set(doors.map((door) => door.path)).size, 6);
    for (const door of doors)
      assert.ok('keys' in (await ask({ cwd: top, env: { LOCKSTEP_AGENT: door.path } })), door.path);
  });

  it('follows no link, and removes nothing that is no socket', async () => {
    const { path } = await open();
    doors.pop()?.close();
    const target = join(top, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, path);
    assert.match((await open()).path, /\.2\.sock$/);
    assert.ok(lstatSync(path).isSymbolicLink() && existsSync(target));
    assert.deepEqual(await ask({ cwd: top, env: { LOCKSTEP_AGENT: path } }), { code: 'FOREIGN' });
  });

  it('is in no folder that is a link, or that others may write', async () => {
    const elsewhere = join(top, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, join(runtime, 'lockstep'));
    const { path } = await open();
    assert.ok(path.startsWith(join(top, 'tmp')), path);
    assert.ok('keys' in (await ask()));
    // One that everybody may take folders out of is no place.
    chmodSync(join(top, 'tmp'), 0o777);
    doors.pop()?.close();
    const other = await open();
    assert.ok(!other.path.startsWith(top), other.path);
  });

  itUnless(needsRoot(), 'of another user is not talked to, nor is their folder used', async () => {
    const { path } = await open();
    chownSync(path, 12345, 12345);
    assert.deepEqual(await ask({ cwd: top, env: { LOCKSTEP_AGENT: path } }), { code: 'FOREIGN' });
    assert.deepEqual(await ask(), { code: 'FOREIGN' });
    assert.equal(seen.length, 0);
    chownSync(join(runtime, 'lockstep'), 12345, 12345);
    assert.deepEqual(await ask(), { code: 'NO_AGENT' });
    assert.ok((await open()).path.startsWith(join(top, 'tmp')));
  });

  /** What comes back for some bytes, until the other end closes. */
  const send = (path: string, bytes: string | Uint8Array, end = false) =>
    new Promise<string>((resolve) => {
      let got = '';
      const socket = createConnection(path, () => (end ? socket.end(bytes) : socket.write(bytes)));
      socket.on('data', (part) => (got += part));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(got));
    });

  it('refuses what is no message, and goes on', async () => {
    const door = await open();
    const deep = `{"lockstep":1,"keys":${'['.repeat(400_000)}`;
    for (const bytes of [
      ...['\n', 'GET / HTTP/1.1\r\n', '{}\n', '[]\n', 'null\n', '{"lockstep":2,"keys":[{"enc":"a"}]}\n', `${deep}\n`],
      ...['{"lockstep":1}\n', '{"lockstep":1,"keys":[]}\n', '{"lockstep":1,"keys":[{"enc":1}]}\n'],
      ...['{"lockstep":1,"keys":[{"enc":"a"}],"pid":-1}\n', '{"lockstep":1,"keys":[{"enc":"a"}],"launch":{}}\n'],
      ...[
        '{"lockstep":1,"keys":[{"stanzas":[]}]}\n',
        '{"lockstep":1,"keys":[{"stanzas":[{"args":["a b"],"body":""}]}]}\n',
      ],
      `{"lockstep":1,"keys":[${'{"enc":"a"},'.repeat(2000)}{"enc":"a"}]}\n`,
      Buffer.from([0xff, 0xfe, 0, 10]),
      Buffer.alloc(3 * 1024 * 1024, 'a'),
    ])
      assert.equal(await send(door.path, bytes), '{"lockstep":1,"code":"BAD_MESSAGE"}\n', String(bytes).slice(0, 60));
    assert.equal(await send(door.path, '{"lockstep":1,"keys":[{"en', true), '');
    assert.equal(await send(door.path, '', true), '');
    assert.equal(seen.length, 0);
    assert.ok('keys' in (await ask()));
  });

  it('waits for nobody who says nothing', async () => {
    const door = await openDoor(around(), 'slow', async () => opened(), 100);
    assert.ok(door);
    doors.push(door);
    const begun = Date.now();
    assert.equal(await send(door.path, '{"lockstep":1,'), '');
    assert.ok(Date.now() - begun >= 90);
  });

  it('that hangs does not hang who asks', async () => {
    mkdirSync(join(runtime, 'lockstep'), { recursive: true, mode: 0o700 });
    const lines = [
      undefined,
      '{"lockstep":1,"wait":true}\n',
      'junk\n',
      '{"lockstep":1,"keys":[null,null]}\n',
      'x'.repeat(3e6),
    ];
    const servers: Server[] = [];
    const codes: unknown[] = [];
    for (const [i, line] of lines.entries()) {
      const path = join(runtime, 'lockstep', `h${i}.sock`);
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        if (line) socket.write(line);
      });
      servers.push(server);
      await new Promise<void>((done) => server.listen(path, done));
      chmodSync(path, 0o600);
      codes.push(await ask({ cwd: top, env: { LOCKSTEP_AGENT: path } }));
    }
    for (const server of servers) server.close();
    assert.deepEqual(
      codes.map((answer) => (answer as { code?: string }).code),
      ['SILENT', 'SILENT', 'BAD_MESSAGE', 'BAD_MESSAGE', 'BAD_MESSAGE'],
    );
  });

  it('answers a hundred at once', async () => {
    await open(() => opened());
    const limits = { connect: 20_000, first: 20_000, answer: 20_000 };
    const all = await Promise.all(Array.from({ length: 100 }, () => ask({}, limits)));
    assert.ok(all.every((answer) => 'keys' in answer && answer.keys[0]?.key.length === 32));
  });

  it('answers who waits when it closes', async () => {
    const door = await openDoor(around(), 'ends', () => new Promise(() => undefined));
    assert.ok(door);
    const waiting = ask({ cwd: top, env: { LOCKSTEP_AGENT: door.path } }, { ...quick, answer: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    door.close();
    assert.deepEqual(await waiting, { code: 'CLOSED' });
    assert.ok(!existsSync(door.path));
  });
});
