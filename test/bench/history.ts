import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../../src/core/open/open.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { alice, keyringOf, later } from '../core/support.ts';

/** Writes a repository in which each commit changes one value of `secrets.yaml`. MACs stay as they were first: no history is verified. */
export async function longHistory(
  folder: string,
  commits: number,
  entries: number,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  mkdirSync(folder);
  const git = (...args: string[]) => spawn('git', args, { cwd: folder, env, stdio: ['pipe', 'ignore', 'ignore'] });
  await once(git('init', '-q', '-b', 'main'), 'close');
  const plain = Array.from({ length: entries }, (_, i) => `KEY_${i}: value-${i}-${'x'.repeat(i % 40)}\n`).join('');
  let now: string = (await seal(plain, 'yaml', { recipients: [alice.recipient] }, later)).text;
  const { dataKey, sealed } = await open(readSealed(now, 'yaml'), await keyringOf(alice.identity));
  const held = sealed.leaves.map(({ node, aad }) => ({
    aad,
    text: String(node.scalar.type === 'str' && node.scalar.value),
  }));
  const into = git('fast-import', '--quiet');
  for (let n = 0; n < commits; n++) {
    const one = held[n % entries];
    if (n > 0 && one) {
      const next = await dataKey.seal({ type: 'str', value: `value-${n}-again` }, one.aad);
      now = now.replace(one.text, next);
      one.text = next;
    }
    const message = `change ${n}`;
    const head = `commit refs/heads/main\ncommitter Ada <ada@example> ${1_600_000_000 + n * 3600} +0000\n`;
    const said = `data ${message.length}\n${message}\nM 644 inline secrets.yaml\ndata ${Buffer.byteLength(now)}\n${now}\n`;
    if (!into.stdin.write(head + said)) await once(into.stdin, 'drain');
  }
  into.stdin.end();
  await once(into, 'close');
  await once(git('reset', '-q', '--hard'), 'close');
  writeFileSync(join(folder, 'secrets.yaml'), now);
}

/** Milliseconds to the first line that a program prints, and to its end. */
export function linesOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly first: number; readonly last: number; readonly lines: number }> {
  const start = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let first = 0;
  let lines = 0;
  child.stdout.on('data', (data: Buffer) => {
    first ||= performance.now() - start;
    for (const byte of data) if (byte === 10) lines++;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve({ first, last: performance.now() - start, lines }));
  });
}

/** Milliseconds to the first line; then the program is ended. */
export async function firstLineOf(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const first = performance.now() - start;
  child.kill();
  await once(child, 'close');
  return first;
}
