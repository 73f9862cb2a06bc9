import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { type Naming, namingsIn, sameName } from './names.ts';

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
  const names = distinct(all, (a, b) => sameName(a.name, b.name));
  const keys = distinct(all, (a, b) => a.recipient === b.recipient);
  return [
    ...names.flatMap(({ name }): Clash[] => {
      const recipients = [...new Set(all.filter((one) => sameName(one.name, name)).map((one) => one.recipient))];
      return recipients.length > 1 ? [{ kind: 'namesakes', name, recipients }] : [];
    }),
    ...keys.flatMap(({ recipient }): Clash[] => {
      const own = distinct(all, (a, b) => sameName(a.name, b.name), recipient).map(({ name }) => name);
      return own.length > 1 ? [{ kind: 'names', recipient, names: own }] : [];
    }),
  ];
}

/** The clash that there would be if a key got a name. */
export function clashWith(configText: string, name: string, recipient: string): Clash | undefined {
  const clashes = clashesIn(`${configText}\n# ${name}: ${bareRecipient(recipient)}\n`);
  return clashes.find((one) =>
    one.kind === 'names' ? one.recipient === bareRecipient(recipient) : sameName(one.name, name),
  );
}

/**
 * The key of somebody, named by it or by the name in `.sops.yaml`, where that is not of several keys. Throws NO_SUCH_PERSON, with
 * `several` for a name of several keys.
 */
export function findPerson(configText: string, who: string): string {
  const key = bareRecipient(who);
  if (/^(?:age1|ssh-)/.test(key)) return key;
  const all = namingsIn(configText).filter(({ name }) => sameName(name, who.trim()));
  const found = [...new Set(all.map(({ recipient }) => recipient))];
  const [only] = found;
  if (only === undefined) throw new LockstepError('NO_SUCH_PERSON');
  if (found.length > 1) throw new LockstepError('NO_SUCH_PERSON', { what: 'several' });
  return only;
}

function distinct(all: readonly Naming[], same: (a: Naming, b: Naming) => boolean, recipient?: string): Naming[] {
  const some = recipient === undefined ? all : all.filter((one) => one.recipient === recipient);
  return some.filter((one, i) => some.findIndex((other) => same(one, other)) === i);
}
