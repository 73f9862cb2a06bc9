import { SecretError } from './errors.ts';
import { nodeRequire } from './noderequire.ts';

/** What allows it all the same. */
const permission = 'LOCKSTEP_AT_BUILD';

/** Programs that make bundles, by their names or those of their packages, and the words that they need for that. */
const bundlers: Readonly<Record<string, readonly string[] | undefined>> = {
  ...{ webpack: undefined, 'webpack-cli': undefined, rspack: undefined, rollup: undefined, rolldown: undefined },
  ...{ parcel: undefined, tsup: undefined, tsdown: undefined, ncc: undefined, esbuild: undefined },
  ...{ vite: ['build'], rsbuild: ['build'], next: ['build'], nuxt: ['build', 'generate'], nuxi: ['build', 'generate'] },
  ...{ astro: ['build'], 'vue-cli-service': ['build'], 'react-scripts': ['build'], ng: ['build'] },
};
/** Their libraries, as files that a process has loaded. */
const library = /[\\/]node_modules[\\/](webpack|esbuild|rollup|rolldown|parcel|@rspack|@rollup|@rolldown|@parcel)[\\/]/;

/** What is seen of a process. */
interface Seen {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The files of modules that it has loaded. */
  readonly loaded: readonly string[];
}

let isWarned = false;

/**
 * Throws SecretError where this process is a bundler's: what reads a secret there most likely writes its value into what it makes, which is stored
 * and published. Warns once where a bundler is loaded, which may be for anything.
 */
export function refuseAtBuild(): void {
  const { argv, execArgv, env } = process;
  if (env[permission] === 'allow') return;
  const name = bundlerHere({ argv, env });
  if (name !== undefined)
    throw new SecretError({
      code: 'BUILD_TIME',
      reason: undefined,
      message: `${name} makes a bundle, and would write the value into it.\nRead the secret when the program runs. If the build itself needs it, for an upload, set ${permission}=allow.`,
    });
  if (isWarned) return;
  isWarned = true;
  const beside = bundlerBeside({ execArgv, env, loaded: Object.keys(nodeRequire().cache) });
  if (beside !== undefined)
    process.emitWarning(
      `${beside} is loaded in this process. A secret that is read here must not go into a bundle, as by define: read it when the program runs.`,
      { type: 'LockstepWarning', detail: `${permission}=allow says that this is meant.` },
    );
}

/** The bundler that a process is; undefined for any other program. */
export function bundlerHere({ argv, env }: Pick<Seen, 'argv' | 'env'>): string | undefined {
  if (env.NEXT_PHASE === 'phase-production-build') return 'next';
  const parts = (argv[1] ?? '').split(/[\\/]/);
  const names = [parts.at(-1)?.replace(/\.[cm]?js$/, ''), parts[parts.lastIndexOf('node_modules') + 1]];
  return names.find((name) => {
    if (name === undefined || !Object.hasOwn(bundlers, name)) return false;
    const verbs = bundlers[name];
    return verbs === undefined || argv.slice(2).some((word) => verbs.includes(word));
  });
}

/** The bundler whose library a process has loaded; undefined for runners that compile what they run with one. */
export function bundlerBeside({ execArgv, env, loaded }: Omit<Seen, 'argv'>): string | undefined {
  const isRunner = env.VITEST !== undefined || env.JEST_WORKER_ID !== undefined;
  const preloaded = [...execArgv, env.NODE_OPTIONS ?? ''].some((word) =>
    /\b(tsx|esbuild-register|swc|ts-node)\b/.test(word),
  );
  if (isRunner || preloaded) return undefined;
  for (const file of loaded) {
    const found = library.exec(file)?.[1];
    if (found !== undefined) return found.replace('@', '');
  }
  return undefined;
}
