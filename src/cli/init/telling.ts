import { relative } from 'node:path';
import { visible } from '../../core/tree/path.ts';
import { isIgnored, isTracked } from '../../node/git.ts';
import type { Call } from '../call.ts';
import type { Rules } from './config.ts';
import type { Chosen } from './files.ts';
import type { Readers } from './readers.ts';

/** What is done, and what will be: a line for each step. */
export function planText(cwd: string, readers: Readers, rules: Rules, files: readonly Chosen[]): string {
  const config = relative(cwd, rules.path);
  const fresh = rules.fresh.map(({ label }) => label).join(', ');
  const rule = rules.text === undefined ? 'has rules for them' : fresh === '' ? 'new' : `a rule for ${fresh}`;
  const each = files.map(({ label, done }) => `Encrypt  ${label}${done ? ': is encrypted already' : ''}`);
  const lines = [`Key      ${readers.line}`, `Rules    ${config}: ${rule}`, ...each];
  return lines.map((line) => `${visible(line)}\n`).join('');
}

/** What was done, what to do next, and what git has to do with it. */
export async function nextText(call: Call, readers: Readers, rules: Rules, files: readonly Chosen[]): Promise<string> {
  const fresh = files.filter(({ done }) => !done);
  const written = [
    ...(rules.text === undefined ? [] : [relative(call.io.cwd, rules.path)]),
    ...fresh.map((one) => one.label),
  ];
  const done =
    written.length === 0
      ? 'Nothing was left to do.'
      : fresh.length === 0
        ? 'No file was encrypted.'
        : `Encrypted: ${fresh.map(({ label }) => label).join(', ')}`;
  const verified = fresh.length > 0 && !call.flags.on('yes-lock-me-out');
  const lines = [
    done,
    ...(verified ? ['Verified: your key decrypts what was written.'] : []),
    ...(await gitLines(fresh)),
    ...(readers.keyFile === undefined
      ? []
      : [`Next: back up your key. Without it nobody can read the files: ${readers.keyFile}`]),
    ...(written.length === 0 ? [] : [`Next: commit ${written.join(' ')}`]),
  ];
  return lines.map((line) => `${visible(line)}\n`).join('');
}

async function gitLines(files: readonly Chosen[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { path, label } of files) {
    if (await isTracked(path))
      lines.push(`${label} was committed as plaintext, and git history keeps that: change its values.`);
    else if (await isIgnored(path))
      lines.push(`${label} is in a .gitignore. Encrypted, it can be committed: take it out there.`);
  }
  return lines;
}
