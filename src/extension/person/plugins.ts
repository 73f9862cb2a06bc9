import * as vscode from 'vscode';
import type { PluginPerson } from '../../core/age/plugin/port.ts';
import { visible } from '../../core/tree/path.ts';
import type { Ui } from '../ui/ui.ts';

const { t } = vscode.l10n;

/** More of a text than anybody reads. */
const most = 500;

/** What age plugins tell and ask, such as for the touch of a token or its PIN: each text with the name of its program. */
export function pluginPerson(ui: Ui): PluginPerson {
  const words = (plugin: string, text: string) => `age-plugin-${plugin}: ${visible(text.slice(0, most))}`;
  return {
    tell: (plugin, text) => {
      void ui.info(words(plugin, text));
      return true;
    },
    confirm: async (plugin, text, yes, no) => {
      const verbs = [yes, ...(no === undefined ? [] : [no])].map((verb) => visible(verb.slice(0, most)));
      const chosen = await ui.choose(words(plugin, text), '', verbs);
      return chosen === undefined ? undefined : chosen === verbs[0];
    },
    ask: async (plugin, text, secret) => {
      const box = { title: t('Lockstep: age-plugin-{0}', plugin), prompt: visible(text.slice(0, most)) };
      if (!secret) return ui.input(box);
      const answer = await ui.secret(box);
      return answer && 'text' in answer ? answer.text : undefined;
    },
  };
}
