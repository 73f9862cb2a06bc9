import { isOwnTextconv } from '../../core/merge/driver.ts';
import { attributesOf } from './attributes.ts';
import { git } from './run.ts';

/** What an attribute says that names no driver. */
const nameless = ['unspecified', 'set', 'unset', ''];

/**
 * Which of some files, by their paths from `folder`, git shows in its diffs by what a program makes of them (`textconv`), with the name of the
 * diff driver. Our own, which prints no value, does not count. @param run git, as the repository or as the environment leads it
 */
export async function textconvsIn(
  folder: string,
  files: readonly string[],
  run: typeof git = git,
): Promise<ReadonlyMap<string, string>> {
  const said = await attributesOf(folder, files, 'diff', run);
  const drivers = [...said].filter(([, driver]) => !nameless.includes(driver));
  const programs = new Map<string, boolean>();
  for (const driver of new Set(drivers.map(([, one]) => one))) {
    const program = await run(folder, ['config', '--get', `diff.${driver}.textconv`]);
    const found = program?.code === 0 ? program.out.toString('utf8').trim() : '';
    programs.set(driver, found !== '' && !isOwnTextconv(driver, found));
  }
  return new Map(drivers.filter(([, driver]) => programs.get(driver)));
}
