import type { Clash } from '../../core/people/clashes.ts';

/** A clash of names in a sentence, and what to do. Not yet fit for a terminal. */
export function clashWords(clash: Clash): readonly [what: string, next: string] {
  return clash.kind === 'namesakes'
    ? [
        `Several keys are called ${clash.name}: ${clash.recipients.join(', ')}.`,
        'Give each a name of its own in .sops.yaml, such as “Maria (laptop)”.',
      ]
    : [`The key ${clash.recipient} has several names: ${clash.names.join(', ')}.`, 'Keep one of them in .sops.yaml.'];
}
