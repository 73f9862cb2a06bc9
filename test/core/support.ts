import { ageOpener } from '../../src/core/age/opener.ts';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import type { FormatId } from '../../src/core/format/document.ts';
import type { Keyring } from '../../src/core/keys/keyring.ts';
import type { Opener } from '../../src/core/keys/opener.ts';
import { type Opened, open } from '../../src/core/open/open.ts';
import type { Clock } from '../../src/core/ports.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';

/** Identities made by age-keygen for these tests only. */
export const alice = {
  identity: 'AGE-SECRET-KEY-1NG5M4X0XNA8R0LTK4X5FAA4WLP47PGXAE6NRRQK09VATW7YLQ4WSK7LXLK',
  recipient: 'age18ru0xy8pxgztgecfzucw5sg32e6k5jyqar69rsel9ay38hehgdqstmty6u',
};
export const bob = {
  identity: 'AGE-SECRET-KEY-1HRM52S46N0STL5U0TSDVWU3TZR6FCHTASPW9CKY6QGSYEHY45R8QKPXTUR',
  recipient: 'age14zu526zc0fh7f2ungnenvezlkfajfr933mlhln3p4n86qy2fvedsjqhqft',
};
export const carol = {
  identity: 'AGE-SECRET-KEY-157KY3KYRQ2WHEJUGA90Y7MWZZFN3HMQMFS6JHJLUQAWYGMW6A00QG7AGCP',
  recipient: 'age16mmk6jzu25g62m4jvc7pkaz50ydu75znmsmgs58hn9muyaj3ldlqy94zvq',
};

export const clock: Clock = { now: () => new Date('2026-11-21T10:20:30.456Z') };
export const later: Clock = { now: () => new Date('2026-11-22T01:02:03Z') };

export async function openerOf(identity: string): Promise<Opener> {
  const key = PrivateKey.of(identity);
  const source = { kind: 'environment', name: 'test' } as const;
  return ageOpener(key, { recipient: await key.recipient(), label: 'test', source });
}

export async function keyringOf(...identities: string[]): Promise<Keyring> {
  const openers = await Promise.all(identities.map(openerOf));
  return { openers: async () => openers };
}

/** Whether an opener opens what is encrypted to a recipient. */
export async function opensFor(opener: Opener, recipient: string): Promise<boolean> {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const found = await opener.unwrap({ kind: 'age', name: 'anybody', enc: await wrapKey(key, recipient) });
  return found !== undefined && Buffer.from(found).equals(key);
}

export async function reopen(text: string, format: FormatId, identity = alice.identity): Promise<Opened> {
  return open(readSealed(text, format), await keyringOf(identity));
}

export function formatOf(file: string): FormatId {
  if (/\.ya?ml$/.test(file)) return 'yaml';
  if (file.endsWith('.ini')) return 'ini';
  return file.endsWith('.json') ? 'json' : 'dotenv';
}
