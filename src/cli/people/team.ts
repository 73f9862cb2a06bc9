import { basename, dirname, relative, sep } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { type Names, namesIn } from '../../core/people/names.ts';
import { type TeamConfig, type TeamFile, withoutLinks } from '../../core/people/plan.ts';
import { readBytes } from '../../node/files.ts';
import { workTreeOf } from '../../node/git.ts';
import { walk } from '../../node/walk.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { machineOf } from '../files/many.ts';
import { configPath } from '../files/rules.ts';
import { surveyFolder } from '../files/survey.ts';

/** A repository and who is in it. */
export interface Team {
  /** Its folder, absolute. */
  readonly root: string;
  /** The `.sops.yaml` that counts here. */
  readonly config: TeamConfig;
  /** Every `.sops.yaml` of the repository, that one first. */
  readonly configs: readonly TeamConfig[];
  readonly files: readonly TeamFile[];
  /** Of all of them; those of `config` come first. */
  readonly names: Names;
  /** A path as a person here would write it. */
  label(path: string): string;
}

/** A path from the root of the repository, with slashes. */
export const pathInTeam = ({ root }: Team, path: string): string => relative(root, path).split(sep).join('/');

/**
 * The repository that one works in: the work tree of git, else the folder of the `.sops.yaml` that counts here. Throws Failure where there
 * is none, and where there are too many files to look at.
 */
export async function teamOf(call: Call): Promise<Team> {
  const found = configPath(call);
  if (found === undefined)
    throw new Failure(exit.generic, 'There is no .sops.yaml here or above.', 'Write one, or name it with --config.');
  const named = call.flags.text('config') !== undefined;
  // git names real paths only.
  const at = named ? found : await machineOf(call.io).journals.real(found);
  const root = (await workTreeOf(at)) ?? dirname(at);
  const { files, cut } = await surveyFolder(call, root, { everyName: true });
  if (cut)
    throw new Failure(exit.generic, `${root} holds more files than can be looked at.`, 'Work in a smaller folder.');
  const others = named ? [] : (await walk(root)).files.filter((path) => basename(path) === basename(at) && path !== at);
  const configs = await Promise.all([at, ...others].map((path) => readConfigText(path)));
  const [config] = configs as [TeamConfig];
  return {
    root,
    config,
    configs,
    files: await withoutLinks(files, root, machineOf(call.io).journals.real),
    names: namesIn(configs.map(({ text }) => text).join('\n')),
    label: (path) => relative(call.io.cwd, path) || path,
  };
}

async function readConfigText(path: string): Promise<TeamConfig> {
  const content = await about(path, () => readBytes(path), exit.generic);
  return { path, content, text: await about(path, () => fromUtf8(content.bytes)) };
}
