import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { VersionsPanel } from '../versions/panel.ts';
import { gitOf } from '../versions/reading.ts';
import { conflictsIn } from './conflicts.ts';
import { isRebasing, ResolveDriver } from './driver.ts';
import { Resolving } from './resolving.ts';
import { isOurs, SideFault, textsOf } from './three.ts';

const { t } = vscode.l10n;

/** Opens pages that bring the versions of a file in conflict together, one for each file. */
export class Resolver {
  readonly #services: Services;
  readonly #panels = new Map<string, VersionsPanel>();

  constructor(services: Services) {
    this.#services = services;
  }

  isOpen(uri: vscode.Uri): boolean {
    return this.#panels.has(uri.toString());
  }

  /** Of the file that is named, else of the one in front if it is in conflict, else of one that a person chooses. */
  async resolve(ids: readonly unknown[]): Promise<void> {
    if (!(await mayWrite(this.#services))) return;
    const uri = uriOf(ids[0]) ?? resourceOf(ids[0]) ?? (await this.#choose());
    if (uri) await this.#open(uri);
  }

  async #choose(): Promise<vscode.Uri | undefined> {
    const { ui } = this.#services;
    const found = await conflictsIn(this.#services);
    const front = activeFile();
    if (front && (found.length === 0 || found.some((uri) => uri.path === front.path))) return front;
    if (found.length === 0) return void ui.info(t('No encrypted file is in conflict.'));
    if (found.length === 1) return found[0];
    const items = found.map((uri) => ({ label: fileName(uri), uri }));
    return (await ui.pick(items, { title: t('Resolve by Secret'), placeholder: t('Which file?') }))?.uri;
  }

  async #open(uri: vscode.Uri): Promise<void> {
    const { ui, rules, platform } = this.#services;
    const git = gitOf(this.#services, uri);
    const name = fileName(uri);
    const stages = await git.stagesOf(uri.fsPath);
    if (!stages)
      return void ui.info(t('Git has no versions of {0} in conflict. To restore it: git checkout HEAD -- FILE', name));
    if (stages.isMissing) throw new LockstepError('NO_SUCH_VERSION', { what: 'content' });
    if (!isOurs(uri, stages)) return void ui.info(t('{0} is not encrypted in any version: merge it as text.', name));
    const texts = attempt(() => textsOf(uri, stages));
    if (!texts) {
      const gone = stages.ours
        ? t(
            '{0} is deleted in theirs, and changed in ours. In Source Control, stage it to keep it, or delete it.',
            name,
          )
        : t(
            '{0} is deleted in ours, and changed in theirs. In Source Control, stage it to keep it, or delete it.',
            name,
          );
      return void ui.info(gone);
    }
    await askToUnlock(this.#services, uri);
    const now = await platform.disk?.readIfThere(uri.fsPath);
    const resolving = await Resolving.begin(this.#services, uri, texts, now);
    const root = await git.workTreeOf(uri.fsPath);
    const about = { names: await rules.names(uri), rebasing: root !== undefined && (await isRebasing(root)) };
    this.#show(uri, resolving, about);
  }

  /** What an older page has decided goes with it: it may be about other versions. */
  #show(uri: vscode.Uri, resolving: Resolving, about: ConstructorParameters<typeof ResolveDriver>[2]): void {
    const key = uri.toString();
    this.#panels.get(key)?.dispose();
    const driver = new ResolveDriver(this.#services, resolving, about, {
      changed: () => panel.update(),
      done: () => panel.dispose(),
    });
    const panel = new VersionsPanel(this.#services, driver, t('Resolve by Secret'));
    this.#panels.set(key, panel);
    panel.onDidDispose(() => {
      if (this.#panels.get(key) === panel) this.#panels.delete(key);
    });
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }
}

/** A row of the Source Control view. */
function resourceOf(value: unknown): vscode.Uri | undefined {
  const uri = typeof value === 'object' && value !== null && 'resourceUri' in value ? value.resourceUri : undefined;
  return uri instanceof vscode.Uri ? uri : undefined;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof SideFault ? error.cause : error;
  }
}
