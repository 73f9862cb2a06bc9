// What runs the recipes of docs/code.md, or checks them: installed into .cache/recipes, pinned, for the stage `recipes`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { npm } from './npm.mjs';
import { apt, cache, lacks, mayApt, root, which } from './setup.mjs';
import { installOnce } from './steps.mjs';

const versions = {
  /** GitLab's pipelines on this machine (the last of a line for Node 20), and GitHub's own reader of workflows. */
  npm: ['gitlab-ci-local@4.61.0', '@actions/workflow-parser@0.3.61'],
  python: ['kubernetes-validate==1.37.0'],
};
/** What Debian has, by the names of its packages. */
const packages = { buildah: 'buildah', rsync: 'rsync', strace: 'strace', 'systemd-creds': 'systemd' };
/** Of these nobody can be told where to have them: a machine has them or not. */
const programs = [...Object.keys(packages), 'kubectl', 'git', 'npm', 'go', 'openssl', 'curl'];
const folder = join(cache, 'recipes');

/** The folder, as an environment variable of the tests. @param python with pip */
export async function ensureRecipes(python) {
  const absent = Object.entries(packages).filter(([name]) => which(name) === undefined);
  if (absent.length > 0 && mayApt())
    await apt(...absent.map(([, name]) => name)).catch((error) => console.log(error.message));
  const missing = programs.filter((name) => which(name) === undefined);
  if (!python) missing.unshift('python3');
  if (missing.length > 0) {
    lacks(`no ${missing.join(', no ')} on this machine for the recipes`);
    return {};
  }
  await installOnce(
    folder,
    versions,
    'what runs and checks the recipes: gitlab-ci-local, workflow-parser, kubernetes-validate',
    async () => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      await npm(['i', '--ignore-scripts', '--no-audit', '--no-fund', ...versions.npm], folder);
      await bundled('@actions/workflow-parser', 'workflow-parser.cjs');
      const into = ['--target', join(folder, 'python')];
      await run(python, ['-m', 'pip', '-q', '--disable-pip-version-check', 'install', ...into, ...versions.python]);
    },
  );
  return { LOCKSTEP_RECIPES: folder };
}

/** Its modules import JSON in a way that not every Node takes. */
async function bundled(name, file) {
  const { build } = await import('esbuild');
  const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error', absWorkingDir: root };
  const contents = `export * from '${name}'`;
  await build({ ...options, stdin: { contents, resolveDir: folder }, outfile: join(folder, file) });
}
