import type { Io } from '../io.ts';
import { spoken } from '../name.ts';
import { describe } from './words.ts';

/**
 * Tells a person what went wrong, on standard error; the exit code. Started as `sops`, what sops says of it comes first, because
 * programs look for that.
 * @param verb what was being done. @param typed whether it takes `--input-type`, else nothing advises it.
 */
export async function tell(io: Io, error: unknown, verb: string, verbose: boolean, typed = true): Promise<number> {
  const { lines, exit } = describe(error, verbose);
  const [first = '', ...rest] = (typed ? lines : lines.map(untyped))
    .filter(Boolean)
    .map((line) => spoken(line, io.name));
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

/** Without the sentences that advise `--input-type`. */
const untyped = (line: string) => line.replace(/(?:^|(?<=\.) )[^.]*--input-type[^.]*\./g, '').trim();

/**
 * For a run under the name `sops` that no person watches: remarks wait until it is known how the run ends, and are told only if
 * it fails. Programs take anything on standard error for a failure, and sops would have said nothing.
 * @returns what stands in for `io`, and what tells the remarks.
 */
export function holdingRemarks(io: Io): { readonly io: Io; readonly tellRemarks: () => void } {
  const remarks: string[] = [];
  const writeStderr = (text: string) => {
    if (text.startsWith('lockstep: ')) remarks.push(text);
    else io.writeStderr(text);
  };
  // Its other members may be computed when they are asked for.
  const stand = Object.create(io, { writeStderr: { value: writeStderr } }) as Io;
  return { io: stand, tellRemarks: () => remarks.splice(0).forEach(io.writeStderr) };
}
