import * as vscode from 'vscode';
import { environmentsPath } from '../../core/env/declared.ts';
import { type Found, findEnvironment, flagsOf, listEnvironments } from '../../core/env/environments.ts';
import { environmentOf } from '../../core/env/filenames.ts';
import { secretNamesOf, withVariables } from '../../core/env/secretnames.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { EnvironmentSecret, Environments } from '../services.ts';
import { environmentsIn } from '../settings.ts';
import type { Survey } from '../survey/survey.ts';
import { lookIn } from './look.ts';

type Here = Found<vscode.Uri>;

/** Where the names of active environments are kept, by workspace folder. */
const stateKey = 'lockstep.environment';

/** The environments of the workspace: read when asked for, forgotten when a file or a setting changes. */
export class WorkspaceEnvironments implements Environments, vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #platform: Platform;
  readonly #survey: Survey;
  readonly #lists = new Map<string, Promise<readonly Here[]>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento, platform: Platform, survey: Survey) {
    this.#state = state;
    this.#platform = platform;
    this.#survey = survey;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const touched = ({ path }: vscode.Uri) => {
      if (path.endsWith(`/${environmentsPath}`) || environmentOf(path) !== undefined) this.#forget();
    };
    this.#disposable = vscode.Disposable.from(
      ...[this.#changed, watcher],
      ...[watcher.onDidChange(touched), watcher.onDidCreate(touched), watcher.onDidDelete(touched)],
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('lockstep.environments')) this.#forget();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#forget()),
    );
  }

  list(folder: vscode.Uri): Promise<readonly Here[]> {
    const key = folder.toString();
    const known = this.#lists.get(key) ?? listEnvironments(this.#look(folder), folder);
    this.#lists.set(key, known);
    // What cannot be read is looked at again.
    known.catch(() => this.#lists.delete(key));
    return known;
  }

  async active(folder: vscode.Uri): Promise<Here | undefined> {
    const chosen = this.#chosen[folder.toString()];
    const all = await this.list(folder);
    return (
      (chosen === undefined ? undefined : all.find(({ name }) => name === chosen)) ??
      all.find(({ isDefault }) => isDefault) ??
      all.find(({ name }) => name === '')
    );
  }

  async find(folder: vscode.Uri, name: string | undefined): Promise<Here> {
    const wanted = name ?? (await this.active(folder))?.name;
    if (wanted === undefined) throw new LockstepError('NO_ENVIRONMENT', { what: 'none' });
    return findEnvironment(this.#look(folder), folder, wanted);
  }

  async names({ folder, files, inOrder, variables }: Here): Promise<readonly EnvironmentSecret[]> {
    const found: EnvironmentSecret[] = [];
    for (const name of files) {
      const file = vscode.Uri.joinPath(folder, name);
      const { format, text } = formatOfBytes(file.path, await readAnywhere(this.#platform, file));
      found.push(...secretNamesOf(readSealed(text, format)).map((one) => ({ ...one, file })));
    }
    const all = withVariables(found, variables);
    // A later file's variables replace those of an earlier one.
    return inOrder ? [...new Map(all.map((one) => [one.variable, one])).values()] : all;
  }

  flags(found: Here): readonly string[] {
    const pathOf = (folder: vscode.Uri, file = '.') => vscode.Uri.joinPath(folder, file).fsPath;
    return flagsOf(found, this.#isPersonal(found), pathOf);
  }

  word({ name, files: [first = ''] }: Here): string {
    return name === '' ? first : name;
  }

  async activate(folder: vscode.Uri, name: string | undefined): Promise<void> {
    await this.#state.update(stateKey, { ...this.#chosen, [folder.toString()]: name });
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  get #chosen(): Readonly<Record<string, string | undefined>> {
    return this.#state.get<Record<string, string>>(stateKey, {});
  }

  #look(folder: vscode.Uri) {
    return lookIn(this.#platform, this.#survey, folder);
  }

  /** The settings of any folder of the workspace may have a part in it. */
  #isPersonal({ folder }: Here): boolean {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return [folder, ...folders.map(({ uri }) => uri)].some((one) => environmentsIn(one) !== undefined);
  }

  #forget(): void {
    this.#lists.clear();
    this.#changed.fire();
  }
}
