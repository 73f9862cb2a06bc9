/** The version of package.json; a test compares the two. */
export const version = '0.1.0';
/** The level of sops that our files name: `sopsVersion` of core, without loading the rest of it. A test compares the two. */
export const sopsLevel = '3.13.3';
/** What `--version` prints. */
export const signature = `lockstep ${version} (SOPS files as of sops ${sopsLevel})`;
