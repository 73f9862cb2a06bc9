import { homedir, hostname, userInfo } from 'node:os';
import type { KeyPlaces } from '../core/platform/keyplaces.ts';
import type { Platform } from '../core/platform/platform.ts';
import * as files from './files.ts';
import * as git from './git.ts';
import { keyFileLooks } from './identities.ts';
import { listenToWrites } from './inplace.ts';
import { isThere, keyPlaces, offeredPlaces, readKeyFile, sshKeyFiles, strayVariables } from './keyplaces.ts';
import { nodeNative } from './native.ts';
import { isAnybodys } from './owner.ts';
import { startPlugin } from './plugin.ts';

/** A machine with Node: everything is there. */
export const nodePlatform: Platform = {
  disk: {
    read: files.readBytes,
    readIfThere: files.readIfThere,
    stage: files.stage,
    write: files.writeAtomically,
    requireWritable: files.requireWritable,
    isLink: files.isLink,
    leadsOut: files.leadsOut,
    otherNames: files.otherNames,
    isAnybodys,
    listenToWrites,
  },
  git,
  keyPlaces: {
    offered: () => offeredPlaces(process.env, homedir(), process.platform),
    sshKeys,
    looks: () => keyFileLooks(process.env, homedir(), process.platform),
    sshPlaces,
    strayVariables: () => strayVariables(process.env),
  },
  native: nodeNative,
  startPlugin: (plugin, machine) =>
    startPlugin({ env: process.env, platform: process.platform, home: homedir() }, plugin, machine),
  homeFolder: () => homedir() || undefined,
  keyLabel,
};

async function sshKeys(): ReturnType<KeyPlaces['sshKeys']> {
  const paths = sshKeyFiles(homedir(), process.platform);
  const there = await Promise.all(paths.map(isThere));
  return paths.filter((_, i) => there[i]).map((source) => ({ source, read: () => readKeyFile(source) }));
}

async function sshPlaces(): ReturnType<KeyPlaces['sshPlaces']> {
  const places = keyPlaces(process.env, homedir(), process.platform).filter(({ kind }) => kind === 'ssh-key');
  return Promise.all(
    places.map(async (place) => ({ place, there: 'path' in place.from && (await isThere(place.from.path)) })),
  );
}

function keyLabel(): string {
  const host = hostname().split('.')[0] || 'here';
  try {
    return `${userInfo().username}@${host}`;
  } catch {
    // A user id without an account, as in some containers.
    return host;
  }
}
