// Builds dist/. Usage: node esbuild.mjs [--watch] [--production]
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { latePackages } from './esbuild.late.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/**
 * Modules that exist once at run time although two bundles use them: a class must be the same class on both sides of
 * a lazy load, or `instanceof` is false. Each becomes a small bundle of its own.
 */
const shared = { 'src/core/errors.ts': './errors.js' };

/** For the Secrets Editor's page. Icons are drawn into the bundle as text. */
const page = {
  format: 'iife',
  platform: 'browser',
  target: 'chrome120',
  supported: {},
  external: [],
  loader: { '.svg': 'text' },
};

/** What is built, as far as its source exists. `also`: what esbuild writes beside it. */
const bundles = [
  { entry: 'src/extension/extension.ts', out: 'dist/extension.js' },
  { entry: 'src/extension/engine.ts', out: 'dist/engine.js' },
  { entry: 'src/core/errors.ts', out: 'dist/errors.js' },
  // One file that can be copied anywhere; it has the shared modules in itself.
  {
    entry: 'src/cli/main.ts',
    out: 'dist/cli.js',
    options: { banner: { js: '#!/usr/bin/env node' }, plugins: [latePackages] },
  },
  { entry: 'media/editor/main.ts', out: 'dist/editor.js', also: ['dist/editor.css'], options: page },
  { entry: 'media/editor/text/main.ts', out: 'dist/editor-text.js', options: { ...page, globalName: 'lockstepText' } },
].filter((bundle) => existsSync(join(root, bundle.entry)));

/** `import('./engine.ts')` stays a `require('./engine.js')` at run time; shared modules are required likewise. */
const runtimeRequires = (bundle) => ({
  name: 'runtime-requires',
  setup(builder) {
    builder.onResolve({ filter: /\/engine(\.ts|\.js)?$/ }, (args) =>
      args.kind === 'dynamic-import' ? { path: './engine.js', external: true } : undefined,
    );
    builder.onResolve({ filter: /^\./ }, (args) => {
      const source = relative(root, resolve(args.resolveDir, args.path)).replaceAll('\\', '/');
      const path = shared[source];
      return path && source !== bundle.entry ? { path, external: true } : undefined;
    });
  },
});

const optionsOf = (bundle) => ({
  absWorkingDir: root,
  entryPoints: [bundle.entry],
  outfile: bundle.out,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // An `import()` is compiled to `require`, so that VS Code's own module hooks see it.
  supported: { 'dynamic-import': false },
  external: ['vscode'],
  // ESM sources first: they can be tree-shaken and have no run-time wrappers.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'info',
  plugins: [runtimeRequires(bundle), latePackages],
  ...bundle.options,
});

/** Removes what this build did not write, so that dist/ is never empty while another program reads it. */
function removeOthers() {
  const files = bundles.flatMap(({ out, also = [] }) => [out, ...also]);
  const written = files.flatMap((file) => (production ? [file] : [file, `${file}.map`]));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!written.includes(`dist/${name}`)) rmSync(join(root, 'dist', name), { recursive: true });
  }
}

if (bundles.length === 0) throw new Error('no bundle has a source to build from');
try {
  if (watch) {
    for (const bundle of bundles) await (await context(optionsOf(bundle))).watch();
  } else {
    await Promise.all(bundles.map((bundle) => build(optionsOf(bundle))));
    removeOthers();
  }
} catch {
  // esbuild has printed the errors already.
  process.exit(1);
}
