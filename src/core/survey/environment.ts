/** What files are for, from the most careful place to the least. */
export const environments = ['production', 'staging', 'testing', 'preview', 'development'] as const;
export type Environment = (typeof environments)[number];

const words: Readonly<Record<Environment, readonly string[]>> = {
  production: ['production', 'prod', 'prd', 'live'],
  staging: ['staging', 'stage', 'stg', 'preprod', 'preproduction'],
  testing: ['testing', 'test', 'tests', 'qa', 'uat', 'ci', 'e2e'],
  preview: ['preview', 'review', 'demo', 'sandbox'],
  development: ['development', 'develop', 'dev', 'local'],
};
const known = new Map(environments.flatMap((one) => words[one].map((word) => [word, one] as const)));

/**
 * The environment that a file belongs to, by the words of its name, else by those of the nearest folder that has one; undefined where
 * none has. @param path from the workspace folder, with slashes.
 */
export function environmentOf(path: string): Environment | undefined {
  for (const part of path.split('/').reverse()) {
    for (const word of part.toLowerCase().split(/[^a-z0-9]+/)) {
      const found = known.get(word);
      if (found) return found;
    }
  }
  return undefined;
}
