import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { formatOfBytes } from '../../core/format/which.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import type { FileFacts } from '../../core/survey/facts.ts';
import { visible } from '../../core/tree/path.ts';
import { isConfigName, isDotenvxKeysName } from '../../core/view/names.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { type Input, readFileOperand } from '../files/input.ts';
import { listed } from '../files/namedkeys.ts';
import { surveyFolder } from '../files/survey.ts';

/** A file that is to be encrypted, or is already. */
export interface Chosen extends Input {
  readonly path: string;
  readonly done: boolean;
}

/**
 * The second step: the files of `--files`, else those that should be encrypted and that a person chooses. Throws AboutFile and Failure for
 * what is named and cannot be encrypted.
 * @param at the path of `.sops.yaml`.
 */
export async function chooseFiles(call: Call, at: string): Promise<Chosen[]> {
  const named = [...listed(call.flags, 'files'), ...call.args].filter((one) => one !== '');
  const labels = named.length > 0 ? named : await pickFound(call, await findPlain(call, at));
  const chosen: Chosen[] = [];
  const seen = new Set<string>();
  for (const label of labels) {
    const path = resolve(call.io.cwd, label);
    if (seen.has(path)) continue;
    seen.add(path);
    requireInside(dirname(at), path, label);
    const input = await readFileOperand({ ...call, args: [label] }, exit.noFile);
    chosen.push({ ...input, done: isEncrypted(input) });
  }
  return chosen;
}

function requireInside(root: string, path: string, label: string): void {
  if (isConfigName(path.replaceAll('\\', '/')))
    throw new Failure(exit.generic, `${visible(label)}: This file says what is encrypted, and stays plaintext.`);
  const way = relative(root, path);
  if (way.startsWith('..') || isAbsolute(way))
    throw new Failure(
      exit.generic,
      `${visible(label)}: The file is outside ${visible(root)}, where the rules are.`,
      'Run lockstep init in a folder that holds it.',
    );
}

/** What cannot be read as text is no encrypted file; that it cannot be encrypted either shows later. */
function isEncrypted({ name, content }: Input): boolean {
  try {
    const { text, format } = formatOfBytes(name, content.bytes);
    return isSealed(text, format);
  } catch {
    return false;
  }
}

interface Found {
  readonly label: string;
  readonly facts: Extract<FileFacts, { kind: 'plain' }>;
}

/** What should be encrypted, by the rules of `at` or by none: a folder with rules of its own is set up there. */
async function findPlain(call: Call, at: string): Promise<Found[]> {
  const { io } = call;
  const { files, cut } = await surveyFolder(call, dirname(at));
  if (cut) io.writeStderr('lockstep: There are too many files to look at all of them. Name yours with --files.\n');
  const found: Found[] = [];
  for (const { path, facts, config } of files) {
    if ((config !== undefined && config !== at) || isDotenvxKeysName(path.replaceAll('\\', '/'))) continue;
    const label = relative(io.cwd, path);
    if (facts.kind === 'plain' && facts.values !== 0) found.push({ label, facts });
    const out = facts.kind === 'unread' ? 'cannot be read' : facts.kind === 'conflict' ? 'is in conflict' : undefined;
    if (out) io.writeStderr(`lockstep: ${visible(label)}: This ${out}, so it is left out.\n`);
  }
  return found;
}

/** Without a person those with values: programs may need the other files, private keys, as they are. */
async function pickFound({ io, flags }: Call, found: readonly Found[]): Promise<string[]> {
  const keys = found.filter(({ facts }) => typeof facts.values === 'string');
  if (flags.on('yes')) {
    for (const { label } of keys)
      io.writeStderr(`lockstep: ${visible(label)}: This is a private key. --files encrypts it.\n`);
    return found.filter((one) => !keys.includes(one)).map(({ label }) => label);
  }
  if (found.length === 0) return [];
  const lines = found.map(({ label, facts }, i) => `  ${i + 1}  ${visible(label)}: ${holds(facts.values)}\n`);
  io.writeStderr(`These files should be encrypted:\n${lines.join('')}`);
  const answer = await io.ask('Which ones? Enter: all. Or their numbers, such as 1,3. Or n: none. ');
  if (answer === undefined) throw new Failure(exit.generic, 'There is no answer.', 'Nothing was written. Use --files.');
  return numbered(answer.trim(), found).map(({ label }) => label);
}

function numbered(answer: string, found: readonly Found[]): readonly Found[] {
  if (answer === '') return found;
  if (answer.toLowerCase() === 'n') return [];
  return answer.split(/[\s,]+/).map((word) => {
    const one = /^\d+$/.test(word) ? found[Number(word) - 1] : undefined;
    if (!one)
      throw new Failure(exit.generic, `There is no file with the number ${visible(word)}.`, 'Nothing was written.');
    return one;
  });
}

function holds(values: number | 'key' | 'store'): string {
  if (values === 'key') return 'a private key';
  if (values === 'store') return 'a key store';
  return values === 1 ? '1 plaintext value' : `${values} plaintext values`;
}
