// Builds dist/. Usage: node esbuild.mjs [--watch] [--production] [--cli file.js: the command line alone, as that file and those beside it]
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const { watch, production, cli } = parseArgs({
  options: { watch: { type: 'boolean' }, production: { type: 'boolean' }, cli: { type: 'string' } },
}).values;

/**
 * Modules that exist once at run time although two bundles use them: a class must be the same class on both sides of
 * a lazy load, or `instanceof` is false. Each becomes a small bundle of its own.
 */
const shared = { 'src/core/errors.ts': './errors.js' };

/** For pages in webviews. Icons are drawn into the bundle as text. */
const page = {
  format: 'iife',
  platform: 'browser',
  target: 'chrome120',
  supported: {},
  external: [],
  loader: { '.svg': 'text' },
};

/**
 * Packages that take long to set up and that few files need, with what is taken from them: set up when that is first used.
 * Each is a function, a class or an object of such.
 */
const late = {
  'bcrypt-pbkdf': ['pbkdf'],
  commander: ['Command', 'CommanderError', 'Option'],
  re2js: ['RE2JS'],
  '@noble/ciphers/chacha.js': ['chacha20', 'chacha20poly1305'],
  '@noble/curves/ed25519.js': ['ed25519', 'x25519'],
  '@noble/curves/nist.js': ['p256'],
  '@noble/curves/secp256k1.js': ['secp256k1'],
  '@noble/hashes/hkdf.js': ['expand', 'extract', 'hkdf'],
  '@noble/hashes/hmac.js': ['hmac'],
  '@noble/hashes/scrypt.js': ['scrypt', 'scryptAsync'],
  '@noble/hashes/sha2.js': ['sha256', 'sha512'],
  '@noble/post-quantum/hybrid.js': ['MLKEM768P256', 'MLKEM768X25519'],
};

/** The same of Node, for a process that lives for one verb. */
const lateParts = {
  'node:child_process': ['execFile', 'execFileSync', 'spawn'],
  'node:fs/promises': [
    'access',
    'chmod',
    'constants',
    'copyFile',
    'link',
    'lstat',
    'mkdir',
    'open',
    'readFile',
    'readdir',
    'realpath',
    'rename',
    'rm',
    'rmdir',
    'stat',
    'unlink',
    'writeFile',
  ],
  'node:net': ['createConnection', 'createServer', 'Socket'],
  'node:readline': ['createInterface'],
  'node:stream': ['Writable'],
  'node:timers/promises': ['setTimeout'],
  'node:tty': ['isatty', 'ReadStream'],
};

/** And for `--version`. */
const lateAtStart = { 'node:crypto': ['createHash'], 'node:vm': ['Script'] };

/**
 * For esbuild: puts a stand-in in the place of each, which loads it. @param beside the file that the packages are in, if it is not the
 * bundle itself: code that is not run still takes time to read.
 */
const latePackages = (late, beside) => ({
  name: 'late-packages',
  setup(builder) {
    const [name, itself] = ['late-packages', 'late-package-itself'];
    builder.onResolve(
      { filter: /^(node:|[a-z]|@noble\/)/ },
      async ({ path, importer, namespace, kind, resolveDir, pluginData }) => {
        // What such a package imports itself is its own affair.
        const known = Object.hasOwn(late, path) && !/[/\\]@noble[/\\]/.test(importer) && importer !== '';
        if (!known || namespace === name || pluginData === name) return undefined;
        if (path.startsWith('node:')) return { path, namespace: name, pluginData: late[path] };
        const found = await builder.resolve(path, { importer, kind, resolveDir, pluginData: name });
        return { path: found.path, errors: found.errors, namespace: name, pluginData: late[path] };
      },
    );
    builder.onResolve({ filter: /.*/, namespace: name }, ({ path, pluginData }) =>
      path.startsWith('node:') || path === beside ? { path, external: true } : { path, namespace: itself, pluginData },
    );
    builder.onLoad({ filter: /.*/, namespace: name }, ({ path, pluginData: names }) => ({
      pluginData: names,
      contents: `let real;
        const late = (name) => {
          const itself = () => (real ??= ${loading(path)})[name];
          return new Proxy(function () {}, {
            get: (_, key) => itself()[key],
            apply: (_, self, args) => Reflect.apply(itself(), self, args),
            construct: (_, args) => Reflect.construct(itself(), args),
          });
        };
        ${names.map((name) => `export const ${name} = late('${name}');`).join('\n')}`,
    }));
    const loading = (path) =>
      beside === undefined || path.startsWith('node:')
        ? `require(${JSON.stringify(path)})`
        : `require(${JSON.stringify(beside)})[${JSON.stringify(packagePath(path))}]()`;
    // Only what is taken from it, so that the rest is left out of the bundle.
    builder.onLoad({ filter: /.*/, namespace: itself }, ({ path, pluginData: names }) => ({
      resolveDir: dirname(path),
      contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
    }));
  },
});

