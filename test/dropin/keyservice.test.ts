import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { agentIdentity } from '../../src/core/agent/identity.ts';
import { agentDoors } from '../../src/node/agent/server.ts';
import { type Process, startCli } from '../cli/built.ts';
import { alice, openerOf } from '../core/support.ts';
import { missing, skipFor, windows } from '../skip.ts';
import { builtSops, Place, type Ran, sopsPath } from './sops.ts';

const [reader, python, collections] = ['READER', 'PYTHON', 'COLLECTIONS'].map(
  (name) => process.env[`LOCKSTEP_${name}`],
);
const yaml = 'global:\n    secret: bar\n';

/** Other people's programs with the real sops, which has no key: another process of ours has it. */
describe('keys that another process holds', () => {
  let cli: string;
  let place: Place;
  let service: Process;
  let env: NodeJS.ProcessEnv;

  before(async function () {
    skipFor(this, windows);
    cli = await builtSops();
    place = new Place(sopsPath);
    place.write('secrets.yaml', yaml);
    assert.equal(place.sops(['encrypt', '-i', '--age', alice.recipient, 'secrets.yaml']).code, 0);
    const given = { PATH: process.env.PATH, HOME: place.folder, SOPS_AGE_KEY: alice.identity };
    service = startCli(cli, ['keyservice', '--address', 'keys.sock'], place.folder, given);
    await service.printed('until you end it');
    env = { SOPS_AGE_KEY: undefined, SOPS_KEYSERVICE: /SOPS_KEYSERVICE=(\S+)/.exec(service.output())?.[1] };
  });
  after(() => {
    service?.child.kill();
    place?.dispose();
    if (cli) rmSync(cli, { force: true });
  });

  it('are used by the calls of helm-secrets', () => {
    const words = ['--decrypt', '--input-type', 'yaml', '--output-type', 'yaml', 'secrets.yaml'];
    assert.notEqual(place.sops(words, { SOPS_AGE_KEY: undefined }).code, 0, 'no key is at hand');
    assert.equal(place.sops(words, env).out, yaml);
    assert.equal(place.sops([...words.slice(0, -1), '--output', 'out', 'secrets.yaml'], env).code, 0);
    assert.equal(place.read('out'), yaml);
  });

  it('are used by community.sops of Ansible', function () {
    skipFor(this, missing('Ansible', Boolean(python && collections)));
    const message = "msg={{ (lookup('community.sops.sops', 'secrets.yaml') | from_yaml).global.secret }}";
    const ran = place.run(python ?? '', ['-m', 'ansible', 'adhoc', 'localhost', '-m', 'debug', '-a', message], {
      ...env,
      ANSIBLE_COLLECTIONS_PATH: collections,
      ANSIBLE_HOME: join(place.folder, '.ansible'),
      ANSIBLE_NOCOLOR: '1',
      ANSIBLE_LOCALHOST_WARNING: 'False',
      PATH: [place.bin, dirname(python ?? ''), dirname(process.execPath), process.env.PATH].join(delimiter),
      LC_ALL: 'C.UTF-8',
    });
    assert.match(ran.out, /"msg": "bar"/, `${ran.out}\n${ran.err}`);
  });

  it('reach programs that have sops built in by way of the age plugin, and no other', async function () {
    skipFor(this, missing('Go program', Boolean(reader)));
    const opener = await openerOf(alice.identity);
    const runtime = join(place.folder, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const doors = agentDoors({ env: { XDG_RUNTIME_DIR: runtime }, platform: process.platform });
    const door = await doors.open(place.folder, async ({ keys: [wanted] }) => {
      const key = wanted && 'stanzas' in wanted ? await opener.fileKey?.(wanted.stanzas) : undefined;
      return { keys: [key && { key, recipient: opener.recipient }] };
    });
    const shim = join(place.bin, 'age-plugin-lockstep');
    writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
    chmodSync(shim, 0o755);
    try {
      const none = await read({ ...env, XDG_RUNTIME_DIR: runtime });
      assert.equal(none.code, 1, 'it asks no key service');
      const { code, out, err } = await read({ SOPS_AGE_KEY: agentIdentity(), XDG_RUNTIME_DIR: runtime });
      assert.equal(code, 0, err);
      assert.equal(out, yaml);
      door?.close();
      const gone = await read({ SOPS_AGE_KEY: agentIdentity(), XDG_RUNTIME_DIR: runtime });
      assert.equal(gone.code, 1, 'it ends; the library of sops does not pass on why');
    } finally {
      door?.close();
    }
  });

  /** This process answers meanwhile. */
  function read(more: NodeJS.ProcessEnv): Promise<Ran> {
    const PATH = [place.bin, process.env.PATH].join(delimiter);
    const child = spawn(reader ?? '', ['secrets.yaml', 'yaml'], {
      cwd: place.folder,
      env: { PATH, HOME: place.folder, XDG_CONFIG_HOME: place.folder, ...more },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  }
});
