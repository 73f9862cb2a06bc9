import { posix } from 'node:path';
import { linksOf, type Tree } from './imports.ts';

/** The files of a tree that import one another in a circle, types and dynamic imports counted. */
export function circles(tree: Tree): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    for (const { target } of linksOf(file, tree.get(file) ?? '')) if (tree.has(target)) visit(target, [...way, file]);
    done.add(file);
  };
  for (const file of tree.keys()) visit(file, []);
  return found;
}

/** Folders that hold more than `most` files themselves, with how many. */
export function crowded(tree: Tree, most: number): string[] {
  const counts = new Map<string, number>();
  for (const file of tree.keys()) {
    const folder = posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > most).map(([folder, count]) => `${folder}: ${count}`);
}

const exported = /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm;
const imported = /(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g;
const whole = /(?:import\s+\*\s+as\s+\w+\s+from\s*|\bimport\(\s*|\brequire\(\s*|typeof import\(\s*)'([^']+)'/g;

/** What a file of the tree exports and no other file of it takes, as `file: name`. `entries` are loaded from outside. */
export function unusedExports(tree: Tree, entries: readonly string[]): string[] {
  const used = new Set<string>();
  const all = new Set<string>(entries);
  for (const [file, text] of tree) {
    const to = (target: string) => posix.join(posix.dirname(file), target);
    for (const [, names = '', target = ''] of text.matchAll(imported)) {
      for (const name of names.split(','))
        used.add(`${to(target)}: ${name.replace(/^\s*type\s|\sas\s.*$/g, '').trim()}`);
    }
    for (const [, target = ''] of text.matchAll(whole)) all.add(to(target));
  }
  return [...tree].flatMap(([file, text]) =>
    all.has(file)
      ? []
      : [...text.matchAll(exported)].map((match) => `${file}: ${match[1]}`).filter((one) => !used.has(one)),
  );
}
