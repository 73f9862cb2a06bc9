import type { Found } from '../../core/env/environments.ts';
import { visible } from '../../core/tree/path.ts';
import type { Run } from '../call.ts';
import { environmentFolder, environmentsFrom, filesOf } from '../run/environments.ts';

/** The environments that `run` takes, with their files. Needs no key. */
export const listAll: Run = async (call) => {
  const { io, flags } = call;
  const found = await environmentsFrom(environmentFolder(call));
  if (flags.on('json')) {
    const all = found.map((one) => ({
      name: one.name,
      files: filesOf(io.cwd, one),
      loader: one.loader ?? null,
      variables: Object.fromEntries(one.variables),
      default: one.isDefault,
    }));
    await io.writeStdout(`${JSON.stringify(all)}\n`);
    return 0;
  }
  await io.writeStdout(found.map((one) => lineOf(io.cwd, one)).join(''));
  return 0;
};

function lineOf(cwd: string, found: Found<string>): string {
  const { name, isDefault, loader, variables } = found;
  const notes = [
    ...(isDefault ? ['default'] : []),
    ...(loader ? [loader] : []),
    ...[...variables].map(([path, variable]) => `${path}=${variable}`),
  ];
  return `${[name, filesOf(cwd, found).join(', '), notes.join(', ')].map(visible).join('\t').trimEnd()}\n`;
}
