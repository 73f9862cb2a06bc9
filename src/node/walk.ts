import { type Dirent, lstatSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { holdsBytes, textOfBytes } from '../core/format/encoding.ts';
import { unsurveyedFolders } from '../core/survey/candidates.ts';
import { namedOnDisk } from './files.ts';
import { filesIn } from './git.ts';

/** Files of a folder, and whether there were more than one can look at. */
interface Walked {
  /** Absolute, sorted. */
  readonly files: readonly string[];
  readonly cut: boolean;
}

/** Far more files than repositories with secrets have. */
const usualMost = 100_000;

/**
 * The files below a folder: in a work tree of git those that it does not ignore, else all but those in folders that package managers
 * fill. No link to a folder is followed. A folder that cannot be read is passed over.
 * @param anyName files whose names are no UTF-8 are there, too, with names as `textOfBytes` has them, which `readBytes` takes
 */
export async function walk(folder: string, most = usualMost, anyName = false): Promise<Walked> {
  const known = await filesIn(folder, anyName);
  const files = known ? known.map((name) => join(folder, name)) : await listed(folder, most + 1, anyName);
  return { files: files.slice(0, most).sort(), cut: files.length > most };
}

/** The links among files that lead out of a folder: what they lead to is not in it. */
export function linksOut(folder: string, files: readonly string[]): string[] {
  const root = realpathSync(folder);
  return files.filter((path) => {
    try {
      return lstatSync(namedOnDisk(path)).isSymbolicLink() && !isBelow(root, realpathSync(namedOnDisk(path)));
    } catch {
      return false;
    }
  });
}

const isBelow = (folder: string, path: string) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

async function listed(folder: string, most: number, anyName: boolean): Promise<string[]> {
  const found: string[] = [];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined && found.length < most; at = folders.pop()) {
    const options = { withFileTypes: true, encoding: 'buffer' } as const;
    const entries: Dirent<Buffer>[] = await readdir(namedOnDisk(at), options).catch(() => []);
    for (const entry of entries) {
      const name = textOfBytes(entry.name);
      if (holdsBytes(name) && !anyName) continue;
      if (entry.isDirectory() && !isUnsurveyed(name)) folders.push(join(at, name));
      else if (!entry.isDirectory()) found.push(join(at, name));
    }
  }
  return found;
}

const isUnsurveyed = (name: string) => (unsurveyedFolders as readonly string[]).includes(name);
