/**
 * Variables by which Node loads code, looks for modules, writes files or shows more than it should before the first line of a program runs.
 * Our command line holds a data key, so it starts without them, also where VS Code sets some for its debugger; the program that
 * it starts gets them back.
 */
export const keptVariables = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_DEBUG',
  'NODE_DEBUG_NATIVE',
  'NODE_V8_COVERAGE',
  'NODE_REDIRECT_WARNINGS',
  'NODE_COMPILE_CACHE',
  'NODE_ICU_DATA',
  'NODE_EXTRA_CA_CERTS',
  'NODE_PRESERVE_SYMLINKS',
  'NODE_PRESERVE_SYMLINKS_MAIN',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_USE_ENV_PROXY',
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'VSCODE_INSPECTOR_OPTIONS',
  'ELECTRON_RUN_AS_NODE',
] as const;

/** What such a variable is called meanwhile. */
export const keptPrefix = 'LOCKSTEP_KEPT_';

/** Set where they were put aside. */
export const keptMark = 'LOCKSTEP_KEPT';

/** Gives the variables back that were put aside before Node started, and takes away what only we needed. */
export function giveBack(env: NodeJS.ProcessEnv): void {
  if (env[keptMark] === undefined) return;
  delete env[keptMark];
  for (const name of keptVariables) {
    const kept = env[keptPrefix + name];
    delete env[keptPrefix + name];
    // An empty one stands for none where a variable cannot be taken away.
    if (kept === undefined) delete env[name];
    else env[name] = kept;
  }
}
