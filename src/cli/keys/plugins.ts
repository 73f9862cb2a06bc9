import type { Plugins } from '../../core/age/plugin/port.ts';
import { visible } from '../../core/tree/path.ts';
import type { Io } from '../io.ts';

/** More of a text than anybody reads. */
const most = 1000;

/** Age plugins, with the terminal for what they tell and ask. */
export function pluginsOf(io: Io): Plugins {
  const words = (plugin: string, text: string) => `age-plugin-${plugin}: ${visible(text.slice(0, most))}`;
  return {
    start: async (plugin, machine) => (await import('../../node/keys/plugin.ts')).startPlugin(io, plugin, machine),
    person: {
      tell: (plugin, text) => {
        io.writeStderr(`lockstep: ${words(plugin, text)}\n`);
        return true;
      },
      confirm: async (plugin, text, yes, no) => {
        if (!io.interactive) return undefined;
        const choice = no === undefined ? `y: ${visible(yes)}` : `y: ${visible(yes)}, n: ${visible(no)}`;
        const answer = (await io.ask(`${words(plugin, text)} (${choice}) `))?.trim().toLowerCase();
        return answer === 'y' ? true : answer === 'n' ? false : undefined;
      },
      ask: async (plugin, text, secret) =>
        io.interactive ? io.ask(`${words(plugin, text)}${secret ? ' (nothing is shown)' : ''}: `, secret) : undefined,
    },
  };
}
