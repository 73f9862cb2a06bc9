import * as vscode from 'vscode';
import type { WriteNote } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** What a person has read about a file already. */
const known = new Set<string>();
const idOf = ({ kind, path }: Pick<WriteNote, 'kind' | 'path'>) => `${kind} ${path}`;

/** Says what is special about a file that is being written; each thing of each file once. */
export function tellWrites({ ui, platform: { disk } }: Pick<Services, 'ui' | 'platform'>): vscode.Disposable {
  disk?.listenToWrites((note) => {
    if (known.has(idOf(note)) && note.kind !== 'half-written') return;
    known.add(idOf(note));
    void ui.warn(messageOf(note));
  });
  return new vscode.Disposable(() => {
    disk?.listenToWrites(() => undefined);
    known.clear();
  });
}

function messageOf(note: WriteNote): string {
  const file = fileName(vscode.Uri.file(note.path));
  if (note.kind === 'names')
    return t(
      '{0} has other names (hard links: {1}) that keep the old content. Encrypt or remove them too.',
      file,
      note.others,
    );
  const copy = visible(note.copy);
  if (note.kind === 'half-written') return t('{0} is damaged. A complete copy is in {1}: put it back.', file, copy);
  return note.why === 'mount'
    ? t('{0} is a mount point, so it is overwritten in place. Until that is done, a copy is in {1}.', file, copy)
    : t(
        '{0} cannot be replaced by another file, so it is overwritten in place. Until that is done, a copy is in {1}.',
        file,
        copy,
      );
}

/** Asks before a file is encrypted whose other names would keep the plaintext. */
export async function confirmNames({ ui, platform }: Services, uri: vscode.Uri): Promise<boolean> {
  const others = (await diskOf(platform, uri)?.otherNames(uri.fsPath)) ?? 0;
  if (others === 0) return true;
  const agreed = await ui.confirm(
    others === 1
      ? t('{0} has another name (a hard link).', fileName(uri))
      : t('{0} has {1} other names (hard links).', fileName(uri), others),
    t(
      'Only the name that you encrypt gets the encrypted text. The others keep the plaintext: encrypt or remove them too.',
    ),
    t('Encrypt File'),
  );
  if (agreed) known.add(idOf({ kind: 'names', path: uri.fsPath }));
  return agreed;
}
