import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { bytesOfText } from '../../../src/core/format/encoding.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { addRecipients } from '../../../src/core/keys/updatekeys.ts';
import { driverSettings } from '../../../src/core/merge/driver.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { withAttributes } from '../../../src/core/rules/attributes.ts';
import { globsOf } from '../../../src/core/rules/globs.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { editText } from '../../core/changes.ts';
import { alice, clock, formatOf, later, reopen } from '../../core/support.ts';
import { runCli } from '../built.ts';

export interface GitRan {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A repository with real git, which finds the built command line as `lockstep`, and people's changes of encrypted files in it. */
export class Repo {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep git ')));
  folder = join(this.home, 'work');
  readonly #cli: string;
  readonly env: NodeJS.ProcessEnv;

  constructor(cli: string, ...init: string[]) {
    this.#cli = cli;
    const bin = join(this.home, 'bin');
    for (const folder of [this.folder, bin]) mkdirSync(folder);
    const shim = join(bin, 'lockstep');
    writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
    chmodSync(shim, 0o755);
    this.env = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      HOME: this.home,
      XDG_CONFIG_HOME: this.home,
      XDG_STATE_HOME: this.home,
      SOPS_AGE_KEY: alice.identity,
      GIT_CONFIG_NOSYSTEM: '1',
    };
    for (const person of ['AUTHOR', 'COMMITTER']) {
      this.env[`GIT_${person}_NAME`] = 'Ada';
      this.env[`GIT_${person}_EMAIL`] = 'ada@example';
    }
    this.git('init', '-q', '-b', 'main', ...init);
    this.write('.sops.yaml', `creation_rules:\n  - path_regex: \\.enc\\.\n    age: ${alice.recipient}\n`);
  }

  git(...args: string[]): GitRan {
    return this.program('git', ...args);
  }

  /** Any program of PATH. */
  program(name: string, ...args: string[]): GitRan {
    const { status, stdout, stderr } = spawnSync(name, args, { cwd: this.folder, env: this.env, encoding: 'utf8' });
    return { code: status ?? -1, out: stdout, err: stderr };
  }

  /** git, which has to succeed. */
  done(...args: string[]): string {
    const { code, out, err } = this.git(...args);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${code}\n${out}\n${err}`);
    return out;
  }

  lockstep(...args: string[]): GitRan {
    const { status, stdout, stderr } = runCli(this.#cli, args, this.folder, this.env);
    return { code: status ?? -1, out: stdout, err: stderr };
  }

  /** Sets git up as `git install` does, which has its own tests; the lines are committed. */
  install(): void {
    for (const { name, value } of driverSettings())
      appendFileSync(this.path('.git/config'), `[merge "lockstep"]\n\t${name.split('.').at(-1)} = ${value}\n`);
    this.write('.gitattributes', withAttributes('', globsOf('\\.enc\\.') ?? []));
    this.commit('set up');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  commit(message: string): void {
    this.done('add', '-A');
    this.done('commit', '-q', '-m', message);
  }

  /** Encrypts a new file. */
  async seal(name: string, plain: string, recipients = [alice.recipient]): Promise<void> {
    const { bytes } = await sealBytes(Buffer.from(plain), formatIn(name), { recipients }, clock);
    this.write(name, bytes);
  }

  /** Somebody edits the file; `rotated` makes a new data key first. */
  async edit(name: string, change: (plain: string) => string, rotated = false): Promise<void> {
    const format = formatIn(name);
    let opened = await reopen(this.read(name), format);
    if (rotated) opened = await reopen((await rotate(opened, later)).text, format);
    const { text } = await editText(opened, change(Buffer.from(await unsealBytes(opened)).toString('utf8')), later);
    this.write(name, bytesOfText(text));
  }

  async addReader(name: string, recipient: string): Promise<void> {
    const { sealed, dataKey } = await reopen(this.read(name), formatIn(name));
    this.write(name, bytesOfText((await addRecipients(sealed, dataKey, [recipient])).text));
  }

  /** What the file holds. Throws unless it is whole. */
  async plain(name: string, text = this.read(name)): Promise<string> {
    const opened = await reopen(text, formatIn(name));
    if (!opened.verdict.ok) throw new Error(opened.verdict.code);
    return Buffer.from(await unsealBytes(opened)).toString('utf8');
  }

  dispose(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

const formatIn = (name: string) => (name.endsWith('.bin') ? 'binary' : formatOf(name));
