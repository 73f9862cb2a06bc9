import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { AgentAnswer, AgentClient } from '../../../src/core/agent/protocol.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { register } from '../../../src/extension/agent/answers.ts';
import { AgentHost } from '../../../src/extension/agent/host.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import { realUi } from '../../../src/extension/ui/ui.ts';
import { askAgent } from '../../../src/node/agent/client.ts';
import { agentDoors } from '../../../src/node/agent/server.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { alice } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { describeUnless, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

describeUnless(windows, 'the agent of a window', () => {
  let stage: Stage;
  let runtime: string;
  let host: AgentHost;
  let services: Services;
  const hosts: AgentHost[] = [];
  const around = () => ({ env: { XDG_RUNTIME_DIR: runtime, TMPDIR: runtime }, platform: process.platform });
  const limits = { connect: 5_000, first: 5_000, answer: 10_000 };

  const makeHost = async () => {
    const made = new AgentHost({ ...stage.services, platform: { ...nodePlatform, agentDoors: agentDoors(around()) } });
    hosts.push(made);
    await made.ready;
    return made;
  };
  beforeEach(async () => {
    stage = await makeStage();
    runtime = realpathSync(mkdtempSync(join(tmpdir(), 'agent-')));
    await add('a.yaml');
    await add('deep/b.env');
    host = await makeHost();
    services = { ...stage.services, agent: host };
  });
  afterEach(() => {
    for (const one of hosts.splice(0)) one.dispose();
    stage.end();
    rmSync(runtime, { recursive: true, force: true });
  });

  const add = async (name: string, recipient = stage.recipient) => {
    const format = name.endsWith('.env') ? 'dotenv' : 'yaml';
    stage.write(name, await stage.sealed(format === 'yaml' ? 'name: canary\n' : 'NAME=canary\n', format, recipient));
  };
  const wanted = (name: string) => {
    const text = readFileSync(join(stage.folder, name), 'utf8');
    const [key] = readSealed(text, name.endsWith('.env') ? 'dotenv' : 'yaml').metadata.groups.flat();
    return { enc: key?.enc ?? '', recipient: key?.name };
  };
  const ask = (names: readonly string[], env = {}): Promise<AgentAnswer> =>
    askAgent({ keys: names.map(wanted) }, { ...around(), env: { ...around().env, ...env }, cwd: stage.folder }, limits);
  const codeOf = (answer: AgentAnswer) => ('code' in answer ? answer.code : answer.keys.map((one) => one?.key.length));
  const uri = (path: string) => Uri.file(path) as unknown as vscode.Uri;
  const sops: AgentClient = {
    pid: 7,
    began: '1',
    program: '/usr/bin/so$(x)ps',
    cwd: '/home/ada/repo\u202e',
    parents: [{ pid: 2, began: '0', program: '/usr/bin/git' }],
  };
  const answer = (names: readonly string[], client = sops) => host.answer({ keys: names.map(wanted) }, client);

  it('has a socket for each folder, which is gone when the window closes', async () => {
    const other = realpathSync(mkdtempSync(join(tmpdir(), 'other-')));
    fake.folders = [stage.folder, other];
    fake.events.folders.fire({});
    await host.ready;
    const [one, two] = [stage.folder, other].map((path) => host.socketFor(uri(path)));
    assert.ok(one && two && one !== two && existsSync(one) && existsSync(two));
    assert.equal(host.socketFor(uri(join(stage.folder, 'deep'))), undefined);
    fake.folders = [stage.folder];
    fake.events.folders.fire({});
    await host.ready;
    assert.deepEqual([host.socketFor(uri(other)), existsSync(two)], [undefined, false]);
    assert.equal(host.runtimeFolder(), join(runtime, 'lockstep'));
    host.close();
    assert.deepEqual(readdirSync(join(runtime, 'lockstep')), []);
    assert.equal(codeOf(await ask(['a.yaml'])), 'NO_AGENT');
    rmSync(other, { recursive: true });
  });

  it('asks with names alone, and records what it gives', async () => {
    stage.script.choose = 'Allow Once';
    assert.deepEqual(codeOf(await answer(['a.yaml'])), [32]);
    const [text] = stage.script.asked;
    assert.match(text ?? '', /^so\$\(x\)ps wants to decrypt a\.yaml\.\n/);
    assert.match(text ?? '', /Program: \/usr\/bin\/so\$\(x\)ps, started by git\nFolder: \/home\/ada\/repo.*\n/);
    assert.match(text ?? '', /\[Allow Once\] \[Allow for This Session\] \[Never Allow\] \[Deny\]$/);
    assert.doesNotMatch(text ?? '', /canary|AGE|\u202e/);
    assert.deepEqual(
      stage.recorded.map(({ purpose, uri: file, by }) => [purpose, file?.fsPath, by]),
      [['answer', join(stage.folder, 'a.yaml'), '/usr/bin/so$(x)ps, started by git (process 7)']],
    );
    stage.script.choose = 'Never Allow';
    assert.equal(codeOf(await answer(['a.yaml', 'deep/b.env'])), 'DENIED');
    assert.match(stage.script.asked.at(-1) ?? '', /wants to decrypt 2 files\.\n[\s\S]*• a\.yaml\n• deep\/b\.env\n/);
    assert.equal(stage.recorded.length, 1);
    assert.ok(!fake.log.join().includes('canary'));
  });

  it('has no behind the button in front for a file that it does not know', async () => {
    stage.script.choose = 'Deny';
    await add('later.yaml');
    const [known, unknown] = [wanted('a.yaml'), wanted('later.yaml')];
    rmSync(join(stage.folder, 'later.yaml'));
    for (const keys of [[unknown], [known, unknown]]) {
      host.forget();
      assert.equal(codeOf(await host.answer({ keys }, sops)), 'DENIED');
    }
    assert.match(
      stage.script.asked[0] ?? '',
      /a file outside this workspace\.[\s\S]*decrypts this file, [\s\S]*Deny and Cancel do the same: it gets nothing\.\n\[Deny\] \[Allow Once\]$/,
    );
    assert.match(
      stage.script.asked[1] ?? '',
      /some of them outside this workspace\.[\s\S]*• a\.yaml\n• a file that Lockstep does not find/,
    );
    host.forget();
    stage.script.choose = 'Allow for This Session';
    assert.equal(codeOf(await host.answer({ keys: [unknown] }, sops)), 'DENIED', 'no such button');
    // A no holds for a moment; time stands still here.
    host.forget();
    stage.script.choose = 'Allow Once';
    assert.deepEqual(codeOf(await host.answer({ keys: [unknown] }, sops)), [32]);
    assert.deepEqual(host.grants, []);
  });

  it('knows a file that came or changed just now', async () => {
    stage.script.choose = 'Allow for This Session';
    assert.deepEqual(codeOf(await answer(['a.yaml'])), [32]);
    await add('new.yaml');
    fake.events.files.fire(Uri.file(join(stage.folder, 'new.yaml')));
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.deepEqual(codeOf(await answer(['new.yaml'])), [32]);
    assert.match(stage.script.asked.at(-1) ?? '', /wants to decrypt new\.yaml/);
    const asked = stage.script.asked.length;
    await add('a.yaml');
    assert.deepEqual(codeOf(await answer(['a.yaml'])), [32]);
    assert.equal(stage.script.asked.length, asked, 'the same file, with a new key');
  });

  it('lists what was answered, and forgets it', async () => {
    const { commands: handlers } = register(services);
    await handlers[commands.showAnswers]?.();
    await handlers[commands.forgetAnswers]?.();
    assert.deepEqual(
      stage.script.asked.splice(0),
      Array(2).fill('You have answered no program for longer than once in this window.'),
    );
    stage.script.choose = ['Allow for This Session', 'Never Allow'];
    await answer(['a.yaml']);
    await answer(['deep/b.env']);
    stage.script.asked.splice(0);
    stage.script.pickMany = ['deep/b.env'];
    await handlers[commands.showAnswers]?.();
    assert.equal(
      stage.script.asked[0],
      'Answers to Programs\na.yaml allowed for this session\ndeep/b.env never allowed',
    );
    assert.deepEqual(
      host.grants.map(({ verdict }) => verdict),
      ['session'],
    );
    await handlers[commands.forgetAnswers]?.();
    assert.deepEqual(host.grants, []);
    assert.match(stage.script.asked.at(-1) ?? '', /has forgotten 1 answer/);
  });

  /** A question that nobody answers. */
  const unanswered = () => {
    let shown: () => void = () => undefined;
    const isShown = new Promise<void>((resolve) => {
      shown = resolve;
    });
    const choose = () => {
      shown();
      return new Promise<string | undefined>(() => undefined);
    };
    return { isShown, choose };
  };

  it('answers at a lock and when the window closes, whoever waits', async () => {
    for (const [end, code] of [
      [() => stage.vault.lock(), 'LOCKED'],
      [() => host.close(), 'CLOSED'],
    ] as const) {
      host.dispose();
      const { isShown, choose } = unanswered();
      host = new AgentHost({
        ...stage.services,
        ui: { ...realUi, choose },
        platform: { ...nodePlatform, agentDoors: agentDoors(around()) },
      });
      hosts.push(host);
      await host.ready;
      const waiting = ask(['a.yaml']);
      await isShown;
      end();
      assert.equal(codeOf(await waiting), code);
      stage.vault.unlock();
    }
    assert.deepEqual(stage.recorded, []);
  });

  it('gives nothing while locked, for a key that sleeps, or one that it does not have', async () => {
    await add('theirs.yaml', alice.recipient);
    assert.equal(codeOf(await ask(['theirs.yaml'])), 'NOT_MINE');
    await stage.vault.wrap(stage.recipient, 'correct horse battery');
    stage.vault.lock();
    assert.equal(codeOf(await ask(['a.yaml'])), 'LOCKED');
    stage.vault.unlock();
    assert.equal(codeOf(await ask(['a.yaml'])), 'LOCKED', 'its pass phrase is still wanted');
    assert.equal(stage.script.asked.length, 0);
  });

  it('has no socket without trust, and one as soon as it is given', async () => {
    host.dispose();
    fake.trusted = false;
    host = await makeHost();
    assert.equal(host.socketFor(uri(stage.folder)), undefined);
    assert.equal(codeOf(await answer(['a.yaml'])), 'UNTRUSTED');
    fake.trust();
    await host.ready;
    assert.ok(host.socketFor(uri(stage.folder)));
  });

  it('opens the files of a launch without a question, and nothing else', async () => {
    const { id, end } = host.launch([uri(join(stage.folder, 'a.yaml'))]);
    const env = { LOCKSTEP_LAUNCH: id, LOCKSTEP_AGENT: host.socketFor(uri(stage.folder)) };
    assert.deepEqual(codeOf(await ask(['a.yaml'], env)), [32]);
    assert.equal(stage.script.asked.length, 0);
    assert.equal(codeOf(await ask(['deep/b.env'], env)), 'DENIED');
    assert.equal(codeOf(await answer(['a.yaml'])), 'DENIED', 'another process');
    assert.equal(codeOf(await host.answer({ keys: [wanted('a.yaml')], launch: id }, sops)), 'DENIED', 'a replay');
    end();
    assert.equal(codeOf(await ask(['a.yaml'], env)), 'DENIED');
  });

  it('keeps to the places that a key is bound to', async () => {
    stage.script.choose = 'Allow Once';
    mkdirSync(join(stage.folder, '.git'), { recursive: true });
    await stage.vault.bind(stage.recipient, [{ id: 'x', root: 'file:///elsewhere', name: 'elsewhere' } as never]);
    assert.equal(codeOf(await answer(['a.yaml'])), 'NOT_MINE');
    await stage.vault.bind(stage.recipient, undefined);
    assert.deepEqual(codeOf(await answer(['a.yaml'])), [32]);
  });

  it('of two windows is asked one after the other', async () => {
    const second = await makeHost();
    assert.notEqual(second.socketFor(uri(stage.folder)), host.socketFor(uri(stage.folder)));
    stage.script.choose = 'Allow Once';
    assert.deepEqual(codeOf(await ask(['a.yaml'])), [32]);
    host.close();
    assert.deepEqual(codeOf(await ask(['a.yaml'])), [32]);
  });

  it('takes no key that was pressed before the question can have been read', async () => {
    let shown = 0;
    fake.answer = () => {
      shown++;
      if (shown < 3) return { title: 'Allow' };
      // A person reads.
      const begun = performance.now();
      while (performance.now() - begun < 600);
      return { title: 'Allow' };
    };
    assert.equal(await realUi.choose('May it?', '', ['Allow'], { unbidden: true }), 'Allow');
    assert.equal(shown, 3);
  });
});