/** Of a file of a package, what tells it from those of other packages, and of other copies of the package. */
const packagePath = (path) => relative(join(root, 'node_modules'), path).replaceAll('\\', '/');

/** For esbuild: the file with those packages, each set up when it is asked for. */
const packagesBeside = (late) => ({
  name: 'packages-beside',
  setup(builder) {
    const [name, itself] = ['late-packages-beside', 'late-package-itself'];
    const packages = Object.keys(late);
    builder.onResolve({ filter: /^late-packages-beside$/ }, ({ path }) => ({ path, namespace: name }));
    builder.onLoad({ filter: /.*/, namespace: name }, async () => {
      const found = await Promise.all(
        packages.map((path) => builder.resolve(path, { kind: 'import-statement', resolveDir: root })),
      );
      const getters = found.map(
        ({ path }, i) => `${JSON.stringify(packagePath(path))}: () => require('late:${packages[i]}:${path}')`,
      );
      return { contents: `module.exports = { ${getters.join(', ')} };`, resolveDir: root };
    });
    builder.onResolve({ filter: /^late:/ }, ({ path }) => {
      const [, one, file] = /^late:([^:]*):(.*)$/.exec(path);
      return { path: file, namespace: itself, pluginData: late[one] };
    });
    builder.onLoad({ filter: /.*/, namespace: itself }, ({ path, pluginData: names }) => ({
      resolveDir: dirname(path),
      contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
    }));
  },
});

/** The file of the command line that the first one loads, beside it, and that with what few runs need. */
const cliMain = (cli ?? 'dist/cli.js').replace(/\.js$/, '-main.js');
/**
 * The same with the code of a few verbs alone, which run often and for a moment, such as before each start of a program. Of a file that is
 * loaded every function takes time, also one that is never called.
 */
const cliOften = cliMain.replace(/-main\.js$/, '-often.js');
const oftenVerbs = ['decrypt', 'exec-env', 'exec-file', 'run'];
const cliLate = cliMain.replace(/-main\.js$/, '-late.js');

/** Beside them, for the extension too: gRPC, for whoever asks a key service of SOPS. */
const keyService = { source: 'src/node/keyservice/grpc.ts', out: cliMain.replace(/-main\.js$/, '-keyservice.js') };

/** For esbuild: that file is loaded when somebody asks. */
const keyServiceBeside = (path = `./${basename(keyService.out)}`) => ({
  name: 'key-service-beside',
  setup(builder) {
    builder.onResolve({ filter: /\/grpc\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
});

/** For esbuild: leaves modules out that nobody loads there. */
const leavingOut = (filter, isNeeded = () => false) => ({
  name: 'leaving-out',
  setup(builder) {
    builder.onResolve({ filter }, (args) => (isNeeded(args) ? undefined : { path: args.path, namespace: 'left-out' }));
    builder.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'throw new Error("left out");' }));
  },
});

/** What gRPC's library loads for things that we have switched off: 130 KB that read `.proto` files. */
const withoutProtoFiles = leavingOut(/^@grpc\/proto-loader$/);

/** What other verbs load. */
const withoutOtherVerbs = leavingOut(
  /^\.\/.+\.ts$/,
  ({ path, importer, kind }) =>
    kind !== 'dynamic-import' ||
    relative(root, importer).replaceAll('\\', '/') !== 'src/cli/loaders.ts' ||
    oftenVerbs.some((verb) => path === `./commands/${verb.replace('-', '')}.ts`),
);

/** One function, which the first file calls. */
const asFunction = {
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  charset: 'ascii',
};

/** The command line itself. */
const cliProgram = (out, ...plugins) => ({
  entry: 'src/cli/main.ts',
  out,
  options: {
    ...asFunction,
    plugins: [...plugins, keyServiceBeside(), latePackages({ ...late, ...lateParts }, `./${basename(cliLate)}`)],
  },
});

/** What the npm package has for programs: files that find each other beside them, wherever they are. */
const library = {
  name: 'library-beside',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/(index\.ts|(engine|late|keyservice)\.js)$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
    // Of what it imports, no more than it uses: the rest is in the engine.
    builder.onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, kind }) =>
      kind === 'entry-point' ? undefined : { path: resolve(resolveDir, path), sideEffects: false },
    );
  },
};
/** A program has no command line. */
const lateThere = Object.fromEntries(Object.entries(late).filter(([name]) => name !== 'commander'));

