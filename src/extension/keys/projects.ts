import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import type { KeyInfo, Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import type { Choice } from '../ui/ui.ts';
import type { Place } from '../vault/places.ts';
import { placeOf, rootHere, shareWith } from '../vault/share.ts';

const { t } = vscode.l10n;

interface Action extends Choice {
  readonly run: () => Promise<unknown>;
}

/** Where a key may be used, one line for each work tree; choosing one takes it back. */
export async function manageProjects(services: Services, key: KeyInfo): Promise<void> {
  const places = key.places ?? [];
  const here = await rootHere();
  const isHere = places.some(({ root }) => root === here?.toString());
  const items: Action[] = [
    ...places.map((place) => ({
      icon: 'repo',
      label: visible(place.name),
      description: visible(vscode.Uri.parse(place.root).fsPath),
      detail: t('Choose it to revoke the use of the key there.'),
      run: () => revoke(services, key, place),
    })),
    ...(here && !isHere
      ? [
          {
            icon: 'add',
            label: key.places ? t('Use It in {0}, Too…', nameOf(here)) : t('Use It Only in {0}…', nameOf(here)),
            run: () => add(services, key, here),
          },
        ]
      : []),
    ...(key.places ? [{ icon: 'globe', label: t('Use It Everywhere…'), run: () => free(services, key) }] : []),
  ];
  const placeholder = key.places
    ? t('Files open with this key in these repositories and nowhere else')
    : t('This key can be used in every repository');
  await (await services.ui.pick(items, { title: t('Repositories of {0}', visible(key.label)), placeholder }))?.run();
}

const nameOf = (root: vscode.Uri) => visible(root.path.split('/').at(-1) || root.path);

async function add(services: Services, key: KeyInfo, root: vscode.Uri): Promise<void> {
  if (!(await mayWrite(services))) return;
  if (key.places) {
    await shareWith(services, key, root);
    return;
  }
  const sure = await services.ui.confirm(
    t('Use the key {0} only in {1}?', visible(key.label), nameOf(root)),
    t('In other folders, files that are encrypted for it do not open any more, until you allow it there.'),
    t('Use Only Here'),
  );
  if (sure) await services.vault.bind(key.recipient, [await placeOf(services, root)]);
}

async function revoke({ ui, vault }: Services, key: KeyInfo, place: Place): Promise<void> {
  const sure = await ui.confirm(
    t('No longer use the key {0} in {1}?', visible(key.label), visible(place.name)),
    t('Files there that are encrypted for it do not open any more. The files stay as they are.'),
    t('Revoke Use'),
  );
  if (!sure) return;
  const now = (await vault.keys()).find(({ recipient }) => recipient === key.recipient)?.places ?? [];
  await vault.bind(
    key.recipient,
    now.filter(({ root, id }) => root !== place.root || id !== place.id),
  );
}

async function free({ ui, vault }: Services, key: KeyInfo): Promise<void> {
  const sure = await ui.gesture(
    t('Use the key {0} in every repository?', visible(key.label)),
    t('Then a file that is encrypted for it opens wherever it is copied to.'),
    t('Use Everywhere'),
  );
  if (sure) await vault.bind(key.recipient, undefined);
}
