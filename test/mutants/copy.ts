import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kill, start } from '../run/child.mjs';
import { cache, root } from '../run/setup.mjs';
import type { Mutant } from './mutants.ts';

export interface Ran {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly error: string }[];
}

/** How long the tests of one mutant may take. */
const patience = 150_000;
const parts = ['src', 'media', 'test', 'esbuild.mjs', 'package.json', 'tsconfig.json'];

/** A copy of the project, in which protections are taken out. */
export class Copy {
  readonly folder: string;

  constructor(name: string, wanted: readonly string[] = parts) {
    this.folder = join(cache, 'mutants', `${process.pid}-${name}`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    for (const part of wanted) cpSync(join(root, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Does `work` without the protection, and puts it back. Throws for a text that does not stand there once. */
  async without<T>({ name, edits }: Mutant, work: () => Promise<T>): Promise<T> {
    const before = new Map(edits.map(({ file }) => [file, readFileSync(join(this.folder, file), 'utf8')] as const));
    try {
      for (const { file, line, by } of edits) {
        const path = join(this.folder, file);
        const [start, end, ...more] = readFileSync(path, 'utf8').split(line);
        if (end === undefined || more.length > 0) throw new Error(lost(name, file, line));
        writeFileSync(path, `${start}${by}${end}`);
      }
      return await work();
    } finally {
      for (const [file, text] of before) writeFileSync(join(this.folder, file), text);
    }
  }

  /** Runs test files here. Throws when they end otherwise than tests do. */
  async run(files: readonly string[], grep?: string): Promise<Ran> {
    const counts = join(this.folder, 'counts.json');
    rmSync(counts, { force: true });
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const reporter = ['--reporter', 'test/run/reporter.cjs', '--reporter-option', `counts=${counts}`];
    const some = grep === undefined ? [] : ['--grep', grep];
    const args = [mocha, '--exit', ...reporter, ...some, ...files];
    const child = start(process.execPath, args, { cwd: this.folder, stdio: 'ignore' });
    // A mutant may wait for what never comes, and so may what it started: all of that ends with it.
    const timer = setTimeout(() => kill(child, 'SIGKILL'), patience);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    endGroup(child.pid);
    if (!existsSync(counts)) throw new Error(`the tests did not end: ${files.join(', ')}`);
    return JSON.parse(readFileSync(counts, 'utf8')) as Ran;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What tests have left running: a mutant may keep them from ending it. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

/** What is said of a mutant that has to be written anew. */
export const lost = (name: string, file: string, line: string): string =>
  `the mutant “${name}” has lost its anchor: ${file} holds this not once:\n${line}`;
