import { build } from 'esbuild';
import { root } from './tree.ts';

/** Names that only Node has; no page and no worker of a browser has one of them. */
export const namesOfNode = ['process', 'Buffer', 'global', '__dirname', '__filename', 'setImmediate', 'clearImmediate'];

/** What stands in the bundle for one of them. */
export const foundAs = (name: string) => `lockstep_${name}`;

/** The engine and everything below it as one script for a browser, and the files that are in it; `errors`: why there is none. */
export async function engineForBrowsers() {
  const made = await build({
    absWorkingDir: root,
    entryPoints: ['src/extension/engine.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    target: 'es2022',
    format: 'cjs',
    mainFields: ['browser', 'module', 'main'],
    external: ['vscode'],
    define: Object.fromEntries(namesOfNode.map((name) => [name, foundAs(name)])),
    logLevel: 'silent',
  }).catch((failure: { errors: readonly { text: string; location: { file: string } | null }[] }) => failure);
  if ('errors' in made && made.errors.length > 0)
    return { errors: made.errors.map(({ text, location }) => `${location?.file}: ${text}`), files: [], code: '' };
  if (!('outputFiles' in made)) throw new Error('esbuild gave nothing');
  return { errors: [], files: Object.keys(made.metafile?.inputs ?? {}), code: made.outputFiles?.[0]?.text ?? '' };
}
