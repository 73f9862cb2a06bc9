// Makes `import 'vscode'` mean the fake in this folder, for tests that run in plain Node.
const Module = require('node:module');
const { join } = require('node:path');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === 'vscode' ? join(__dirname, 'vscode.ts') : resolve.call(this, request, ...rest);
};
