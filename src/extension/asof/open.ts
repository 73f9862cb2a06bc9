import * as vscode from 'vscode';
import { LockstepError, Refusal } from '../../core/errors.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Names } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { keyOf } from '../../core/sops/value.ts';
import { showPath } from '../../core/tree/path.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { askToUnlock, unlockByClick } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { fileName } from '../ui/words.ts';
import { textOf, withTexts } from '../versions/opening.ts';
import { type Driver, type Told, VersionsPanel } from '../versions/panel.ts';
import { choosePast, type Past } from '../versions/picking.ts';
import { gitOf, versionAt, versionNow } from '../versions/reading.ts';
import { type Entry, type Picture, viewOf } from './view.ts';

const { t } = vscode.l10n;

/** Opens a file as a commit has it, to be looked at: masked, and nothing can be changed there. */
export async function openAsOf(services: Services, ids: readonly unknown[]): Promise<VersionsPanel | undefined> {
  const uri = uriOf(ids[0]) ?? activeFile();
  if (!uri) return void services.ui.info(t('Open a file first.'));
  const past = await choosePast(services, gitOf(services, uri), uri, t('Open {0} as of…', fileName(uri)));
  if (!past) return undefined;
  const version = await versionAt(services, past.uri, past.commit);
  const text = textOf(version);
  if (text === undefined) throw new LockstepError('NO_SUCH_VERSION', { what: 'file' });
  await askToUnlock(services, uri);
  const now = await versionNow(services, uri)
    .then(textOf)
    .catch(() => undefined);
  const texts = { uri, past, text, now };
  const old = new OldVersion(services, texts, await services.rules.names(uri), await look(services, texts));
  return new VersionsPanel(services, old, t('Open Secrets as of'));
}

interface Texts {
  readonly uri: vscode.Uri;
  readonly past: Past;
  readonly text: string;
  /** The file as it is now; undefined where there is none. */
  readonly now: string | undefined;
}

/** Both are opened, and let go of. */
function look(services: Services, { uri, past, text, now }: Texts): Promise<Picture> {
  const texts = [{ uri: past.uri, text }, ...(now === undefined ? [] : [{ uri, text: now }])];
  return withTexts(services, texts, async ([then, present]): Promise<Picture> => {
    try {
      const opened = then?.opened();
      if (!opened) throw new LockstepError('NO_SUCH_VERSION', { what: 'file' });
      const { state } = present ?? {};
      const today = state?.kind === 'open' ? state.opened : undefined;
      return { kind: 'entries', entries: entriesOf(opened, today), metadata: opened.sealed.metadata };
    } catch (error) {
      return { kind: 'fault', error };
    }
  });
}

/** What the page of an old version shows. It holds encrypted texts and names. */
class OldVersion implements Driver {
  readonly #services: Services;
  readonly #texts: Texts;
  readonly #names: Names;
  #picture: Picture;

  constructor(services: Services, texts: Texts, names: Names, picture: Picture) {
    this.#picture = picture;
    this.#services = services;
    this.#texts = texts;
    this.#names = names;
  }

  view() {
    const { uri, past } = this.#texts;
    return viewOf(uri, past, this.#picture, this.#names, this.#isLocked);
  }

  get #isLocked(): boolean {
    const { error } = this.#picture.kind === 'fault' ? this.#picture : { error: undefined };
    return error instanceof Refusal && error.code === 'LOCKED';
  }

  reveal(row: string): Promise<Told> {
    const { past, text } = this.#texts;
    return withTexts(this.#services, [{ uri: past.uri, text }], async ([then]) => {
      const opened = then?.opened();
      const leaf = opened?.sealed.leaves.find(({ id }) => id === row);
      const value = leaf && opened?.value(leaf.id);
      const shown = value && textOfScalar(value);
      if (!leaf || shown === undefined) throw new LockstepError('NO_SUCH_ENTRY');
      return { text: shown, uri: past.uri, key: `${showPath(leaf.path)} at ${abbreviated(past.commit.hash)}` };
    });
  }

  async act(action: string): Promise<void> {
    if (action !== 'unlock') return;
    await unlockByClick(this.#services, this.#texts.uri);
    this.#picture = await look(this.#services, this.#texts);
  }

  dispose(): void {}
}

function entriesOf(then: Opened, now: Opened | undefined): Entry[] {
  const there = new Map(now?.sealed.leaves.map(({ id }, i) => [id, keyOf(now.valueAt(i))]));
  return then.sealed.leaves.map(({ id, path }, i) => {
    const value = then.valueAt(i);
    const same = there.get(id) === keyOf(value);
    const since = now && (there.has(id) ? (same ? 'same' : 'changed') : 'removed');
    return { id, name: showPath(path), isText: value !== undefined && textOfScalar(value) !== undefined, since };
  });
}
