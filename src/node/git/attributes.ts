import type { git } from './run.ts';

/**
 * What an attribute of git says of some files, by their paths from `folder`; nothing where git does not answer.
 * @param run git, as the repository or as the environment leads it
 */
export async function attributesOf(
  folder: string,
  files: readonly string[],
  attribute: string,
  run: typeof git,
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const input = files.map((file) => `${file}\0`).join('');
  const found = await run(folder, ['check-attr', '-z', '--stdin', attribute], input);
  const words = found?.code === 0 ? found.out.toString('utf8').split('\0') : [];
  const said = new Map<string, string>();
  for (let i = 0; i + 2 < words.length; i += 3) said.set(words[i] ?? '', words[i + 2] ?? '');
  return said;
}
