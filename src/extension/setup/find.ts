import * as vscode from 'vscode';
import { readEnv } from '../../core/env/read.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { choosesFiles, plainStateOf } from '../../core/session/inspect.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { isDotenvxKeysName, isStoreName, keyNames, secretNames, storeNames } from '../../core/view/names.ts';
import { readAnywhere, unsearched } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** A file with plaintext secrets. */
export interface PlainFile {
  readonly uri: vscode.Uri;
  /** How many values encryption would hide, or what the whole file is. */
  readonly holds: number | 'key' | 'store';
}

const names = ['.env', '.env.*', '*.env', '*.ini', ...secretNames, ...keyNames, storeNames];
const limit = 200;
/** For rules, which may cover any name. */
const wideLimit = 2000;
const maxSize = 5 * 1024 * 1024;

/** The plain files of a folder that look as if they should be encrypted: by their names, or because a rule says so. */
export async function findPlainFiles(
  services: Services,
  folder: vscode.WorkspaceFolder,
): Promise<readonly PlainFile[]> {
  const search = (glob: string, cap: number) =>
    vscode.workspace.findFiles(new vscode.RelativePattern(folder, glob), unsearched, cap);
  const named = (await Promise.all(names.map((name) => search(`**/${name}`, limit)))).flat();
  const covered = await findCovered(services, await search('**/*.{yaml,yml,json,ini}', wideLimit));
  const all = new Map([...named, ...covered].map((uri) => [uri.toString(), uri]));
  const found: PlainFile[] = [];
  // One after the other: two thousand at once would take more memory than there is.
  for (const uri of all.values()) if (!isDotenvxKeysName(uri.path)) found.push(...(await readPlain(services, uri)));
  return found.sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
}

/** Milliseconds of work between two rests, and before the search is shown as a progress. */
const slice = 30;
const usualPatience = 1_000;

/**
 * Those of some files that a rule chooses. Many rules and many files take long: it rests between, and when a second is over it
 * can be seen, and cancelled; then the files looked at so far are all.
 */
export async function findCovered(
  services: Services,
  files: readonly vscode.Uri[],
  patience = usualPatience,
): Promise<readonly vscode.Uri[]> {
  let cancelled = false;
  const look = async () => {
    const found: vscode.Uri[] = [];
    let rested = performance.now();
    for (const uri of files) {
      if (cancelled) break;
      found.push(...(await isCovered(services, uri)));
      if (performance.now() - rested < slice) continue;
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
    return found;
  };
  const work = look();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Looking for files that a rule in .sops.yaml chooses'),
    cancellable: true,
  };
  const timer = setTimeout(() => {
    void vscode.window.withProgress(options, async (_, token) => {
      token.onCancellationRequested(() => {
        cancelled = true;
      });
      await work;
    });
  }, patience);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

async function isCovered({ rules }: Services, uri: vscode.Uri): Promise<vscode.Uri[]> {
  try {
    const found = await rules.find(uri);
    return found && choosesFiles(found.rule) ? [uri] : [];
  } catch {
    return [];
  }
}

/** None for what is encrypted already, holds nothing to encrypt, or cannot be read. The rest is what is masked in an editor. */
async function readPlain({ platform, rules }: Services, uri: vscode.Uri): Promise<PlainFile[]> {
  try {
    const { format, text } = formatOfBytes(uri.path, await readAnywhere(platform, uri, maxSize));
    if (format === 'binary' && isStoreName(uri.path)) return isSealed(text, format) ? [] : [{ uri, holds: 'store' }];
    const state = await plainStateOf(uri.path, text, async () => (await rules.find(uri))?.rule);
    if (state.kind === 'plain')
      return [{ uri, holds: format === 'binary' ? 'key' : state.leaves.filter((leaf) => leaf.encrypted).length }];
    // A .env with values of several lines is written on one line each when it is encrypted.
    if (state.kind !== 'broken' || state.error.place.what !== 'several-lines') return [];
    return [{ uri, holds: readEnv(text, 'dotenv').size }];
  } catch {
    return [];
  }
}
