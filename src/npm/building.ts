import { SecretError } from './errors.ts';

/** What allows it all the same. */
const permission = 'LOCKSTEP_AT_BUILD';

/** Programs that make bundles, by the names that they are started under, and the words that they need for that. */
const bundlers: Readonly<Record<string, readonly string[] | undefined>> = {
  ...{ webpack: undefined, 'webpack-cli': undefined, rspack: undefined, rollup: undefined, rolldown: undefined },
  ...{ parcel: undefined, tsup: undefined, tsdown: undefined, ncc: undefined, esbuild: undefined, microbundle: undefined },
  ...{ vite: ['build'], rsbuild: ['build'], next: ['build'], nuxt: ['build', 'generate'], nuxi: ['build', 'generate'] },
  ...{ astro: ['build'], 'vue-cli-service': ['build'], 'react-scripts': ['build'], ng: ['build'] },
};

/**
 * Throws SecretError where this process makes a bundle: whatever reads a secret there most likely writes its value into what it makes, which is
 * stored and published.
 */
export function refuseAtBuild(): void {
  const name = bundlerHere(process.argv, process.env);
  if (name === undefined || process.env[permission] === 'allow') return;
  throw new SecretError({
    code: 'BUILD_TIME',
    reason: undefined,
    message: `${name} makes a bundle, and would write the value into it.\nRead the secret when the program runs. If the build itself needs it, for an upload, set ${permission}=allow.`,
  });
}

/** The bundler that a process is; undefined for any other program. */
export function bundlerHere(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.NEXT_PHASE === 'phase-production-build') return 'next';
  const file = /[^\\/]+$/.exec(argv[1] ?? '')?.[0].replace(/\.[cm]?js$/, '') ?? '';
  if (!Object.hasOwn(bundlers, file)) return undefined;
  const verbs = bundlers[file];
  return verbs === undefined || argv.slice(2).some((word) => verbs.includes(word)) ? file : undefined;
}
