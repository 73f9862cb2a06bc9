import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { foldedName, type Naming, namingsIn } from './names.ts';

/** What makes a name useless: people are told apart by it. */
export type Clash =
  /** Several keys have one name. */
  | { readonly kind: 'namesakes'; readonly name: string; readonly recipients: readonly string[] }
  /** One key has several names. */
  | { readonly kind: 'names'; readonly recipient: string; readonly names: readonly string[] };

/** What a person wrote to name somebody; an anchor or the comment of an SSH key may be about anything. */
const writtenIn = (configText: string) =>
  namingsIn(configText).filter(({ kind }) => kind !== 'anchor' && kind !== 'ssh');

/** Every clash of names in a `.sops.yaml`. */
export function clashesIn(configText: string): Clash[] {
  const all = writtenIn(configText);
  const namesakes = [...grouped(all, ({ name }) => foldedName(name)).values()].flatMap((some): Clash[] => {
    const recipients = [...new Set(some.map(({ recipient }) => recipient))];
    return recipients.length > 1 ? [{ kind: 'namesakes', name: some[0]?.name ?? '', recipients }] : [];
  });
  const names = [...grouped(all, ({ recipient }) => recipient)].flatMap(([recipient, some]): Clash[] => {
    const own = [...grouped(some, ({ name }) => foldedName(name)).values()].map(([first]) => first?.name ?? '');
    return own.length > 1 ? [{ kind: 'names', recipient, names: own }] : [];
  });
  return [...namesakes, ...names];
}

/** In the order in which each comes first. */
function grouped(all: readonly Naming[], by: (one: Naming) => string): Map<string, Naming[]> {
  const found = new Map<string, Naming[]>();
  for (const one of all) {
    const some = found.get(by(one));
    if (some) some.push(one);
    else found.set(by(one), [one]);
  }
  return found;
}

/** The clash that there would be if a key got a name. */
export function clashWith(configText: string, name: string, recipient: string): Clash | undefined {
  const clashes = clashesIn(`${configText}\n# ${name}: ${bareRecipient(recipient)}\n`);
  return clashes.find((one) =>
    one.kind === 'names' ? one.recipient === bareRecipient(recipient) : foldedName(one.name) === foldedName(name),
  );
}

/**
 * The key of somebody, named by it or by the name in `.sops.yaml`, where that is not of several keys. Throws NO_SUCH_PERSON, with
 * `several` for a name of several keys.
 */
export function findPerson(configText: string, who: string): string {
  const key = bareRecipient(who);
  if (/^(?:age1|ssh-)/.test(key)) return key;
  const all = namingsIn(configText).filter(({ name }) => foldedName(name) === foldedName(who.trim()));
  const found = [...new Set(all.map(({ recipient }) => recipient))];
  const [only] = found;
  if (only === undefined) throw new LockstepError('NO_SUCH_PERSON');
  if (found.length > 1) throw new LockstepError('NO_SUCH_PERSON', { what: 'several' });
  return only;
}
