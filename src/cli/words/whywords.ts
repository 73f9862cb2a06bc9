import { isForeign } from '../../core/keys/others.ts';
import type { NamedKey, NextStep, Why } from '../../core/keys/why.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import { isAge, kindNames } from '../../core/sops/kinds.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { named } from '../keys/names.ts';
import { foreignNeeds, kindNeeds } from './foreign.ts';
import { sentenceOf } from './words.ts';

/** Everybody who can read a file, group by group: a line for each key, with what came of it. */
export function readerLines({ groups, required }: Why, names: Names): string[] {
  const several = groups.length > 1;
  return [
    several ? `Who can read it: ${required} of these ${groups.length} groups together` : 'Who can read it:',
    ...groups.flatMap((keys, i) => [
      ...(several ? [` Group ${i + 1}:`] : []),
      ...keys.map((key) => `  ${readerLine(key, names)}`),
    ]),
  ];
}

function readerLine(key: NamedKey, names: Names): string {
  const { kind, own, result } = key;
  if (isForeign(kind))
    return `${kindNames[kind]} ${named(names, key)}: it needs ${kindNeeds(kind)}, and ${foreignNeeds[kind]}`;
  if (!isAge(kind)) {
    const said = key.fault ? sentenceOf(key.fault) : result === 'opened' ? 'opens it' : '';
    return `${kindNames[kind]} ${named(names, key)}${said && `: ${said}`}`;
  }
  const notes = [own && 'yours', result === 'opened' && 'opens it', own && result === 'shut' && 'does not open it'];
  const said = notes.filter(Boolean).join(', ');
  return named(names, key) + (said && `: ${said}`);
}

/** People at most, in one sentence. */
const most = 5;

/** Who can help: those with a name first. */
function listed(readers: readonly KeyName[], names: Names): string {
  const sorted = [...readers].sort((a, b) => Number(names.has(b.name)) - Number(names.has(a.name)));
  const shown = sorted.slice(0, most).map((key) => namedKey(names, key));
  const more = readers.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** What to do next, as lines. @param keyFile where a new key would be looked for. */
export function nextLines(next: NextStep, names: Names, keyFile: string | undefined): string[] {
  switch (next.kind) {
    case 'none':
      return [];
    case 'unlock':
      return [
        'Next: One of the places above has a key that was not unlocked. Run this again in a terminal and unlock it.',
      ];
    case 'restore':
      return [
        `Next: The file names your key ${next.recipient}, but what is encrypted for it does not open.`,
        'It is damaged, or was changed without the key: compare it with the last commit, or restore that.',
      ];
    case 'make-key':
      return [
        `Next: Make a key, if you have none: lockstep keygen -o ${keyFile ?? 'FILE'}`,
        'If you have one elsewhere, set SOPS_AGE_KEY_FILE to the path of its file.',
        ...(next.readers.length > 0 ? [`Then send its public key to one of: ${listed(next.readers, names)}`] : []),
      ];
    case 'ask':
      return [
        `Next: Send your public key to one of: ${listed(next.readers, names)}`,
        `  ${next.recipient}`,
        'As a request: lockstep people request. They answer with: lockstep people grant.',
      ];
    case 'groups':
      return [
        `Next: Keys of ${next.missing === 1 ? 'one more group' : `${next.missing} more groups`} are needed. ${
          next.readers.length > 0 ? `Ask one of: ${listed(next.readers, names)}` : 'What they take is said above.'
        }`,
      ];
    case 'foreign':
      return [
        `Next: Open it with sops and what is named above (${next.kinds.map((kind) => kindNames[kind]).join(', ')}).`,
        `To open it here from then on: sops rotate -i --add-age ${next.recipient ?? 'age1…'} FILE`,
      ];
  }
}
