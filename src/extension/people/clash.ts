import * as vscode from 'vscode';
import type { Clash } from '../../core/people/clashes.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';

const { t } = vscode.l10n;

/** A clash of names, and what to do, in two sentences. */
export function clashWords(clash: Clash): string {
  return clash.kind === 'namesakes'
    ? t(
        'Another key is called {0}: {1}. Give each a name of its own, such as “{0} (laptop)”.',
        visible(clash.name),
        clash.recipients.map(shortRecipient).join(', '),
      )
    : t(
        'This key is called {0} in .sops.yaml already. Use that name, or change it there.',
        visible(clash.names[0] ?? ''),
      );
}
