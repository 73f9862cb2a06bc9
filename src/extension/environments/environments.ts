import * as vscode from 'vscode';
import { type Found, findEnvironment, flagsOf, listEnvironments } from '../../core/env/environments.ts';
import { environmentOf } from '../../core/env/filenames.ts';
import { lastOnes, secretNamesOf, withVariables } from '../../core/env/secretnames.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { isSealed, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { environmentsPath } from '../../core/view/names.ts';
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

  async names({ folder, files, inOrder, loader, variables, required }: Here): Promise<readonly EnvironmentSecret[]> {
    const found: EnvironmentSecret[] = [];
    for (const name of files) {
      const file = vscode.Uri.joinPath(folder, name);
      const sealed = await this.#sealed(file).catch((error) => {
        throw ofFile(error, name);
      });
      found.push(...secretNamesOf(sealed, loader).map((one) => ({ ...one, file })));
    }
    const { named, unused } = withVariables(found, variables);
    const missing = unused.find((name) => required.has(name));
    if (missing !== undefined) throw new LockstepError('BAD_ENVIRONMENTS', { what: 'unused', path: [missing] });
    return inOrder ? lastOnes(named, ({ file }) => file) : named;
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

  async #sealed(file: vscode.Uri): Promise<Sealed> {
    const { format, text } = formatOfBytes(file.path, await readAnywhere(this.#platform, file));
    if (!isSealed(text, format)) throw new LockstepError('NO_METADATA', { what: 'plain' });
    return readSealed(text, format);
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

/** Why a file of an environment gives no names, with the file. */
function ofFile(error: unknown, name: string): unknown {
  if (!(error instanceof LockstepError)) return error;
  const what = error.code === 'GONE' ? 'gone' : error.code === 'NO_METADATA' ? 'plain' : 'unread';
  return new LockstepError('BAD_ENVIRONMENTS', { what, path: [name] });
}
