import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { abbreviated, type Commit, type Git } from '../../core/platform/git.ts';
import type { Services } from '../services.ts';
import { ago } from '../ui/ago.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { placeOf } from './reading.ts';

const { t } = vscode.l10n;

/** A commit, and the file under the name that it has there. */
export interface Past {
  readonly commit: Pick<Commit, 'hash' | 'author' | 'summary' | 'time'>;
  /** As a person calls it. */
  readonly name: string;
  readonly uri: vscode.Uri;
}

/** Commits in the list. */
const most = 50;

/** A commit that changed the file, or any that a person names. Undefined on cancel. Throws NO_SUCH_VERSION (`rev`) for one that git does not know. */
export async function choosePast(
  services: Services,
  git: Git,
  uri: vscode.Uri,
  title: string,
): Promise<Past | undefined> {
  const { ui, clock } = services;
  const items: (Choice & { readonly past?: Past })[] = [
    { id: 'other', icon: 'tag', label: t('A Tag, a Branch or a Commit…') },
    ...(await commitsOf(git, uri)).map((past) => ({
      icon: 'git-commit',
      label: past.commit.summary || past.name,
      description: [past.name, past.commit.author, ago(past.commit.time, clock.now())].filter(Boolean).join(' · '),
      past,
    })),
  ];
  const chosen = await ui.pick(items, {
    title,
    placeholder: t('The commits that changed {0}, newest first', fileName(uri)),
  });
  if (chosen?.id !== 'other') return chosen?.past;
  const rev = await ui.input({
    title,
    prompt: t('As git takes it, such as v1.2.0 or main~3'),
    validate: (text) => (text.trim() === '' ? t('Name a commit.') : undefined),
  });
  if (rev === undefined) return undefined;
  const commit = await git.commitOf(placeOf(uri).folder, rev.trim());
  if (!commit) throw new LockstepError('NO_SUCH_VERSION', { what: 'rev' });
  return { commit, name: rev.trim(), uri };
}

async function commitsOf(git: Git, uri: vscode.Uri): Promise<Past[]> {
  const root = await git.workTreeOf(uri.fsPath);
  const path = root && (await git.pathInWorkTree(uri.fsPath));
  const found: Past[] = [];
  if (!root || !path) return found;
  for await (const { made, path: then, blob } of git.fileLog(root, path)) {
    if (made && blob !== undefined)
      found.push({ commit: made, name: abbreviated(made.hash), uri: vscode.Uri.joinPath(vscode.Uri.file(root), then) });
    if (found.length >= most) break;
  }
  return found;
}
