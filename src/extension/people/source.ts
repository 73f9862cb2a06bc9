import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { type AccessRequest, readRequest } from '../../core/people/request.ts';
import { readOrdinary } from '../ordinary.ts';
import type { Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { requestFolder } from './request.ts';

const { t } = vscode.l10n;

/** A request, and the file that it came in. */
interface Found {
  readonly request: AccessRequest;
  readonly file: vscode.Uri | undefined;
}

interface Source extends Choice {
  readonly read: () => Promise<{ readonly text: string; readonly file?: vscode.Uri } | undefined>;
}

const maxRequest = 100_000;

/**
 * The request that a person takes: a file of the repository, the clipboard, another file, or a public key that is typed. Undefined when none
 * is taken; a private key is refused loudly. Throws as `readRequest`.
 */
export async function chooseRequest(services: Services, folder: vscode.Uri, title: string): Promise<Found | undefined> {
  const { ui } = services;
  const pattern = new vscode.RelativePattern(folder, `${requestFolder.join('/')}/*.txt`);
  const read = (file: vscode.Uri) => async () => ({ text: fromUtf8(await readOrdinary(file, maxRequest)), file });
  const waiting = (await vscode.workspace.findFiles(pattern, undefined, 50)).map(
    (file): Source => ({ icon: 'git-pull-request', label: fileName(file), read: read(file) }),
  );
  const items: Source[] = [
    ...waiting,
    {
      id: 'clipboard',
      icon: 'clippy',
      label: t('From the Clipboard'),
      read: async () => ({ text: await ui.readClipboard() }),
    },
    { id: 'type', icon: 'key', label: t('Type a Public Key…'), read: () => typed(services, title) },
    {
      id: 'file',
      icon: 'folder-opened',
      label: t('From a File…'),
      read: async () => {
        const file = await ui.openFile({ title });
        return file && { text: fromUtf8(await readOrdinary(file, maxRequest)) };
      },
    },
  ];
  const placeholder = t('Where is the request, or the public key?');
  const got = await (await ui.pick(items, { title, placeholder }))?.read();
  if (!got) return undefined;
  try {
    return { request: readRequest(got.text), file: got.file };
  } catch (error) {
    if (!isPrivate(error)) throw error;
    await refusePrivateKey(services);
    return undefined;
  }
}

async function typed({ ui }: Services, title: string) {
  const prompt = t('A public key: it starts with age1 or ssh-.');
  const text = await ui.input({ title, prompt });
  return text === undefined ? undefined : { text };
}

const isPrivate = (error: unknown) =>
  error instanceof LockstepError && error.code === 'BAD_RECIPIENT' && error.place.what === 'private-key';

/** Loudly, because it must not stay where it is now. */
async function refusePrivateKey({ ui }: Services): Promise<void> {
  const clear = t('Clear the Clipboard');
  const answer = await ui.choose(
    t('This is a private key.'),
    t(
      'Whoever has it can read every file of its owner. Nothing was granted. Delete the message or file that it came in. Its owner must make a new key, and somebody must revoke this one. Ask for the public key: it starts with age1, and Request Access makes a text with it.',
    ),
    [clear],
  );
  if (answer === clear) await ui.writeClipboard('');
}
