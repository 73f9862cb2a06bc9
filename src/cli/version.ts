import type { ProgramName } from './name.ts';

/** The version of package.json; a test compares the two. */
export const version = '0.1.0';
/** The level of sops that our files name: `sopsVersion` of core, without loading the rest of it. A test compares the two. */
export const sopsLevel = '3.13.3';

/**
 * What `--version` prints. Programs look for the version of sops; what stands behind it, sops leaves out when it is told not to look
 * for a newer one. @param rest the flags beside it.
 */
export function signature(as: ProgramName, rest: readonly string[]): string {
  if (as === 'lockstep') return `lockstep ${version} (SOPS files as of sops ${sopsLevel})`;
  const alone = rest.includes('--disable-version-check');
  return alone ? `sops ${sopsLevel}` : `sops ${sopsLevel} (Lockstep ${version})`;
}