/** What a program loads itself stays readable: Node prints the line of an error that nobody catches. */
const part = (name, plugins, minify = production, entryPoints = [`src/npm/${name}.ts`]) => ({
  entry: 'src/npm/index.ts',
  out: `dist/npm/${name}.js`,
  options: { entryPoints, plugins, minify, charset: 'ascii', sourcemap: false },
});

/** For esbuild: a module that has the text of the bundle, and not what it does. */
const asText = {
  name: 'as-text',
  setup(builder) {
    builder.onEnd(({ errors }) => {
      const file = join(root, builder.initialOptions.outfile);
      if (errors.length === 0) writeFileSync(file, `module.exports = ${JSON.stringify(readFileSync(file, 'utf8'))};\n`);
    });
  },
};

/** What is built, as far as its source exists. `also`: what esbuild writes beside it. */
const bundles = [
  { entry: 'src/extension/extension.ts', out: 'dist/extension.js' },
  { entry: 'src/extension/nodeengine.ts', out: 'dist/engine.js' },
  { entry: 'src/core/errors.ts', out: 'dist/errors.js' },
  // Two files: what the first one does makes the second one load faster. They have the shared modules in themselves.
  {
    entry: 'src/cli/start.ts',
    out: cli ?? 'dist/cli.js',
    options: {
      banner: { js: '#!/usr/bin/env node' },
      define: { oftenVerbs: JSON.stringify(oftenVerbs) },
      plugins: [latePackages(lateAtStart)],
    },
  },
  cliProgram(cliMain),
  cliProgram(cliOften, withoutOtherVerbs),
  {
    entry: 'src/cli/main.ts',
    out: cliLate,
    options: { entryPoints: ['late-packages-beside'], plugins: [packagesBeside(late)] },
  },
  { entry: keyService.source, out: keyService.out, options: { plugins: [withoutProtoFiles] } },
  part('index', [library], false),
  part('config', [library], false),
  part('engine', [
    keyServiceBeside('./keyservice.js'),
    latePackages({ ...lateThere, ...lateParts }, './late.js'),
    asText,
  ]),
  part('late', [packagesBeside(lateThere), asText], production, ['late-packages-beside']),
  part('keyservice', [withoutProtoFiles, asText], production, [keyService.source]),
  { entry: 'media/editor/main.ts', out: 'dist/editor.js', also: ['dist/editor.css'], options: page },
  { entry: 'media/versions/main.ts', out: 'dist/versions.js', also: ['dist/versions.css'], options: page },
  { entry: 'media/editor/text/main.ts', out: 'dist/editor-text.js', options: { ...page, globalName: 'lockstepText' } },
].filter(
  ({ entry }) =>
    existsSync(join(root, entry)) && (cli === undefined || entry.startsWith('src/cli/') || entry === keyService.source),
);

/** `import('./nodeengine.ts')` stays a `require('./engine.js')` at run time; shared modules are required likewise. */
const runtimeRequires = (bundle) => ({
  name: 'runtime-requires',
  setup(builder) {
    builder.onResolve({ filter: /\/nodeengine\.ts$/ }, (args) =>
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
  // Licences are in a file beside the bundles.
  legalComments: 'none',
  metafile: true,
  logLevel: 'info',
  plugins: [runtimeRequires(bundle), keyServiceBeside(), latePackages(late)],
  ...bundle.options,
});

/** What went into each bundle, in esbuild's own form: read by what packages them, in no package itself. */
const metafile = 'metafile.json';

/** Where Node looks first for what kind of modules these are: the project's own file, in which it looks next, is large, and read at each start. */
const manifest = 'dist/package.json';

const joined = (metafiles) => ({
  inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
  outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
});

/** Removes what this build did not write, so that dist/ is never empty while another program reads it. */
function removeOthers() {
  const files = bundles.flatMap(({ out, also = [] }) => [out, ...also]);
  const written = ['dist/npm', manifest, ...files].flatMap((file) => (production ? [file] : [file, `${file}.map`]));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!written.includes(`dist/${name}`)) rmSync(join(root, 'dist', name), { recursive: true });
  }
}

if (bundles.length === 0) throw new Error('no bundle has a source to build from');
try {
  if (watch) {
    for (const bundle of bundles) await (await context(optionsOf(bundle))).watch();
  } else {
    const built = await Promise.all(bundles.map((bundle) => build(optionsOf(bundle))));
    if (cli === undefined) {
      removeOthers();
      writeFileSync(join(root, manifest), '{ "type": "commonjs" }\n');
      writeFileSync(join(root, 'dist', metafile), JSON.stringify(joined(built.map((one) => one.metafile))));
    }
  }
} catch {
  // esbuild has printed the errors already.
  process.exit(1);
}
