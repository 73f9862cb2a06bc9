import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnless, windows } from '../skip.ts';
import { findAge, findSops, sopsVersion } from './tools.mjs';

/** What each program prints, by its arguments; a place of its own for each. */
describeUnless(windows, 'the sops and age that tests compare with', () => {
  let folder = '';
  const said: string[] = [];
  const { log } = console;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-tools-'));
    said.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(name: string, script: string): string {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const prints = (name: string, line: string) => program(name, `echo "${line}"`);

  async function heard<T>(work: () => Promise<T>): Promise<T> {
    console.log = (line: string) => said.push(line);
    try {
      return await work();
    } finally {
      console.log = log;
    }
  }
  const bin = () => join(folder, 'bin');
  const sops = (env: Record<string, string> = {}) =>
    heard(() => findSops({ env: { PATH: bin(), ...env }, folder: join(folder, 'cache') }));

  it('is the one that is named, the built one, then the one on the path', async () => {
    const [path, built, named] = ['bin/sops', 'cache/sops', 'named'].map((name) => prints(name, `sops ${sopsVersion}`));
    assert.equal(await sops({ LOCKSTEP_SOPS: named ?? '' }), named);
    assert.equal(await sops(), built);
    rmSync(built ?? '');
    assert.equal(await sops(), path);
    assert.deepEqual(said, []);
  });

  it('counts when it has asked the network about its version, or does not know how not to', async () => {
    const path = prints('bin/sops', `sops ${sopsVersion} (latest)`);
    assert.equal(await sops(), path);
    program(
      'bin/sops',
      `[ $# = 1 ] && echo "sops ${sopsVersion}" || { echo "flag provided but not defined"; exit 1; }`,
    );
    assert.equal(await sops(), path);
  });

  for (const line of [
    'sops 3.13.1',
    'sops 3.8.0 (latest)',
    `sops ${sopsVersion}-dev`,
    `sops 1${sopsVersion}`,
    'rsops 1',
  ]) {
    it(`is not ${line}, and that is said`, async () => {
      const path = prints('bin/sops', line);
      assert.equal(await sops(), undefined);
      assert.equal(said.length, 1);
      assert.ok(said[0]?.includes(path) && said[0].includes(`sops ${sopsVersion}`), said[0]);
      if (line.startsWith('sops')) assert.ok(said[0]?.includes(line), said[0]);
    });
  }

  it('is not a Lockstep that is installed under its name', async () => {
    for (const line of [`sops ${sopsVersion} (lockstep 0.1.0)`, `lockstep 0.1.0 (sops ${sopsVersion})`]) {
      prints('bin/sops', line);
      assert.equal(await sops(), undefined, line);
    }
    const script = prints('bin/sops', '');
    writeFileSync(script, `#!/usr/bin/env node\nconsole.log('sops ${sopsVersion}')\n`);
    assert.equal(await sops(), undefined);
    assert.match(said.at(-1) ?? '', /a script for Node/);
  });

  it('is passed over for the next place when it does not fit', async () => {
    const old = prints('named', 'sops 3.9.0');
    const built = prints('cache/sops', `sops ${sopsVersion}`);
    assert.equal(await sops({ LOCKSTEP_SOPS: old }), built);
    assert.match(said.join(), /LOCKSTEP_SOPS.*sops 3\.9\.0/);
    assert.equal(await sops({ LOCKSTEP_SOPS: join(folder, 'nowhere') }), built);
    program('named', 'exit 3');
    assert.equal(await sops({ LOCKSTEP_SOPS: old }), built);
  });

  it('is built when none fits and there is Go', async () => {
    prints('bin/sops', 'sops 3.9.0');
    program(
      'bin/go',
      'echo "$@" > "$GOBIN.args"; mkdir -p "$GOBIN"; touch "$GOBIN/sops"'
        .replace('mkdir', '/bin/mkdir')
        .replace('touch', '/bin/touch'),
    );
    assert.equal(await sops(), join(folder, 'cache', 'sops'));
    assert.ok(existsSync(join(folder, 'cache.args')));
  });

  it('age is one of version 1', async () => {
    const age = (line: string) => heard(() => findAge({ env: { PATH: bin(), LOCKSTEP_AGE: prints('age', line) } }));
    for (const line of ['1.1.1', 'v1.3.1']) assert.equal(await age(line), join(folder, 'age'));
    mkdirSync(bin());
    const other = prints('bin/age', 'age of the universe 13.8');
    said.length = 0;
    assert.equal(await age('0.9.2'), undefined);
    assert.ok(said.some((line) => line.includes('0.9.2')) && said.some((line) => line.includes(other)));
  });
});
