import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Tree } from './imports.ts';

export const root = join(__dirname, '..', '..');

/** Reads the text files below the given files and folders of the project. */
export function readTree(places: readonly string[], endings: RegExp): Tree {
  const tree = new Map<string, string>();
  const read = (path: string) => tree.set(relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!['node_modules', 'dist', '.cache', 'vectors'].includes(entry.name)) walk(path);
      } else if (endings.test(entry.name)) read(path);
    }
  };
  for (const place of places.map((name) => join(root, name))) {
    if (!existsSync(place)) continue;
    if (endings.test(place)) read(place);
    else walk(place);
  }
  return tree;
}
