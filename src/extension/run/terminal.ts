import * as vscode from 'vscode';
import type { Found } from '../../core/env/environments.ts';
import { knownEnvironment } from '../../core/env/filenames.ts';
import { Refusal } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { mayRun } from '../session/trust.ts';
import { chooseFolder } from '../ui/folder.ts';
import { taskType } from './definition.ts';
import { executionOf } from './execution.ts';
import { filesOf, type Permissions } from './permissions.ts';
import { environmentOf, mayOpen } from './run.ts';

const { t } = vscode.l10n;

/** A shell that has all secrets of an environment, after a question that says what that means. */
export async function openTerminal(services: Services, permissions: Permissions): Promise<void> {
  if (!(await mayRun(services))) return;
  const folder = await chooseFolder(services.ui, t('Open Terminal With Secrets'));
  // A shell is there to be looked at.
  if (folder && services.presentation.on) throw new Refusal('PRESENTING');
  const found = folder && (await carefully(services, folder.uri));
  if (!found || !(await isWanted(services, found)) || !(await mayOpen(services, found))) return;
  const definition = {
    ...{ type: taskType, command: vscode.env.shell },
    ...(found.name === '' ? {} : { environment: found.name }),
  };
  const { process, args, options } = await executionOf(services, folder.uri, definition);
  const terminal = vscode.window.createTerminal({
    name: t('Secrets: {0}', visible(services.environments.word(found))),
    shellPath: process,
    shellArgs: args,
    cwd: folder.uri,
    env: options?.env ?? {},
    iconPath: new vscode.ThemeIcon('key'),
    color: new vscode.ThemeColor('terminal.ansiYellow'),
    // It is not brought back in the next window, nor what it showed.
    isTransient: true,
  });
  terminal.show();
  permissions.allow(terminal, filesOf(found));
}

const isProduction = ({ name }: Found<vscode.Uri>) => knownEnvironment(name) === 'production';

/** The active environment; one of production only where somebody chose it for this. */
async function carefully(services: Services, folder: vscode.Uri): Promise<Found<vscode.Uri> | undefined> {
  const { environments, ui } = services;
  const active = await environmentOf(services, folder);
  if (!active || !isProduction(active)) return active;
  const there = await environments.list(folder);
  const items = [...there.filter((one) => !isProduction(one)), ...there.filter(isProduction)].map((found) => ({
    ...{ icon: isProduction(found) ? 'warning' : 'server-environment', label: environments.word(found) },
    found,
  }));
  const title = t('Open Terminal With Secrets');
  return (await ui.pick(items, { title, placeholder: t('Of which environment?') }))?.found;
}

const isWanted = ({ ui, environments }: Services, found: Found<vscode.Uri>): Promise<boolean> =>
  ui.gesture(
    t('Open a terminal that has the secrets of {0}?', visible(environments.word(found))),
    t(
      'Every program that you start there gets them. Other extensions and AI agents can type into any terminal, so they can get them, too. Lockstep hides the values that it finds in the output. Run With Secrets… gives them to one program only.',
    ),
    t('Open Terminal'),
  );
