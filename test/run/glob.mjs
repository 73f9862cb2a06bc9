import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** The files below a folder of the project whose names end so, with forward slashes; none when there is no folder. */
export function globSync(folder, ending) {
  const found = [];
  const walk = (path) => {
    let entries;
    try {
      entries = readdirSync(join(root, path), { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== 'node_modules') walk(inner);
      else if (entry.isFile() && entry.name.endsWith(ending)) found.push(inner);
    }
  };
  walk(folder);
  return found;
}
