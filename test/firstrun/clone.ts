import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run/child.mjs';
import { root } from '../run/setup.mjs';

/**
 * Clones the project into a folder, as a person does, and brings what is not committed yet: the clone has what the working
 * tree has, without anything that git ignores.
 */
export async function cloneProject(target: string): Promise<void> {
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, target]);
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of listed.split('\0').filter(Boolean)) {
    const [from, to] = [join(root, name), join(target, name)];
    if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else rmSync(to, { force: true });
  }
  for (const made of ['.cache', 'node_modules', 'dist']) {
    if (existsSync(join(target, made))) throw new Error(`${made} came along with the clone to ${dirname(target)}`);
  }
}
