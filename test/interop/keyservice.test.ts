import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { agentIdentity } from '../../src/core/agent/identity.ts';
import type { AgentAnswer, AgentRequest, Answering } from '../../src/core/agent/protocol.ts';
import type { OpenDoor } from '../../src/core/platform/agentdoor.ts';
import { agentDoors } from '../../src/node/agent/server.ts';
import { agentText } from '../../src/node/keyservice/words.ts';
import { builtCli, type Process, startCli } from '../cli/built.ts';
import { alice, bob, openerOf } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { agePath, Bench, sopsPath } from './tools.ts';

const source = 'password: hunter2\nport: 81\n';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('keys that another process holds, with sops and age', () => {
  let cli: string;
  let bench: Bench;
  let closing: (() => void)[];

  before(async function () {
    skipFor(this, windows);
    cli = await builtCli();
  });
  after(() => {
    for (const part of ['', '-main', '-late', '-keyservice'])
      if (cli) rmSync(cli.replace(/\.js$/, `${part}.js`), { force: true });
  });
  beforeEach(() => {
    bench = new Bench();
    closing = [];
    bench.write('secrets.yaml', source);
    assert.equal(bench.sops(['encrypt', '-i', '--age', alice.recipient, 'secrets.yaml']), '');
  });
  afterEach(() => {
    for (const close of closing) close();
    bench.dispose();
  });

  /** No key is there, and no socket but those that are named; this process answers meanwhile. */
  function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> {
    const { PATH } = process.env;
    const places = { PATH, HOME: bench.folder, XDG_CONFIG_HOME: bench.folder, XDG_RUNTIME_DIR: bench.folder };
    const child = spawn(program, words, { cwd: bench.folder, env: { ...places, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  }
  const sops = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => run(sopsPath, words, env);
  /** As a terminal shows it: sops breaks lines and puts a bar before them. */
  const flat = (text: string) => text.replace(/\n *\|? ?/g, ' ').replace(/ +/g, ' ');

  async function fine(ran: Promise<Ran>): Promise<string> {
    const { code, out, err } = await ran;
    assert.equal(code, 0, err);
    return out;
  }

  describe('lockstep keyservice', () => {
    let service: Process;
    /** Starts it with alice's key; what it prints for sops. */
    async function started(words: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string> {
      const places = { PATH: process.env.PATH, HOME: bench.folder, XDG_RUNTIME_DIR: bench.folder };
      service = startCli(cli, ['keyservice', ...words], bench.folder, {
        ...places,
        SOPS_AGE_KEY: alice.identity,
        ...env,
      });
      closing.push(() => void service.child.kill('SIGKILL'));
      await service.printed('until you end it');
      return /SOPS_KEYSERVICE=(\S+)/.exec(service.output())?.[1] ?? assert.fail(service.output());
    }

    it('opens files for every verb of sops that needs a key', async () => {
      const uri = await started();
      const env = { SOPS_KEYSERVICE: uri };
      assert.notEqual((await sops(['decrypt', 'secrets.yaml'])).code, 0, 'no key is at hand');
      assert.equal(await fine(sops(['decrypt', 'secrets.yaml'], env)), source);
      assert.equal(await fine(sops(['decrypt', '--keyservice', uri, 'secrets.yaml'])), source);
      await fine(sops(['set', 'secrets.yaml', '["port"]', '82'], env));
      await fine(sops(['rotate', '-i', 'secrets.yaml'], env));
      assert.equal(await fine(sops(['exec-env', 'secrets.yaml', 'echo $port $password'], env)), '82.0 hunter2\n');
      bench.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n`);
      await fine(sops(['updatekeys', '-y', 'secrets.yaml'], env));
      assert.equal(bench.sops(['decrypt', '--extract', '["port"]', 'secrets.yaml'], bob.identity), '82\n');
      // The local service of sops off: what is encrypted is encrypted by ours.
      const alone = ['--enable-local-keyservice=false'];
      bench.write('more.yaml', 'a: b\n');
      const sealed = await fine(sops(['encrypt', ...alone, 'more.yaml'], env));
      bench.write('more.yaml', sealed);
      assert.equal(bench.sops(['decrypt', 'more.yaml'], bob.identity), 'a: b\n');
      // A list, of which the first is dead.
      const list = `unix://${bench.folder}/none.sock,${uri.replace('unix://', 'unix:')}`;
      assert.match(await fine(sops(['decrypt', 'secrets.yaml'], { SOPS_KEYSERVICE: list })), /hunter2/);
      service.child.kill('SIGTERM');
      assert.equal(await service.ended, 0);
      const log = readFileSync(join(bench.folder, '.local', 'state', 'lockstep', 'access.jsonl'), 'utf8');
      const records = log
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.ok(records.length >= 6 && records.every(({ purpose }) => purpose === 'answer'), log);
      assert.match(String(records[0].to), /^sops \(process \d+\)$/);
      assert.doesNotMatch(log, /hunter2/);
      assert.match(flat((await sops(['decrypt', 'secrets.yaml'], env)).err), /Unavailable .*no such file/);
    });

    it('takes the place of one that was killed, and no other one', async () => {
      const uri = await started();
      const second = startCli(cli, ['keyservice'], bench.folder, {
        PATH: process.env.PATH,
        HOME: bench.folder,
        XDG_RUNTIME_DIR: bench.folder,
      });
      assert.equal(await second.ended, 1);
      assert.match(second.output(), /already/);
      service.child.kill('SIGKILL');
      await service.ended;
      assert.match(flat((await sops(['decrypt', 'secrets.yaml'], { SOPS_KEYSERVICE: uri })).err), /connection refused/);
      assert.equal(await started(), uri);
      assert.equal(await fine(sops(['decrypt', 'secrets.yaml'], { SOPS_KEYSERVICE: uri })), source);
    });

    it('listens at a port only when that is what somebody wants', async () => {
      const refused = startCli(cli, ['keyservice', '--net', 'tcp'], bench.folder, {
        PATH: process.env.PATH,
        HOME: bench.folder,
      });
      assert.equal(await refused.ended, 1);
      assert.match(refused.output(), /every program and every user of this machine/);
      const uri = await started(['--network=tcp', '--addr', '127.0.0.1:0', '--yes']);
      assert.match(uri, /^tcp:\/\/127\.0\.0\.1:\d+$/);
      assert.match(service.output(), /every program and every user of this machine/);
      assert.equal(await fine(sops(['decrypt', 'secrets.yaml'], { SOPS_KEYSERVICE: uri })), source);
      for (const address of ['0.0.0.0:5000', '192.168.1.2:5000', ':5000', '127.0.0.1:99999', 'example.com:1']) {
        const open = startCli(cli, ['keyservice', '--network', 'tcp', '--yes', '--address', address], bench.folder, {});
        assert.equal(await open.ended, 1, address);
      }
    });
  });

  describe('a window that answers', () => {
    let asked: AgentRequest[];
    let programs: string[];
    let answer: (request: AgentRequest) => Promise<AgentAnswer>;
    const answering: Answering = (request, client) => {
      asked.push(request);
      programs.push(basename(client.program ?? ''));
      return answer(request);
    };
    const bin = () => join(bench.folder, 'bin');
    const withPlugin = (): NodeJS.ProcessEnv => ({
      PATH: [bin(), process.env.PATH].join(delimiter),
      SOPS_AGE_KEY: agentIdentity(),
    });

    beforeEach(async () => {
      asked = [];
      programs = [];
      const opener = await openerOf(alice.identity);
      answer = async ({ keys: [wanted] }) => {
        assert.ok(wanted);
        const key =
          'enc' in wanted
            ? await opener.unwrap({ kind: 'age', name: wanted.recipient ?? '', enc: wanted.enc })
            : await opener.fileKey?.(wanted.stanzas);
        return { keys: [key && { key, recipient: opener.recipient }] };
      };
      mkdirSync(bin());
      writeFileSync(join(bin(), 'age-plugin-lockstep'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
      chmodSync(join(bin(), 'age-plugin-lockstep'), 0o755);
    });
    /** Opens the sockets of the folder that the programs work in. */
    async function opened(): Promise<OpenDoor> {
      const doors = agentDoors({ env: { XDG_RUNTIME_DIR: bench.folder }, platform: process.platform });
      const door = (await doors.open(bench.folder, answering)) ?? assert.fail('no socket');
      closing.push(() => door.close());
      return door;
    }
    const keyService = async () => ({ SOPS_KEYSERVICE: (await opened()).keyService });

    it('is told of the wrapped key byte for byte, by which the file is known', async () => {
      const env = await keyService();
      assert.equal(await fine(sops(['decrypt', 'secrets.yaml'], env)), source);
      const [wanted] = asked[0]?.keys ?? [];
      assert.ok(wanted && 'enc' in wanted && wanted.recipient === alice.recipient);
      const file = readFileSync(join(bench.folder, 'secrets.yaml'), 'utf8').replace(/^ +/gm, '');
      assert.ok(file.includes(wanted.enc));
    });

    it('denies, is locked, gets no answer: sops ends at once and says which', async () => {
      const env = await keyService();
      for (const code of ['DENIED', 'LOCKED', 'NO_ANSWER', 'CLOSED', 'UNTRUSTED'] as const) {
        answer = async () => ({ code });
        const { code: exit, err } = await sops(['decrypt', 'secrets.yaml'], env);
        assert.equal(exit, 128);
        assert.ok(flat(err).includes(agentText(code)), flat(err));
      }
    });

    it('opens files for age, and for sops by way of age', async () => {
      await opened();
      const file = bench.age(['-r', alice.recipient, '-r', bob.recipient], 'a text');
      const keys = bench.write('keys.txt', `${agentIdentity()}\n`);
      bench.write('file.age', file);
      assert.equal(await fine(run(agePath, ['-d', '-i', keys, 'file.age'], withPlugin())), 'a text');
      assert.equal(await fine(sops(['decrypt', 'secrets.yaml'], withPlugin())), source);
      await fine(sops(['rotate', '-i', 'secrets.yaml'], withPlugin()));
      assert.equal(await fine(sops(['exec-env', 'secrets.yaml', 'echo $port'], withPlugin())), '81\n');
      assert.ok(asked.length >= 4 && asked.every(({ keys: [key] }) => key && 'stanzas' in key));
      // Who wants to know is asked about, not the plugin.
      if (process.platform === 'linux') assert.deepEqual([...new Set(programs)], ['age', 'sops']);
      bench.write('other.age', bench.age(['-r', bob.recipient], 'a text'));
      const other = await run(agePath, ['-d', '-i', keys, 'other.age'], withPlugin());
      assert.match(other.err, /no identity matched/);
    });

    it('says no to age: it ends at once, and says why', async () => {
      bench.write('file.age', bench.age(['-r', alice.recipient], 'a text'));
      const keys = bench.write('keys.txt', `${agentIdentity()}\n`);
      const decrypt = () => run(agePath, ['-d', '-i', keys, 'file.age'], withPlugin());
      const none = await decrypt();
      assert.equal(none.code, 1);
      assert.ok(none.err.includes(agentText('NO_AGENT')), none.err);
      await opened();
      for (const code of ['DENIED', 'LOCKED', 'NO_ANSWER'] as const) {
        answer = async () => ({ code });
        const { code: exit, out, err } = await decrypt();
        assert.equal(exit, 1);
        assert.equal(out, '');
        assert.ok(err.includes(agentText(code)), err);
        assert.ok(flat((await sops(['decrypt', 'secrets.yaml'], withPlugin())).err).includes(agentText(code)));
      }
    });

    it('that left its socket behind is no window', async () => {
      const { path } = await opened();
      closing.pop()?.();
      const dead: Server = createServer().listen(path);
      await new Promise((resolve) => dead.once('listening', resolve));
      (dead as unknown as { _handle: { close(): void } })._handle.close();
      const { err } = await sops(['decrypt', 'secrets.yaml'], withPlugin());
      assert.ok(flat(err).includes(agentText('NO_AGENT')), err);
    });
  });
});
