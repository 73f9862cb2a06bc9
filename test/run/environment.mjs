// The environment in which a run starts every program. One function makes it, so that nothing of the program that started
// the run reaches the programs that the run starts.

/**
 * Of npm's settings in the environment: how packages are reached and kept, and what native modules are compiled with.
 * That is for the person and the machine to say; everything else of an outer npm is about its own project.
 */
const reach = new Set([
  ...['registry', 'proxy', 'https_proxy', 'http_proxy', 'noproxy', 'ca', 'cafile', 'cert', 'key', 'strict_ssl'],
  ...['cache', 'userconfig', 'globalconfig', 'maxsockets', 'local_address', 'offline', 'prefer_offline'],
  ...['fetch_retries', 'fetch_retry_factor', 'fetch_retry_mintimeout', 'fetch_retry_maxtimeout', 'fetch_timeout'],
  ...['_auth', '_authtoken', 'nodedir', 'devdir', 'python'],
]);

/** What a registry or a scope has for itself, as `//registry.example/:_authToken` and `@scope:registry`. */
const ofRegistry = /^(\/\/|@[^:]+:registry$)/;

const foreign = [
  // Node: which it is, what it loads first, and whether packages for development are wanted.
  /^(NODE|NODE_OPTIONS|NODE_ENV|NODE_PATH|NODE_DEBUG|INIT_CWD)$/,
  // code-server's install script takes this for the version of Node.
  /^FORCE_NODE_VERSION$/,
  // Of the repository whose hook started the run; other repositories are made and read here.
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE)$/,
  // Of the VS Code whose terminal this is; the other names a program to use.
  /^VSCODE_(?!EXECUTABLE_PATH$)|^ELECTRON_RUN_AS_NODE$/,
  // The person's keys and settings, and what changes how tests are compiled or shown, are no part of a run.
  /^(SOPS|TSX)_|^PWDEBUG$/,
];

function stays(name) {
  const setting = /^npm_config_(.*)$/i.exec(name)?.[1];
  if (setting !== undefined) return ofRegistry.test(setting) || reach.has(setting.toLowerCase().replaceAll('-', '_'));
  return !/^(npm|pnpm)_/i.test(name) && !foreign.some((pattern) => pattern.test(name));
}

/**
 * What a program is started with: this process's environment (or `from`) without what belongs to the npm, the Node, the
 * git hook or the VS Code that it runs inside, and with `added`, whose undefined values take names out.
 * @param {Readonly<Record<string, string | undefined>>} [added]
 * @param {Readonly<Record<string, string | undefined>>} [from]
 * @returns {Record<string, string>}
 */
export function innerEnvironment(added = {}, from = process.env) {
  const kept = Object.entries(from).filter(([name]) => stays(name));
  const all = { ...Object.fromEntries(kept), ...added };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
