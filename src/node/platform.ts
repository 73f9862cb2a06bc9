import { homedir } from 'node:os';
import type { KeyPlaces } from '../core/platform/keyplaces.ts';
import type { Platform } from '../core/platform/platform.ts';
import { appendRecord, readLog } from './access/append.ts';
import { addNotice } from './access/notices.ts';
import { stateFolder } from './access/place.ts';
import { keyLabel } from './access/requester.ts';
import { agentDoors } from './agent/server.ts';
import { nodeDisk } from './disk/disk.ts';
import { nodeJournals } from './disk/journals.ts';
import { nodeLaunches } from './disk/launches.ts';
import { nodeGitDriver } from './git/driver.ts';
import * as git from './git.ts';
import { keyFileLooks, keyPrograms } from './identities.ts';
import { isThere, keyPlaces, offeredPlaces, readKeyFile, strayVariables } from './keyplaces.ts';
import { isKeyringOff } from './keys/keyring.ts';
import { startPlugin } from './keys/plugin.ts';
import { keyServices } from './keyservice/services.ts';
import { managersFor } from './managers/fetch.ts';
import { nodeNative } from './native.ts';
import { nodeGpg } from './pgp/run.ts';
import { nodeShims } from './shims.ts';

/** A machine with Node: everything is there. */
export const nodePlatform: Platform = {
  disk: nodeDisk,
  journals: nodeJournals(process.env, homedir(), process.platform),
  accessDisk: {
    append: appendRecord,
    read: readLog,
    ofCommandLine: stateFolder(process.env, homedir(), process.platform),
    addNotice: async (...given) => addNotice(...given),
  },
  agentDoors: agentDoors({ env: process.env, platform: process.platform }),
  git,
  gitDriver: nodeGitDriver,
  keyPlaces: {
    offered: () => offeredPlaces(process.env, homedir(), process.platform),
    sshKeys,
    looks: () => keyFileLooks(process.env, homedir(), process.platform),
    sshPlaces,
    programs: () => keyPrograms(process.env, homedir(), process.platform),
    strayVariables: () => strayVariables(process.env),
  },
  native: nodeNative,
  managers: managersFor({ env: process.env, home: homedir(), platform: process.platform }),
  startPlugin: (plugin, machine) =>
    startPlugin({ env: process.env, platform: process.platform, home: homedir() }, plugin, machine),
  keyServices: keyServices(process.env, homedir(), process.platform),
  gpg: nodeGpg({ env: process.env, platform: process.platform, home: homedir() }),
  launches: nodeLaunches,
  shims: nodeShims,
  isKeyringOff: (appRoot) => isKeyringOff(appRoot, process.env, homedir(), process.platform),
  homeFolder: () => homedir() || undefined,
  keyLabel,
};

async function sshKeys(): ReturnType<KeyPlaces['sshKeys']> {
  const found = (await sshPlaces()).filter(({ there }) => there);
  return found.flatMap(({ place: { from } }) =>
    'path' in from ? [{ source: from.path, read: () => readKeyFile(from.path) }] : [],
  );
}

async function sshPlaces(): ReturnType<KeyPlaces['sshPlaces']> {
  const places = keyPlaces(process.env, homedir(), process.platform).filter(({ kind }) => kind === 'ssh-key');
  return Promise.all(
    places.map(async (place) => ({ place, there: 'path' in place.from && (await isThere(place.from.path)) })),
  );
}
