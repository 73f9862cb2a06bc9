import { LockstepError } from '../errors.ts';
import type { Entry, Node } from '../format/document.ts';
import { entriesOf, itemsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { Lines } from '../view/lines.ts';
import { type Manager, managerKinds } from './kinds.ts';

/** How a person wants managers to be asked. */
export interface ManagersConfig {
  /** The program and the words that come first; `off`: its references are text like any other. */
  readonly programs: ReadonlyMap<Manager, readonly string[] | 'off'>;
  /** How long one question may take. */
  readonly seconds: number;
}

/** Long enough for somebody to lift a finger to the reader. */
const usual = 60;

/** Nothing is written down. */
export const noManagersConfig: ManagersConfig = { programs: new Map(), seconds: usual };

/**
 * Reads a person's `managers.yaml`:
 *
 *     op: [/usr/local/bin/op, --account, work]
 *     vault: bao
 *     bw: off
 *     seconds: 20
 *
 * Throws MANAGER (`config`) with the line of what cannot be.
 */
export function readManagersConfig(text: string): ManagersConfig {
  const lines = new Lines(text);
  const fail = (start: number): never => {
    throw new LockstepError('MANAGER', { what: 'config', line: lines.lineAt(start) + 1 });
  };
  const programs = new Map<Manager, readonly string[] | 'off'>();
  let { seconds } = noManagersConfig;
  for (const { key, keySpan, value } of entriesIn(text)) {
    const kind = managerKinds.find((one) => one === key);
    const words = kind && wordsOf(value);
    if (words) programs.set(kind, words);
    else if (key === 'seconds') seconds = secondsOf(value) ?? fail(keySpan.start);
    else fail(keySpan.start);
  }
  return { programs, seconds };
}

function entriesIn(text: string): readonly Entry[] {
  try {
    const doc = getFormat('yaml').parse(text);
    const [root] = doc.documents;
    if (root?.kind !== 'map' || doc.documents.length > 1 || doc.metadata[0])
      throw new LockstepError('MANAGER', { what: 'config', line: 1 });
    return entriesOf(root);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code === 'MANAGER') throw error;
    if (error.code === 'EMPTY_FILE') return [];
    throw new LockstepError('MANAGER', { what: 'config', line: error.place.line ?? 1 });
  }
}

function wordsOf(node: Node): readonly string[] | 'off' | undefined {
  if (node.kind === 'scalar' && node.scalar.type === 'bool' && !node.scalar.value) return 'off';
  const all = node.kind === 'list' ? itemsOf(node) : [node];
  const words = all.map((one) => (one.kind === 'scalar' && one.scalar.type === 'str' ? one.scalar.value : undefined));
  if (words.length === 1 && words[0] === 'off') return 'off';
  const isWord = (word: unknown): word is string => typeof word === 'string' && word !== '' && !/\p{Cc}/u.test(word);
  return words.length > 0 && words.every(isWord) && isProgram(words[0] ?? '') ? words : undefined;
}

/** A name that is looked for on PATH, or a whole path: one from the current folder would be another program in each. */
const isProgram = (word: string) => !/[\\/]/.test(word) || /^(?:\/|[A-Za-z]:[\\/])/.test(word);

/** Undefined for what is no number of seconds that anybody would wait. */
function secondsOf(node: Node): number | undefined {
  const seconds = node.kind === 'scalar' && node.scalar.type === 'int' ? Number(node.scalar.value) : 0;
  return seconds >= 1 && seconds <= 600 ? seconds : undefined;
}
