import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { unsealBytes } from '../../core/open/unseal.ts';
import type { Session } from '../../core/session/session.ts';
import { type FileState, requireOpen } from '../../core/session/state.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { exchange, readBefore } from '../session/exchange.ts';
import { ignoreInGit } from '../session/ignore.ts';
import { confirmPlace } from '../session/links.ts';
import { isShown } from '../session/tabs.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { sayUnseen } from './encrypt.ts';

const { t } = vscode.l10n;

/** Writes a file back as plaintext, after a modal question. */
export async function decryptFile(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services)) || !(await askToUnlock(services))) return;
  const choose = () => services.ui.openFile({ title: t('Choose the File to Decrypt') });
  const uri = findFiles(ids)[0] ?? (ids[0] === undefined ? await choose() : undefined);
  if (!uri) return;
  const held = services.sessions.editors.get(uri.toString());
  held?.requireSettled();
  if (held) openedIn(await held.ready());
  // What is unsaved in the Secrets Editor is saved once the person has agreed, and not before.
  const asked = held && (await agrees(services, uri));
  if (held && !asked) return;
  const seen = isShown(uri);
  const before = await readBefore(services, uri);
  // The session of the editor goes when the editor is closed, so the file has one of its own.
  const { text } = formatOfBytes(uri.path, before.bytes);
  await services.sessions.with(uri, text, async (session) => {
    await openedNow(session);
    const agreed = asked ?? (await agrees(services, uri));
    if (!agreed) return;
    const plain = await unsealBytes(await openedNow(session));
    services.access.record({ purpose: 'decrypt', uri, by: 'Decrypt File in Place', to: 'in place' });
    // The line comes first: there is no moment in which git sees the plain file.
    if (agreed.ignore) await ignoreInGit(services, uri);
    await exchange(before, plain, true);
    if (!seen) sayUnseen(services, uri, t('{0} is decrypted.', fileName(uri)));
  });
}

/** The file, opened; keys may have come or gone since it was last asked for. Throws why it is not open. */
async function openedNow(session: Session): Promise<Opened> {
  await session.ready();
  return openedIn(session.state);
}

function openedIn(state: FileState): Opened {
  if (state.kind === 'none' || state.kind === 'plain') throw new LockstepError('NO_METADATA', { what: 'decrypted' });
  return requireOpen(state);
}

async function agrees(services: Services, uri: vscode.Uri): Promise<{ readonly ignore: boolean } | undefined> {
  if (!(await confirmPlace(services, uri, t('Decrypt File')))) return undefined;
  const ignore = await ask(services, uri);
  return ignore === undefined ? undefined : { ignore };
}

/**
 * Whether to add a line to `.gitignore`; undefined when the file stays encrypted. The line is offered where it changes something, and
 * is the default there: git does not ask `.gitignore` about a file that it tracks.
 */
async function ask({ ui, platform: { git } }: Services, uri: vscode.Uri): Promise<boolean | undefined> {
  const [ignored, tracked] = await Promise.all([git?.isIgnored(uri.fsPath), git?.isTracked(uri.fsPath)]);
  const bare = ignored === false && !tracked;
  const decrypt = t('Decrypt File');
  const both = t('Decrypt File and Add to .gitignore');
  const warning = t('Every program and extension on this machine can then read them. Backups will hold them.');
  const inGit = tracked
    ? t('Git tracks this file: the next commit would hold the values. Encrypt it again before you commit.')
    : t('Git does not ignore this file. The line in .gitignore goes when you encrypt the file again.');
  const answer = await ui.choose(
    t('Write the values of {0} to the disk as plaintext?', fileName(uri)),
    [warning, ...(tracked || bare ? [inGit] : [])].join('\n\n'),
    bare ? [both, decrypt] : [decrypt],
  );
  return answer === undefined ? undefined : answer === both;
}
