import * as vscode from 'vscode';
import type { WriteNote } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** What has been told of a file once is known. */
const known = new Set<string>();
const idOf = ({ kind, path }: Pick<WriteNote, 'kind' | 'path'>) => `${kind} ${path}`;

/** Tells a person what is special about a file that is being written; each thing of each file once. */
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
      '{0} has other names (hard links: {1}), which keep the old content. Encrypt or remove them too.',
      file,
      note.others,
    );
  const copy = visible(note.copy);
  if (note.kind === 'half-written')
    return t('{0} is damaged; a whole copy is in {1}. Put it in its place.', file, copy);
  return note.why === 'mount'
    ? t(
        'Something is mounted on {0}, so it is written where it stands. Until that is done a copy is in {1}.',
        file,
        copy,
      )
    : t(
        'No file can take the place of {0}, so it is written where it stands. Until that is done a copy is in {1}.',
        file,
        copy,
      );
}

/** Asks before a file is encrypted whose other names would keep the clear text. */
export async function confirmNames({ ui, platform }: Services, uri: vscode.Uri): Promise<boolean> {
  const others = (await diskOf(platform, uri)?.otherNames(uri.fsPath)) ?? 0;
  if (others === 0) return true;
  const agreed = await ui.confirm(
    others === 1
      ? t('{0} has another name (a hard link).', fileName(uri))
      : t('{0} has {1} other names (hard links).', fileName(uri), others),
    t(
      'Only the name that you encrypt gets the encrypted text. What the others show stays in clear text: encrypt or remove them too.',
    ),
    t('Encrypt File'),
  );
  if (agreed) known.add(idOf({ kind: 'names', path: uri.fsPath }));
  return agreed;
}
