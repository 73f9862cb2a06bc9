import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { OpenFile } from '../../core/checklist/digests.ts';
import type { Held } from '../../core/checklist/version.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Keyring } from '../../core/keys/keyring.ts';
import { type Opened, open } from '../../core/open/open.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { readBytes } from '../../node/files.ts';
import { workTreeOf } from '../../node/git.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { inPassing, keyringOf } from '../keys/keyring.ts';
import { configPath } from './rules.ts';
import { surveyFolder } from './survey.ts';

/**
 * The root of the repository that one works in: git's, else the folder of `.sops.yaml`, else the current one. Throws Failure in a folder
 * where git keeps what it has: there are no files in it.
 */
export async function repositoryRoot(call: Call): Promise<string> {
  const { cwd } = call.io;
  const root = await workTreeOf(`${cwd}/x`);
  if (root !== undefined) return root;
  if (['HEAD', 'objects', 'refs'].every((name) => existsSync(join(cwd, name))))
    throw new Failure(
      exit.generic,
      "This folder is git's own, and has no files of yours in it.",
      'Go to the work tree, or to a clone.',
    );
  const config = configPath(call);
  return config !== undefined && existsSync(config) ? dirname(config) : cwd;
}

/** Every file of a repository that is encrypted, damaged ones too. Those that cannot be read are left out, and plain ones that do not parse. */
export async function encryptedFiles(call: Call, root: string): Promise<Held[]> {
  const { files } = await surveyFolder(call, root, { everyName: true });
  const found: Held[] = [];
  for (const { path, facts } of files) {
    const isBroken = facts.kind === 'broken' && !facts.plain;
    if (facts.kind !== 'encrypted' && !isBroken && facts.kind !== 'conflict') continue;
    const content = await readBytes(path, maxSurveyed).catch(() => undefined);
    if (content) found.push({ path: relative(root, path).split(sep).join('/'), bytes: content.bytes });
  }
  return found;
}

/** Opens files with the keys at hand, as `inPassing` says. Throws NO_IDENTITY when there is none at all. */
export function openerFor(call: Call, keyring: Keyring = keyringOf(call)): OpenFile {
  return async (file, work) => {
    const opened = await openFile(file, inPassing(keyring, call.io));
    try {
      return opened && work(opened);
    } finally {
      opened?.dispose();
    }
  };
}

async function openFile({ path, bytes }: Held, keyring: Keyring): Promise<Opened | undefined> {
  try {
    const { format, text } = formatOfBytes(path, bytes);
    return await open(readSealed(text, format), keyring);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code === 'NO_IDENTITY') throw error;
    return undefined;
  }
}
