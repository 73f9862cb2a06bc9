import type * as Threads from 'node:worker_threads';
import { SecretError, variablesSync } from './index.ts';
import { nodeRequire } from './noderequire.ts';

// As npm's `dotenv/config`: before the next module of the program runs, its variables are there. It waits for them, since a module that is
// imported beside one with a top-level `await` runs before that has ended.
const threads: typeof Threads = nodeRequire()('node:worker_threads');
/** What a thread finds that was started by one which has loaded them: their names. */
const mark = 'lockstep-secrets/config';

function isLoaded(): boolean {
  const names = threads.getEnvironmentData(mark);
  return Array.isArray(names) && names.every((name) => Object.hasOwn(process.env, String(name)));
}

/** Variables that are there already stay as they are. */
function load(): void {
  const found = variablesSync();
  for (const [name, value] of found) if (!Object.hasOwn(process.env, name)) process.env[name] = value;
  threads.setEnvironmentData(
    mark,
    found.map(([name]) => name),
  );
}

try {
  if (!isLoaded()) load();
} catch (error) {
  // On a server the platform may set them, and there is no file.
  const isAbsent = error instanceof SecretError && error.code === 'NO_FILE' && error.reason === undefined;
  if (!isAbsent || process.env.LOCKSTEP_ENV_NAME) throw error;
  process.emitWarning(error.message, { type: 'LockstepWarning' });
}
