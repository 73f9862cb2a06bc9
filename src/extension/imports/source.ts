import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { isOurs, LockstepError } from '../../core/errors.ts';
import { flowfileMasterKey } from '../../core/foreign/read/keyfiles.ts';
import { type ForeignFile, readForeign, type Source } from '../../core/foreign/read/source.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import type { Services } from '../services.ts';
import { besideOf } from '../survey/beside.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Reads a file of another system as it is on its disk, and asks for a key as long as values are without one. Undefined when the person would
 * rather not. Throws what `readForeign` throws, TOO_LARGE, GONE.
 */
export async function readSource(services: Services, from: vscode.Uri): Promise<Source | undefined> {
  const file = { name: from.path, bytes: await bytesOf(from), beside: besideOf(from) };
  for (const keys: string[] = []; ; ) {
    const read = await readOnce(from, { ...file, keys });
    if (read === 'cancelled') return undefined;
    const source = read === 'locked' ? undefined : read;
    const waiting = source?.found.filter(({ why }) => why === 'key' || why === 'wrong-key').length ?? 0;
    if (source && waiting === 0) return source;
    const key = await askKey(services, from, source ? waiting : undefined, keys.length > 0);
    if (key === undefined) return undefined;
    if (key === '' && source) return source;
    keys.push(key);
  }
}

/** With progress, since a pass phrase takes a moment for each value. `locked`: the whole file waits for its key. */
async function readOnce(from: vscode.Uri, file: ForeignFile): Promise<Source | 'locked' | 'cancelled'> {
  const title = t('Reading {0}', fileName(from));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    try {
      let shown = 0;
      const source = await readForeign(file, {
        cancelled: () => token.isCancellationRequested,
        progress(done, total) {
          const now = Math.floor((done / total) * 100);
          if (now > shown) progress.report({ increment: now - shown });
          shown = now;
        },
      });
      return token.isCancellationRequested ? 'cancelled' : source;
    } catch (error) {
      if (waitsForKey(error)) return 'locked';
      throw error;
    }
  });
}

function waitsForKey(error: unknown): boolean {
  if (!(error instanceof LockstepError)) return false;
  return (error.code === 'FOREIGN_FILE' && error.place.what === 'key') || error.code === 'BAD_TOKEN_KEY';
}

/** Empty for none; undefined on cancel. @param count values that wait for it; undefined for the whole file */
async function askKey(
  services: Services,
  from: vscode.Uri,
  count: number | undefined,
  again: boolean,
): Promise<string | undefined> {
  const { ui } = services;
  const what =
    count === undefined
      ? t('Key or pass phrase of the file')
      : count === 1
        ? t('Key or pass phrase of 1 value. Leave it empty to import the others.')
        : t('Key or pass phrase of {0} values. Leave it empty to import the others.', count);
  const answer = await ui.secret({
    title: t('Import From {0}', fileName(from)),
    prompt: again ? t('That did not open it all. {0}', what) : what,
    buttons: [{ id: 'file', icon: 'folder-opened', tooltip: t('Choose a Key File') }],
    check: (text) =>
      text === '' && count === undefined ? { message: t('Type the key or the pass phrase.'), block: true } : undefined,
  });
  if (answer === undefined) return undefined;
  if ('text' in answer) return answer.text;
  const file = await ui.openFile({ title: t('Choose a Key File') });
  return file ? keyIn(file) : askKey(services, from, count, again);
}

/** A key file holds the key alone; Flowfile's store opens with the file beside it. */
async function keyIn(file: vscode.Uri): Promise<string> {
  const text = fromUtf8(await bytesOf(file)).trim();
  if (!file.path.endsWith('/flowfile.json.enc')) return text;
  return flowfileMasterKey(text, fromUtf8(await bytesOf(vscode.Uri.joinPath(file, '..', '.secret_key'))));
}

async function bytesOf(uri: vscode.Uri): Promise<Uint8Array> {
  try {
    const found = await vscode.workspace.fs.stat(uri);
    if (found.size > maxFileSize) throw new LockstepError('TOO_LARGE');
    return await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    throw isOurs(error) ? error : new LockstepError('GONE');
  }
}
