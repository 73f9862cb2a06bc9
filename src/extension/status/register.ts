import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { askToEndPresentation } from '../person/gestures.ts';
import type { Feature, Services } from '../services.ts';
import { showBadges } from './badges.ts';
import { keepContexts } from './contexts.ts';
import { showCopied } from './copied.ts';
import { showStatus } from './item.ts';
import { showMenu } from './menu.ts';

/** The status bar, presentation mode and the context keys. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.showMenu]: () => showMenu(services),
      [commands.togglePresentation]: async () => {
        if (services.presentation.on) await askToEndPresentation(services);
        else services.presentation.set(true);
      },
    },
    disposable: vscode.Disposable.from(
      showStatus(services),
      showCopied(services),
      keepContexts(services),
      showBadges(services),
    ),
  };
}
