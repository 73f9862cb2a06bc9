import Module from 'node:module';
import { resolve } from 'node:path';

/** Anything that a bundle may ask of `vscode` while it is loaded. */
const anything: object = new Proxy(class {}, {
  get: (target, name) => (name === 'prototype' ? target.prototype : anything),
  apply: () => anything,
  construct: () => anything,
});

/** Loads a bundle of the extension anew, as VS Code does before it calls `activate`. */
export function loadBundle(file: string): void {
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
  const original = loader._load;
  const path = resolve(file);
  delete require.cache[path];
  loader._load = (name, ...rest) => (name === 'vscode' ? anything : original.call(loader, name, ...rest));
  try {
    require(path);
  } finally {
    loader._load = original;
  }
}
