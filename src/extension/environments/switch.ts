import * as vscode from 'vscode';
import type { Found } from '../../core/env/environments.ts';
import { environmentOf } from '../../core/survey/environment.ts';
import { environmentsPath } from '../../core/view/names.ts';
import { exists } from '../exists.ts';
import type { Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { folderInFront } from './folder.ts';
import { openDeclarations } from './template.ts';

const { t } = vscode.l10n;

interface Item extends Choice {
  readonly found?: Found<vscode.Uri>;
}

/** Asks for the environment that programs of the folder in front get from now on. Throws what `Environments.list` throws. */
export async function switchEnvironment(services: Services): Promise<void> {
  const { environments, ui } = services;
  const folder = folderInFront();
  if (!folder) {
    await ui.info(t('Open a folder first: its environments are its secret files.'));
    return;
  }
  const [all, active] = [await environments.list(folder), await environments.active(folder)];
  const items: Item[] = all.map((found) => ({
    icon: environmentOf(found.name) === 'production' ? 'flame' : 'server-environment',
    label: environments.word(found),
    description: descriptionOf(found, found.name === active?.name),
    found,
  }));
  const written = await exists(vscode.Uri.joinPath(folder, environmentsPath));
  const edit: Item = {
    icon: 'edit',
    label: written ? t('Edit {0}', environmentsPath) : t('Create {0}', environmentsPath),
  };
  const placeholder =
    all.length > 0
      ? t('Programs that are run with secrets get those of this environment')
      : t('No file here is called after an environment, such as .env.production. Write down which files there are');
  const chosen = await ui.pick([...items, edit], { title: t('Switch Environment'), placeholder });
  if (!chosen) return;
  if (chosen.found) await environments.activate(folder, chosen.found.name);
  else await openDeclarations(services, folder);
}

function descriptionOf({ files, name, isDefault }: Found<vscode.Uri>, isActive: boolean): string {
  const shown = files.length > 3 ? [...files.slice(0, 3), t('and {0} more', files.length - 3)] : files;
  return [
    ...(isActive ? [t('active')] : []),
    ...(isDefault ? [t('default')] : []),
    ...(name === '' && files.length === 1 ? [] : [shown.join(', ')]),
  ].join(' · ');
}
