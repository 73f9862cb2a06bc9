// Keys, and the vault that holds them.
import assert from 'node:assert/strict';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { run } from './support.ts';

export interface Key {
  readonly identity: string;
  readonly recipient: string;
}

export async function newKey(): Promise<Key> {
  const identity = await generateIdentity();
  return { identity, recipient: await recipientOf(identity) };
}

/** Puts exactly these keys into the vault, by label. */
export async function useKeys(keys: Readonly<Record<string, Key>>): Promise<void> {
  for (const label of await labels()) {
    await run('manageKeys', { pick: [label, 'Remove'], choose: 'Remove Key' });
  }
  for (const [label, { identity }] of Object.entries(keys)) {
    await run('importKey', { pick: 'Type or Paste It', secret: `# ${label}\n${identity}` });
  }
  assert.deepEqual(await labels(), Object.keys(keys));
}

/** The labels of the keys in the vault. */
export async function labels(): Promise<string[]> {
  // What is told meanwhile of something else, such as a key without a backup, may come before the list.
  const asked = await run('manageKeys');
  const list = asked.find((text) => text.startsWith('Keys\n'));
  assert.ok(list !== undefined || asked.join().includes('You have no key yet'), `no list of keys: ${asked.join('\n')}`);
  return (list ?? '').split('\n').flatMap((line) => (line.startsWith('$(key) ') ? [line.slice(7)] : []));
}

/** A key in the vault, the only one. */
export async function onlyKey(): Promise<Key> {
  const key = await newKey();
  await useKeys({ 'me@here': key });
  return key;
}
