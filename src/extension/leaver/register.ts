import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { Checklists } from './checklists.ts';
import { showChecklist } from './goto.ts';
import { setPolicy } from './policy.ts';
import { showChecklists } from './view.ts';

/** What is to be replaced since somebody left, and what is agreed about each secret. */
export function register(services: Services): Feature {
  const lists = new Checklists(services);
  return {
    commands: {
      [commands.showChecklist]: (...ids) => showChecklist(services, lists, ids),
      [commands.setPolicy]: (...ids) => setPolicy(services, ids),
    },
    disposable: showChecklists(services, lists),
  };
}
