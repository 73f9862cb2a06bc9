import { dirname } from 'node:path';

/**
 * Packages that take long to set up and that few files need, with what is taken from them: set up when that is first used.
 * Each is an object or class that is only asked for its properties.
 */
const late = {
  re2js: ['RE2JS'],
  '@noble/post-quantum/hybrid.js': ['MLKEM768P256', 'MLKEM768X25519'],
  '@noble/curves/nist.js': ['p256'],
};

/** For esbuild: puts a stand-in in the place of each, which loads it. */
export const latePackages = {
  name: 'late-packages',
  setup(builder) {
    const [name, itself] = [latePackages.name, 'late-package-itself'];
    builder.onResolve({ filter: /^(re2js|@noble\/.*)$/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      // What such a package imports itself is its own affair.
      const known = Object.hasOwn(late, path) && !/[/\\]@noble[/\\]/.test(importer);
      if (!known || pluginData === name) return undefined;
      const found = await builder.resolve(path, { importer, kind, resolveDir, pluginData: name });
      return { path: found.path, errors: found.errors, namespace: name, pluginData: late[path] };
    });
    builder.onResolve({ filter: /.*/, namespace: name }, ({ path, pluginData }) => ({
      path,
      namespace: itself,
      pluginData,
    }));
    builder.onLoad({ filter: /.*/, namespace: name }, ({ path, pluginData: names }) => ({
      pluginData: names,
      contents: `let real;
        const late = (name) => new Proxy({}, { get: (_, key) => (real ??= require(${JSON.stringify(path)}))[name][key] });
        ${names.map((name) => `export const ${name} = late('${name}');`).join('\n')}`,
    }));
    // Only what is taken from it, so that the rest is left out of the bundle.
    builder.onLoad({ filter: /.*/, namespace: itself }, ({ path, pluginData: names }) => ({
      resolveDir: dirname(path),
      contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`,
    }));
  },
};
