import assert from 'node:assert/strict';
import { bundlerBeside, bundlerHere } from '../../src/npm/building.ts';

const argv = (script: string, ...words: string[]) => ['/usr/bin/node', script, ...words];

describe('a program that makes bundles', () => {
  it('is known by its file or its package, and by what it is told to do', () => {
    for (const [script, words, name] of [
      ['/app/node_modules/.bin/webpack', [], 'webpack'],
      ['C:\\app\\node_modules\\webpack\\bin\\webpack.js', ['--mode', 'production'], 'webpack'],
      ['/app/node_modules/webpack-cli/bin/cli.js', [], 'webpack-cli'],
      ['/app/node_modules/vite/bin/vite.js', ['build'], 'vite'],
      ['/app/node_modules/.bin/next', ['build'], 'next'],
      ['/app/node_modules/rollup/dist/bin/rollup', ['-c'], 'rollup'],
      ['/app/node_modules/@angular/cli/bin/ng.js', ['build'], 'ng'],
    ] as const)
      assert.equal(bundlerHere({ argv: argv(script, ...words), env: {} }), name, script);
    assert.equal(bundlerHere({ argv: argv('/app/worker.js'), env: { NEXT_PHASE: 'phase-production-build' } }), 'next');
  });

  it('is no other program: servers, tests, and programs with such a word', () => {
    for (const [script, words] of [
      ['/app/server.js', ['build']],
      ['/app/node_modules/.bin/vite', ['dev']],
      ['/app/node_modules/.bin/next', ['start']],
      ['/app/node_modules/vitest/vitest.mjs', ['run']],
      ['/app/webpack/server.js', []],
      ['/app/node_modules/mocha/bin/mocha.js', ['constructor']],
    ] as const)
      assert.equal(bundlerHere({ argv: argv(script, ...words), env: {} }), undefined, script);
    assert.equal(bundlerHere({ argv: ['/usr/bin/node'], env: {} }), undefined);
  });

  it('is seen where its library is loaded, unless it compiles what runs', () => {
    const loaded = ['/app/build.cjs', '/app/node_modules/esbuild/lib/main.js'];
    const seen = { execArgv: [], env: {}, loaded };
    assert.equal(bundlerBeside(seen), 'esbuild');
    assert.equal(
      bundlerBeside({ ...seen, loaded: ['/app/node_modules/@rollup/rollup-linux-x64-gnu/a.node'] }),
      'rollup',
    );
    assert.equal(bundlerBeside({ ...seen, loaded: ['/app/esbuild/main.js'] }), undefined);
    assert.equal(bundlerBeside({ ...seen, env: { VITEST: 'true' } }), undefined);
    assert.equal(
      bundlerBeside({ ...seen, execArgv: ['--import', '/app/node_modules/tsx/dist/loader.mjs'] }),
      undefined,
    );
    assert.equal(bundlerBeside({ ...seen, env: { NODE_OPTIONS: '--import tsx' } }), undefined);
  });
});
