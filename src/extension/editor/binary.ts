import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { unsealBytes } from '../../core/open/unseal.ts';
import { requireOpen, requireOpened } from '../../core/session/state.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { diskOf, readAnywhere } from '../elsewhere.ts';
import { folderOutside, repositoryOf } from '../outside.ts';
import type { Services } from '../services.ts';
import type { OpenFile } from '../session/openfile.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Puts the bytes of a file that a person chooses into an encrypted binary file, as one step that can be undone. Resolves to
 * whether it changed. Throws UNSUPPORTED_FORMAT for a file of entries, ALREADY_ENCRYPTED for the bytes of an encrypted
 * file, PRESENTING, and why the file cannot be changed or the other one not be read.
 */
export async function replaceFromFile(services: Services, file: OpenFile): Promise<boolean> {
  const { ui, platform, clock } = services;
  if (!(await mayWrite(services))) return false;
  requireHidden(services);
  requireBinary(requireOpen(await file.ready()));
  const chosen = await ui.openFile({ title: t('Replace {0} With', fileName(file.uri)) });
  if (!chosen) return false;
  const bytes = await readAnywhere(platform, chosen, maxFileSize);
  try {
    if (isEncrypted(chosen, bytes)) throw new LockstepError('ALREADY_ENCRYPTED');
    if (bytes.length === 0 && !(await confirmEmpty(services, file.uri, chosen))) return false;
    requireHidden(services);
    await file.change(t('Replace From File'), (opened) => {
      requireBinary(opened);
      return change(opened, { kind: 'bytes', bytes }, clock);
    });
  } finally {
    bytes.fill(0);
  }
  void ui.info(
    t(
      '{0} now holds the bytes of {1}. Save to keep them. {1} itself is still there as plaintext: delete it when you no longer need it.',
      fileName(file.uri),
      fileName(chosen),
    ),
  );
  return true;
}

/**
 * Writes the plaintext of an encrypted binary file to a new file that only this user can read, after a modal question that
 * names a git repository if the place is in one. Throws as `replaceFromFile`, and what writing can throw.
 */
export async function saveCopy(services: Services, file: OpenFile): Promise<void> {
  const { ui, platform } = services;
  if (!(await mayWrite(services))) return;
  requireHidden(services);
  requireBinary(requireOpened(await file.ready()));
  const name = fileName(file.uri).replace(/\.(?:enc|sops|encrypted)(?=\.|$)/, '');
  const to = await ui.saveFile({ title: t('Save a Copy as Plaintext'), name, folder: await folderOutside(platform) });
  if (!to) return;
  const disk = diskOf(platform, to);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  // An old file would keep its rights, and whoever has it open.
  if (await disk.readIfThere(to.fsPath)) {
    void ui.warn(t('{0} is there already. Choose a new name: a copy does not replace a file.', fileName(to)));
    return;
  }
  if (!(await confirmCopy(services, file.uri, to))) return;
  requireHidden(services);
  const opened = requireOpened(await file.ready());
  requireBinary(opened);
  const bytes = await unsealBytes(opened);
  services.access.record({ purpose: 'save-copy', uri: file.uri, by: 'Save a Copy', to: to.fsPath });
  await disk.write(to.fsPath, bytes, undefined, { newMode: 0o600 });
  void ui.info(t('{0} is plaintext that only you can read. Delete it when you no longer need it.', fileName(to)));
}

function requireHidden({ vault, presentation }: Services): void {
  if (vault.locked) throw new Refusal('LOCKED');
  if (presentation.on) throw new Refusal('PRESENTING');
}

function requireBinary({ sealed: { format } }: Opened): void {
  if (format !== 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
}

/** The bytes of this very file among others. */
function isEncrypted({ path }: vscode.Uri, bytes: Uint8Array): boolean {
  try {
    const { text, format } = formatOfBytes(path, bytes);
    return text.includes('ENC[AES256_GCM,') && isSealed(text, format);
  } catch {
    return false;
  }
}

function confirmEmpty({ ui }: Services, uri: vscode.Uri, chosen: vscode.Uri): Promise<boolean> {
  return ui.confirm(
    t('{0} is empty.', fileName(chosen)),
    t('{0} would hold nothing. Undo brings its bytes back.', fileName(uri)),
    t('Replace'),
  );
}

async function confirmCopy(services: Services, uri: vscode.Uri, to: vscode.Uri): Promise<boolean> {
  const { ui, platform } = services;
  // git also sees through links.
  const root = (await repositoryOf(to))?.fsPath ?? (await platform.git?.workTreeOf(to.fsPath));
  const ignored = root !== undefined && (await platform.git?.isIgnored(to.fsPath)) === true;
  const warning = t('Every program that you run can read the copy. Backups will hold it.');
  const inGit =
    root === undefined
      ? ''
      : ignored
        ? t('It is in the git repository {0}, which ignores it.', root)
        : t('It is in the git repository {0}: the next commit can contain it.', root);
  return ui.gesture(
    t('Write {0} as plaintext to {1}?', fileName(uri), to.fsPath),
    [warning, inGit].filter(Boolean).join('\n\n'),
    root === undefined || ignored ? t('Save a Copy') : t('Save in the Repository'),
  );
}
