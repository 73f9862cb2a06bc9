import * as vscode from 'vscode';
import { formatOf } from '../../core/format/which.ts';
import { hashOf } from '../../core/hash.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { commands } from '../ids.ts';
import { askToUnlock, wakeForAll } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { readEach } from '../vault/secretfiles.ts';
import type { Desk, Outcome } from './desk.ts';

const { t } = vscode.l10n;

/** In the workspace's state: what the files were when all of them were decrypted. */
const stateKey = 'lockstep.setUp.verified';

type Files = Awaited<ReturnType<Desk['secret']>>;

const printOf = (files: Files) => hashOf(files.map(({ uri, text }) => `${uri} ${hashOf(text)}`).join('\n'));

/** How many files there are if they are as they were when they were verified. */
export async function verified({ services, secret }: Desk): Promise<number | undefined> {
  const files = await secret();
  const known = services.context.workspaceState.get(stateKey);
  return files.length > 0 && known === printOf(files) ? files.length : undefined;
}

/** Decrypts every encrypted file in memory and checks its MAC. What does not hold is told; what does, only `alone`. */
export async function verify(desk: Desk, alone: boolean): Promise<Outcome> {
  const { services, secret } = desk;
  if (!(await askToUnlock(services))) return 'left';
  const files = await secret();
  await wakeForAll(services, files.flatMap(readable));
  const read = await readEach(files, (uri) => services.vault.keysFor(uri).keyring, t('Decrypting every file once'));
  if (!read) return 'left';
  const shut = files.filter(({ uri }) => read.get(uri) !== 'opens');
  const fresh = desk.encrypted.map(({ uri }) => uri.toString());
  // Files of other people are no fault of this set-up: only one that opens and does not hold is, or one that was just encrypted.
  const bad = shut.filter(({ uri }) => read.get(uri) !== 'shut' || fresh.includes(uri.toString()));
  const opened = files.length - shut.length;
  if (bad.length > 0 || (opened === 0 && files.length > 0)) {
    tellShut(services, files.length, bad.length > 0 ? bad : shut);
    return 'left';
  }
  await services.context.workspaceState.update(stateKey, printOf(files));
  desk.verified = opened;
  if (alone) void services.ui.info(verifiedWords(opened, shut.length));
  return 'done';
}

function readable({ uri, text }: Files[number]): { readonly uri: vscode.Uri; readonly metadata: Metadata }[] {
  try {
    return [{ uri, metadata: readSealed(text, formatOf(uri.path, text)).metadata }];
  } catch {
    // What is wrong with it shows when it is read.
    return [];
  }
}

/** What verifying found, where all is well. */
export function verifiedWords(opened: number, others: number): string {
  if (opened + others === 0) return t('There is no encrypted file yet.');
  const all =
    opened === 1
      ? t('The encrypted file decrypts with your keys, and its MAC matches.')
      : t('{0} files decrypt with your keys, and their MACs match.', opened);
  if (others === 0) return all;
  return `${all} ${others === 1 ? t('1 file is encrypted for other people.') : t('{0} files are encrypted for other people.', others)}`;
}

function tellShut({ ui }: Services, all: number, shut: Files): void {
  const first = shut[0]?.uri;
  if (!first) return;
  const why = t('Why?');
  const message =
    shut.length === 1
      ? t('{0} does not decrypt with your keys, or is damaged.', fileName(first))
      : t(
          '{0} of {1} files do not decrypt with your keys, or are damaged: {2} and others.',
          shut.length,
          all,
          fileName(first),
        );
  void ui.warn(message, why).then((verb) => {
    if (verb === why) void vscode.commands.executeCommand(commands.explainFile, first.toString());
  });
}
