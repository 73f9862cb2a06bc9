import type * as Module from 'node:module';

/** `require` for what Node itself has. A bundle that is an ES module has none. */
export function nodeRequire(): NodeJS.Require {
  const { createRequire }: typeof Module = process.getBuiltinModule
    ? process.getBuiltinModule('node:module')
    : require('node:module');
  return createRequire(process.execPath);
}
