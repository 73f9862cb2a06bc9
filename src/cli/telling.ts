import type { Io } from './io.ts';
import { spoken } from './name.ts';
import { describe } from './words.ts';

/**
 * Tells a person what went wrong, on standard error; the exit code. Started as `sops`, what sops says of it comes first, because
 * programs look for that.
 * @param verb what was being done.
 */
export async function tell(io: Io, error: unknown, verb: string, verbose: boolean): Promise<number> {
  const { lines, exit } = describe(error, verbose);
  const [first = '', ...rest] = lines.map((line) => spoken(line, io.name));
  const ours = `${[`lockstep: ${first}`, ...rest].join('\n')}\n`;
  if (io.name === 'lockstep') {
    io.writeStderr(ours);
    return exit;
  }
  const { emptyGroup, phraseOf } = await import('./phrases.ts');
  const phrase = phraseOf(error, { verb, cwd: io.cwd });
  // This one is compared as a whole.
  const alone = phrase === emptyGroup && !io.interactive;
  io.writeStderr(`${phrase === undefined ? '' : `${phrase}\n`}${alone ? '' : ours}`);
  return exit;
}
