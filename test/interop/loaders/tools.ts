import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../core/shared.ts';
import { missing, type WhyNot } from '../../skip.ts';

/** One text of a `.env`, and the variables around it. */
export interface Given {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
}
/** What a loader makes of it; null where it refuses the file. */
export type Answer = Readonly<Record<string, string>> | null;

const here = join(root, 'test', 'interop', 'loaders');
const cache = join(root, '.cache', 'loaders');
const pythonDotenv = 'python-dotenv==1.2.4';
const strict = process.env.CI === 'true' || process.env.LOCKSTEP_REQUIRE_INTEROP === '1';

function run(command: string, args: readonly string[], cwd = here): void {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 300_000 });
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? stderr}`);
}

/** A loader's own program, made once and kept. */
interface Loader {
  readonly needs: string;
  readonly program: string;
  readonly words: readonly string[];
  make(): void;
}

const python = join(cache, 'python-1.2.4');
export const loaderPrograms = {
  compose: {
    needs: 'Go',
    program: join(cache, 'compose-2.16.2'),
    words: [],
    make: () => run('go', ['build', '-o', join(cache, 'compose-2.16.2'), '.']),
  },
  python: {
    needs: 'Python with venv',
    program: join(python, 'bin', 'python'),
    words: [join(here, 'python.py')],
    make: () => {
      try {
        run('python3', ['-m', 'venv', python]);
        run(join(python, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', pythonDotenv]);
      } catch (error) {
        // Half of it would be taken for all of it the next time.
        rmSync(python, { recursive: true, force: true });
        throw error;
      }
    },
  },
} as const satisfies Record<string, Loader>;

/** Why a loader cannot be asked here; undefined where it can. With CI that is an error. */
export function cannotAsk({ needs, program, make }: Loader): WhyNot {
  try {
    mkdirSync(cache, { recursive: true });
    if (!existsSync(program)) make();
    return undefined;
  } catch (error) {
    if (strict) throw error;
    return missing(`${needs} on this machine, or network`, false);
  }
}

/** What the loader makes of each text, in one run of it. */
export function ask({ program, words }: Loader, given: readonly Given[]): Answer[] {
  const input = given.map((one) => JSON.stringify(one)).join('\n');
  const { status, stdout, stderr } = spawnSync(program, words, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  const answers = stdout.trimEnd().split('\n');
  if (answers.length !== given.length) throw new Error(`${program}: ${answers.length} answers to ${given.length}`);
  return answers.map((line) => JSON.parse(line) as Answer);
}
