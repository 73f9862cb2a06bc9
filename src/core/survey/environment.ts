import { type Environment, knownEnvironment } from '../env/filenames.ts';

/**
 * The environment that a file belongs to, by the words of its name, else by those of the nearest folder that has one; undefined where
 * none has. @param path from the workspace folder, with slashes.
 */
export function environmentOf(path: string): Environment | undefined {
  for (const part of path.split('/').reverse()) {
    for (const word of part.split(/[^A-Za-z0-9]+/)) {
      const found = knownEnvironment(word);
      if (found) return found;
    }
  }
  return undefined;
}
