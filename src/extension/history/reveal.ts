import * as vscode from 'vscode';
import { textOfScalar } from '../../core/tree/typed.ts';
import { revealText } from '../../core/view/shown.ts';
import type { View } from '../../protocol/versions.ts';
import { askToEndPresentation, askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { ago } from '../ui/ago.ts';
import { type Driver, type Told, VersionsPanel } from '../versions/panel.ts';
import type { Change } from './list.ts';
import { hasValue, oldValue, restoreValue } from './old.ts';
import { hashOf, kindWords, messageOf, readersWords } from './words.ts';

const { t } = vscode.l10n;

/** The one id on the page. */
const only = 'value';

/** Shows the value of a commit, masked, in a tab where it can be revealed like any other. */
export async function showOldValue(services: Services, one: Change): Promise<void> {
  if (!hasValue(one)) return;
  if (services.presentation.on) return askToEndPresentation(services);
  if (!(await askToUnlock(services, one.subject.uri))) return;
  const names = await services.rules.names(one.subject.uri);
  const notes = [messageOf(one), readersWords(one, names)].filter(Boolean);
  new VersionsPanel(services, new OldValue(services, one, notes), t('History of a Secret'));
}

class OldValue implements Driver {
  readonly #services: Services;
  readonly #one: Change;
  readonly #notes: readonly string[];

  constructor(services: Services, one: Change, notes: readonly string[]) {
    this.#services = services;
    this.#one = one;
    this.#notes = notes;
  }

  view(): View {
    const one = this.#one;
    const when = one.commit.made && ago(one.commit.made.time, this.#services.clock.now());
    return {
      title: t('{0} in {1}', one.entry, hashOf(one)),
      notes: this.#notes.map((text) => ({ tone: 'info', text })),
      columns: [when ? `${hashOf(one)}, ${when}` : hashOf(one)],
      rows: [
        {
          id: only,
          kind: 'entry',
          name: one.entry,
          tone: one.kind === 'added' || one.kind === 'removed' ? one.kind : 'changed',
          state: kindWords(one),
          cells: [{ kind: 'hidden', text: '', shows: true }],
          actions: [],
        },
      ],
      nothing: '',
      actions: [{ id: 'restore', label: t('Restore This Value') }],
      rowActions: [],
    };
  }

  async reveal(): Promise<Told> {
    const { uri, entry } = this.#one.subject;
    const { value } = await oldValue(this.#services, this.#one);
    const shown = revealText(value);
    const text = textOfScalar(value) ?? (shown.kind === 'bytes' ? t('{0} bytes that are no text', shown.count) : '');
    return { text, uri, key: t('{0} in {1}', entry, hashOf(this.#one)) };
  }

  act(): Promise<void> {
    return restoreValue(this.#services, this.#one);
  }

  dispose(): void {}
}
