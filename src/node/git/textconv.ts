import { git } from './run.ts';

/** What an attribute says that names no driver. */
const nameless = ['unspecified', 'set', 'unset', ''];

/**
 * Which of some files, by their paths from `folder`, git shows in its diffs by what a program makes of them (`textconv`), with the name of the
 * diff driver. @param run git, as the repository or as the environment leads it
 */
export async function textconvsIn(
  folder: string,
  files: readonly string[],
  run: typeof git = git,
): Promise<ReadonlyMap<string, string>> {
  const input = files.map((file) => `${file}\0`).join('');
  const found = files.length > 0 ? await run(folder, ['check-attr', '-z', '--stdin', 'diff'], input) : undefined;
  const words = found?.code === 0 ? found.out.toString('utf8').split('\0') : [];
  const drivers = new Map<string, string>();
  for (let i = 0; i + 2 < words.length; i += 3)
    if (!nameless.includes(words[i + 2] ?? '')) drivers.set(words[i] ?? '', words[i + 2] ?? '');
  const programs = new Map<string, boolean>();
  for (const driver of new Set(drivers.values())) {
    const program = await run(folder, ['config', '--get', `diff.${driver}.textconv`]);
    programs.set(driver, program?.code === 0 && program.out.toString('utf8').trim() !== '');
  }
  return new Map([...drivers].filter(([, driver]) => programs.get(driver)));
}
