import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readTree, root } from '../rules/tree.ts';

/** Ways to the network, and to telemetry, as they look in a bundle. */
const ways: readonly [string, RegExp][] = [
  ['http', /require\(\\?["'`](node:)?(http|https|http2)\\?["'`]\)/],
  ['sockets', /require\(\\?["'`](node:)?(net|tls|dgram)\\?["'`]\)/],
  ['names', /require\(\\?["'`](node:)?dns(\/promises)?\\?["'`]\)/],
  // Not a method that is called so or defined so.
  ['fetch', /(?<![\w$.])fetch\s*\((?![^()]*\)\s*\{)|(globalThis|window|self)\.fetch\b/],
  ['XMLHttpRequest', /\bXMLHttpRequest\b/],
  ['WebSocket', /\bWebSocket\b/],
  ['EventSource', /\bEventSource\b/],
  ['sendBeacon', /\bsendBeacon\b/],
  ['programs', /require\(\\?["'`](node:)?(child_process|cluster|worker_threads|inspector|vm|repl)\\?["'`]\)/],
  ['openExternal', /\bopenExternal\b/],
  ['modules unseen', /\b(getBuiltinModule|createRequire|dlopen)\b|\bprocess\.binding\b/],
  ['telemetry', /createTelemetryLogger|applicationinsights|machineId|sessionId\b/i],
];

/** What is allowed, and why. */
const exceptions: readonly { readonly file: string; readonly way: string; readonly reason: string }[] = [
  ...['cli-main', 'cli-often'].map((name) => ({
    file: `dist/${name}.js`,
    way: 'sockets',
    reason: 'the sockets of agents, and exec-file, which writes to its named pipe through a Socket; keyservice listens',
  })),
  {
    file: 'dist/cli.js',
    way: 'programs',
    reason: 'node:vm runs dist/cli-main.js or dist/cli-often.js, with what was compiled of it before',
  },
  {
    file: 'dist/cli-late.js',
    way: 'programs',
    reason: 'commander asks for it, to run verbs that are programs of their own; ours are not',
  },
  ...['http', 'sockets', 'names'].flatMap((way) => [
    {
      file: 'dist/cli-keyservice.js',
      way,
      reason:
        'gRPC: it answers on connections that came to a socket of ours, and asks key services that the user named or started',
    },
    { file: 'dist/npm/keyservice.js', way, reason: 'gRPC: it asks key services that the user named or started' },
  ]),
  {
    file: 'dist/npm/engine.js',
    way: 'programs',
    reason: 'git, gpg, age plugins, and the programs that give keys and secrets of other managers',
  },
  {
    file: 'dist/npm/index.js',
    way: 'programs',
    reason: 'worker_threads, for who waits without a promise, where something has to be waited for',
  },
  { file: 'dist/npm/engine.js', way: 'sockets', reason: 'the sockets of agents' },
  ...['index', 'config'].map((name) => ({
    file: `dist/npm/${name}.js`,
    way: 'modules unseen',
    reason: 'a bundle of a program has no require of its own: by this it takes vm and worker_threads',
  })),
  ...['cli-main', 'cli-often'].map((name) => ({
    file: `dist/${name}.js`,
    way: 'programs',
    reason: 'editors, exec-env, exec-file, and programs that give keys',
  })),
  {
    file: 'dist/engine.js',
    way: 'sockets',
    reason:
      'the agent and the key service listen for programs of this user; a connection only tells whether a socket is alive, that of the sops of this user too',
  },
  { file: 'dist/engine.js', way: 'programs', reason: 'git, to read, in a workspace that is trusted' },
];

/** Each exception is there for something. */
const unused = (found: readonly string[]) =>
  exceptions.filter(({ file, way }) => !found.includes(`${file}: ${way}`)).map(({ file, way }) => `${file}: ${way}`);

const found = (file: string, text: string) =>
  ways.filter(([, pattern]) => pattern.test(text)).map(([way]) => `${file}: ${way}`);

describe('network', () => {
  it('is not used by any bundle', () => {
    const bundles = readTree(
      [
        'extension',
        'engine',
        'errors',
        'editor',
        'editor-text',
        'versions',
        'cli',
        'cli-main',
        'cli-often',
        'cli-late',
        'cli-keyservice',
        ...['npm/index', 'npm/config', 'npm/engine', 'npm/late', 'npm/keyservice'],
      ].map((name) => `dist/${name}.js`),
      /\.js$/,
    );
    assert.ok(bundles.has('dist/extension.js'), `no bundle in ${join(root, 'dist')}: run npm run build`);
    const allowed = exceptions.map(({ file, way }) => `${file}: ${way}`);
    const all = [...bundles].flatMap(([file, text]) => found(file, text));
    assert.deepEqual(
      all.filter((one) => !allowed.includes(one)),
      [],
    );
    assert.deepEqual(unused(all), []);
  });

  it('would be noticed', () => {
    const uses = [
      'const h=require("node:http")',
      "var a=require('https')",
      'var n=require("net")',
      'await fetch("x")',
      'globalThis.fetch',
      'new XMLHttpRequest',
      'new WebSocket("wss://x")',
      'navigator.sendBeacon(u)',
      'vscode.env.machineId',
      'vscode.env.sessionId',
      'require("child_process")',
      'require("node:worker_threads")',
      'vscode.env.openExternal(u)',
      'process.getBuiltinModule("net")',
      'process.binding("spawn_sync")',
    ];
    for (const use of uses) assert.equal(found('a.js', use).length, 1, use);
    for (const use of ['this.prefetch(1)', 'git.fetch(1)', 'class A{fetch(a){}}', 'a.internet'])
      assert.deepEqual(found('a.js', use), [], use);
  });
});
