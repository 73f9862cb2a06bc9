import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { environmentOf, knownEnvironment } from '../../core/env/filenames.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { visible } from '../../core/tree/path.ts';
import { readBytesSync } from '../../node/files.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';

interface Named {
  readonly name: string;
  readonly environment: string | undefined;
}

/** How far up files are looked for. */
const maxDepth = 100;

/**
 * The secret files of an environment, by their names: those in the current folder, else in the nearest folder above it that has any, up to the
 * root of the repository. Seen from the current folder.
 * @param wanted `production`; undefined for the files that speak of no environment, such as `.env`.
 * Throws Failure with the environments that there are.
 */
export function filesOfEnvironment({ cwd }: Io, wanted: string | undefined): string[] {
  const seen = new Set<string>();
  for (let folder = cwd, depth = 0; depth < maxDepth; depth++) {
    const named = namesIn(folder).map((name) => ({ name, environment: environmentOf(name) }));
    const found = ofEnvironment(named, wanted ?? '');
    if (found.length > 0) {
      const paths = found.map(({ name }) => join(folder, name));
      // A plaintext copy beside the encrypted file is no second source.
      const encrypted = paths.filter(isEncrypted);
      return (encrypted.length > 0 ? encrypted : paths).map((path) => relative(cwd, path));
    }
    for (const { environment } of named) if (environment) seen.add(environment);
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  throw nothing(wanted, [...seen].sort());
}

/** `prod` finds `.env.production` where nothing is called `prod`. */
function ofEnvironment(named: readonly Named[], wanted: string): readonly Named[] {
  const exact = named.filter(({ environment }) => environment?.toLowerCase() === wanted.toLowerCase());
  const kind = knownEnvironment(wanted);
  if (exact.length > 0 || kind === undefined) return exact;
  return named.filter(({ environment }) => environment && knownEnvironment(environment) === kind);
}

function isEncrypted(path: string): boolean {
  try {
    const { format, text } = formatOfBytes(path, readBytesSync(path).bytes);
    return isSealed(text, format);
  } catch {
    // Opening it says what is wrong.
    return true;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function nothing(wanted: string | undefined, others: readonly string[]): Failure {
  const there = others.length > 0 ? `Environments that there are: ${others.map(visible).join(', ')}.` : '';
  const hint =
    'A file is found by its name, such as .env.production or secrets.production.yaml; -f FILE names any other.';
  return wanted === undefined
    ? new Failure(
        exit.noFile,
        'No secret file is in this folder, or above it in the repository.',
        [others.length > 0 ? `${there} Choose one: --env-name NAME.` : '', hint].filter(Boolean).join(' '),
      )
    : new Failure(
        exit.noFile,
        `There is no environment ${visible(wanted)} here.`,
        [there, hint].filter(Boolean).join(' '),
      );
}
