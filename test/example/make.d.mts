/** Values that stand in the example's history and not in its files any more, by key path. */
export const oldValues: { readonly STRIPE_KEY: string; readonly 'database.password': string };

/** Makes the example workspace, with its git history, in an empty or missing folder. */
export function makeExample(targetDir: string, options?: { log?: (line: string) => void }): Promise<void>;
