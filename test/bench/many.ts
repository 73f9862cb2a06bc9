import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { personOf, teamOf, writeTeam } from '../fakes/team.ts';

/** One run of a program over 200 files of 12 people; a person comes, and at the next run goes again. */
interface ManyFiles {
  /** @param program with the words before the verb. */
  update(program: string, ...words: readonly string[]): void;
  /** The same with a process for each file, as in a loop of a shell. */
  updateEach(program: string): void;
}

/** Writes the files into a folder of their own. */
export async function manyFiles(folder: string, env: NodeJS.ProcessEnv): Promise<ManyFiles> {
  const team = await teamOf({ everyone: true });
  const { recipient } = await personOf(12);
  mkdirSync(folder);
  writeTeam(folder, team);
  const withMore = team.rules.replaceAll(/(path_regex: .*\n {4}age:\n)/g, `$1      - ${recipient}\n`);
  [team.rules, withMore].forEach((text, i) => void writeFileSync(join(folder, `rules-${i}.yaml`), text));
  const paths = team.files.map(({ path }) => path);
  const options = { cwd: folder, env: { ...env, SOPS_AGE_KEY: team.people[0]?.identity }, stdio: 'ignore' } as const;
  let runs = 0;
  const config = () => ['--config', `rules-${++runs % 2}.yaml`, 'updatekeys', '--yes'];
  return {
    update: (program, ...words) => void execFileSync(program, [...words, ...config(), ...paths], options),
    updateEach(program) {
      const words = config();
      for (const path of paths) execFileSync(program, [...words, path], options);
    },
  };
}
