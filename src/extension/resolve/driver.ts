import * as vscode from 'vscode';
import { tryUtf8 } from '../../core/bytes.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import type { Names } from '../../core/people/names.ts';
import { namedKey } from '../../core/people/names.ts';
import { visible } from '../../core/tree/path.ts';
import type { View } from '../../protocol/versions.ts';
import { exists } from '../exists.ts';
import { unlockByClick } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { repositoryOfFolder } from '../survey/gitapi.ts';
import { fileName } from '../ui/words.ts';
import type { Driver, Told } from '../versions/panel.ts';
import type { Entry } from './picture.ts';
import type { Resolving } from './resolving.ts';
import { sides } from './three.ts';
import { viewOf } from './view.ts';

const { t } = vscode.l10n;

/** What a page of a conflict shows and does. */
export class ResolveDriver implements Driver {
  readonly #services: Services;
  readonly #resolving: Resolving;
  readonly #names: Names;
  readonly #rebasing: boolean;
  readonly #done: () => void;
  readonly #disposable: vscode.Disposable;

  /** @param changed the view is another one. @param done the file is merged. */
  constructor(
    services: Services,
    resolving: Resolving,
    about: { readonly names: Names; readonly rebasing: boolean },
    { changed, done }: { readonly changed: () => void; readonly done: () => void },
  ) {
    this.#services = services;
    this.#resolving = resolving;
    this.#names = about.names;
    this.#rebasing = about.rebasing;
    this.#done = done;
    // What could not be opened may open now.
    this.#disposable = services.vault.onDidChange(() => {
      if (resolving.picture.kind === 'fault' && !services.vault.locked) void resolving.again().then(changed);
    });
  }

  view(): View {
    const { picture } = this.#resolving;
    const cause = picture.kind === 'fault' ? picture.fault.cause : undefined;
    const locked = cause instanceof Refusal && cause.code === 'LOCKED';
    return viewOf(this.#resolving, { names: this.#names, rebasing: this.#rebasing, locked });
  }

  async reveal(row: string, column: number): Promise<Told> {
    const side = sides[column];
    if (!side) throw new LockstepError('NO_SUCH_ENTRY');
    return this.#resolving.reveal(this.#entry(row), side);
  }

  async choose(row: string, column: number): Promise<void> {
    const side = sides[column];
    if (side !== 'ours' && side !== 'theirs') throw new LockstepError('NO_SUCH_ENTRY');
    this.#resolving.choose(this.#entry(row), side);
  }

  async act(action: string, row: string | undefined): Promise<void> {
    const resolving = this.#resolving;
    switch (action) {
      case 'type':
        return resolving.type(this.#entry(row ?? ''));
      case 'restOurs':
        return resolving.chooseRest('ours');
      case 'restTheirs':
        return resolving.chooseRest('theirs');
      case 'unlock':
        await unlockByClick(this.#services, resolving.uri);
        return resolving.again();
      case 'readers':
        return this.#acceptReaders();
      case 'wholeOurs':
        return this.#takeWhole('ours');
      case 'wholeTheirs':
        return this.#takeWhole('theirs');
      case 'save':
        return this.#save();
    }
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #entry(row: string): Entry {
    const found = this.#resolving.entries.find(({ id }) => id === row);
    if (!found) throw new LockstepError('NO_SUCH_ENTRY');
    return found;
  }

  async #save(): Promise<void> {
    const { ui } = this.#services;
    const sure =
      !this.#resolving.edited ||
      (await ui.confirm(
        t('The file was edited after the merge.'),
        t('It has values that no version has. The merged file takes its place, without them.'),
        t('Save Merged File'),
      ));
    if (!sure) return;
    if (await this.#resolving.save((lost) => this.#mayLose(lost))) this.#finish();
  }

  async #acceptReaders(): Promise<void> {
    const { picture } = this.#resolving;
    const added =
      picture.kind === 'entries' ? picture.conflicts.flatMap((one) => (one.kind === 'readers' ? one.added : [])) : [];
    const sure = await this.#services.ui.gesture(
      t('Let these people read the merged file?'),
      [
        ...added.map((key) => namedKey(this.#names, key)),
        '',
        t('They can read every value of it, those of the other side too.'),
      ].join('\n'),
      t('Let Them Read It'),
    );
    if (sure) await this.#resolving.acceptReaders();
  }

  async #takeWhole(side: 'ours' | 'theirs'): Promise<void> {
    const sure = await this.#services.ui.confirm(
      side === 'ours' ? t('Take ours as a whole?') : t('Take theirs as a whole?'),
      t('The file is as this side has it. What the other side changed is not in it.'),
      side === 'ours' ? t('Take Ours') : t('Take Theirs'),
    );
    if (!sure) return;
    if (await this.#resolving.take(side, (lost) => this.#mayLose(lost))) this.#finish();
  }

  readonly #mayLose: Parameters<Resolving['save']>[0] = async (lost) => {
    const { ui } = this.#services;
    const name = fileName(this.#resolving.uri);
    for (const key of lost) {
      const sure = await ui.gesture(
        t('Save {0} without the encryption key {1} of a side?', name, visible(key.name)),
        t(
          'What was encrypted with it, in databases and files anywhere, cannot be decrypted without it. Decrypt it first, or keep the key elsewhere; only versions of that side in git still have it.',
        ),
        t('Save Without It'),
      );
      if (!sure) return false;
    }
    return true;
  };

  /** git keeps the conflict until the file is staged, which is a person's own step. */
  #finish(): void {
    const { ui, log } = this.#services;
    const { uri } = this.#resolving;
    const stage = t('Stage');
    this.#done();
    void ui.info(t('{0} is merged. Stage it when you are ready.', fileName(uri)), stage).then(async (verb) => {
      if (verb !== stage) return;
      const repository = await repositoryOfFolder(vscode.Uri.joinPath(uri, '..'));
      if (!repository)
        return void ui.warn(t('VS Code’s git extension does not know this folder: git add {0}', fileName(uri)));
      await repository.add([uri.fsPath]).catch(() => {
        log.error('git could not stage a file');
        void ui.error(t('Git could not stage {0}. Its output, in the panel, says why.', fileName(uri)));
      });
    });
  }
}

/** Whether a rebase is under way in a repository, as its folder has it. */
export async function isRebasing(root: string): Promise<boolean> {
  const folder = await gitFolder(vscode.Uri.file(root));
  const marks = ['rebase-merge', 'rebase-apply'];
  const found = await Promise.all(marks.map((name) => exists(vscode.Uri.joinPath(folder, name))));
  return found.includes(true);
}

/** In a linked work tree and in a submodule, `.git` is a file that says where it is (gitrepository-layout). */
async function gitFolder(root: vscode.Uri): Promise<vscode.Uri> {
  const itself = vscode.Uri.joinPath(root, '.git');
  const bytes = await vscode.workspace.fs.readFile(itself).then(
    (found) => found,
    () => undefined,
  );
  const named = bytes && /^gitdir: ([^\r\n]+)/.exec(tryUtf8(bytes) ?? '')?.[1];
  if (!named) return itself;
  return /^(?:[A-Za-z]:)?[\\/]/.test(named) ? vscode.Uri.file(named) : vscode.Uri.joinPath(root, named);
}
