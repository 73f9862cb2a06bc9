import { posix } from 'node:path';

/** Path from the root, with forward slashes → text. */
export type Tree = ReadonlyMap<string, string>;

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Packages that need no Node and no DOM. */
const purePackages = [
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  '@scure/base',
  '@scure/bip39',
  'age-encryption',
  'bcrypt-pbkdf',
  'jsonc-parser',
  'qr',
  're2js',
  'shamir-secret-sharing',
];
/** The package that speaks for a key service, in the bundle of its own. */
const keyServicePackages = ['@grpc/grpc-js'];
/** Packages of the command line. */
const commandPackages = ['commander'];
/** Packages of the webview. */
const webviewPackages = ['@codemirror', '@lezer', '@vscode/codicons'];
/** Features that every other feature may ask. */
const commonFeatures = ['batch', 'person', 'policy', 'session', 'survey', 'ui', 'vault', 'versions'];
/** Files beside the features that put them together. */
const wiring = ['src/extension/extension.ts', 'src/extension/engine.ts', 'src/extension/nodeengine.ts'];
/** The one of them that brings Node; the engine and its features run in a browser, too. */
const nodeWiring = 'src/extension/nodeengine.ts';

const patterns = [
  /^[ \t]*(?:import|export)[ \t]+(type[ \t]+)?(?:[\w*$\s{},]+?[ \t\n]from[ \t]*)?['"]([^'"\n]+)['"]/gm,
  /\b(?:import|require)(\s*)\(\s*['"]([^'"\n]+)['"]\s*\)/g,
];

/** The imports of a file, also dynamic ones and `require`, but none in comments. */
export function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
  return patterns.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      target: match[2] ?? '',
      typeOnly: /^type\s/.test(match[1] ?? ''),
    })),
  );
}

/** The same, with what is imported of the project by its path from the root. */
export function linksOf(file: string, text: string): Import[] {
  return importsOf(text).map(({ target, typeOnly }) => ({
    target: target.startsWith('.') ? posix.join(posix.dirname(file), target) : target,
    typeOnly,
  }));
}

const within = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
const isPackage = (target: string, names: readonly string[]) =>
  names.some((name) => target === name || target.startsWith(`${name}/`));

type Verdict = (target: string, typeOnly: boolean) => boolean;

/** The room of a file, as the test of what it may import; undefined for files of no room. */
function room(file: string): Verdict | undefined {
  if (within(file, 'src/core')) return (target) => within(target, 'src/core') || isPackage(target, purePackages);
  if (within(file, 'src/protocol')) {
    return (target, typeOnly) => within(target, 'src/protocol') || (typeOnly && within(target, 'src/core'));
  }
  if (within(file, 'src/node')) {
    return (target) =>
      within(target, 'src/core', 'src/protocol', 'src/node') ||
      target.startsWith('node:') ||
      (['src/node/keyservice/grpc.ts', 'src/node/keyservice/asking.ts'].includes(file) &&
        isPackage(target, keyServicePackages));
  }
  if (within(file, 'src/cli')) {
    return (target) =>
      within(target, 'src/core', 'src/protocol', 'src/node', 'src/cli') ||
      target.startsWith('node:') ||
      isPackage(target, commandPackages);
  }
  // What programs import: the way of the command line, without its process.
  if (within(file, 'src/npm')) {
    return (target) =>
      within(target, 'src/core', 'src/protocol', 'src/node', 'src/cli', 'src/npm') || target.startsWith('node:');
  }
  if (within(file, 'src/extension')) return extensionRoom(file);
  if (within(file, 'media')) {
    return (target) => within(target, 'media', 'src/protocol', 'src/core/view') || isPackage(target, webviewPackages);
  }
  return undefined;
}

function extensionRoom(file: string): Verdict {
  const common = commonFeatures.map((feature) => `src/extension/${feature}`);
  const feature = file.split('/').length > 3 ? posix.dirname(file).split('/').slice(0, 3).join('/') : undefined;
  return (target, typeOnly) => {
    // A session opens files, and holds what is open: nothing else here does.
    if (target === 'src/core/open/open.ts') return typeOnly;
    if (target === 'vscode' || within(target, 'src/core', 'src/protocol')) return true;
    if (within(target, 'src/node')) return file === nodeWiring;
    if (!within(target, 'src/extension')) return false;
    if (wiring.includes(file)) return true;
    if (wiring.includes(target)) return typeOnly;
    const beside = posix.dirname(target) === 'src/extension';
    return beside || within(target, ...common) || (feature !== undefined && within(target, feature));
  };
}

/** Every import that its room does not allow, as `file → target`. */
export function forbiddenImports(tree: Tree): string[] {
  const found: string[] = [];
  for (const [file, text] of tree) {
    if (!/\.(ts|tsx|js|mjs)$/.test(file) || file.endsWith('.d.ts')) continue;
    const allows = room(file);
    if (!allows) {
      found.push(`${file} is in no room`);
      continue;
    }
    for (const { target, typeOnly } of linksOf(file, text)) {
      if (!allows(target, typeOnly)) found.push(`${file} → ${target}`);
    }
  }
  return found;
}
