import assert from 'node:assert/strict';
import { applyEdits, type FormatId } from '../../../src/core/format/document.ts';
import type { DataKey } from '../../../src/core/keys/datakey.ts';
import { ageNames, type KeyChange } from '../../../src/core/keys/updatekeys.ts';
import { type Opened, open } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readMetadata } from '../../../src/core/sops/metadata.ts';
import { readSealed, type Sealed } from '../../../src/core/sops/sealed.ts';
import { generateIdentity, recipientOf } from '../age/texts.ts';
import { alice, bob, clock, keyringOf } from '../support.ts';

export interface Person {
  readonly identity: string;
  readonly recipient: string;
}

/** A binary file is JSON with one value. */
export type Format = Exclude<FormatId, 'binary'>;

export const plain: Record<Format, string> = {
  yaml: '# why\na: one\nlist:\n  - 2\n  - three\nb_unencrypted: open\n---\nc: four\n',
  json: '{\n  "a": "one",\n  "list": [2, "three"],\n  "b_unencrypted": "open"\n}\n',
  dotenv: '# why\nA=one\nC=two\nB_unencrypted=open\n',
  ini: '; why\na = one\n\n[list]\nb = two\nc_unencrypted = open\n',
};
export const formats = Object.keys(plain) as Format[];

export const people: Person[] = [alice, bob];
before(async () => {
  for (let i = 0; i < 3; i++) {
    const identity = await generateIdentity();
    people.push({ identity, recipient: await recipientOf(identity) });
  }
});
export const person = (i: number) => people[i] ?? assert.fail();
export const names = (...numbers: number[]) => ageNames(numbers.map((i) => person(i).recipient));

export async function sealed(format: Format, groups: number[][], shamirThreshold = 0): Promise<Sealed> {
  const options = { recipients: [], groups: groups.map((group) => names(...group)), shamirThreshold };
  return (await seal(plain[format], format, options, clock)).sealed;
}

export const openFor = async (file: Sealed, ...numbers: number[]) =>
  open(file, await keyringOf(...numbers.map((i) => person(i).identity)));
export const groupsOf = (file: Sealed) =>
  file.metadata.groups.map((keys) => keys.map((key) => people.findIndex((one) => one.recipient === key.name)));
export const valuesOf = (opened: Opened) => opened.sealed.leaves.map((leaf) => opened.value(leaf.id));

/** The change holds what it says, and left every value, the MAC and its date alone. */
export function applied(file: Sealed, change: KeyChange): Sealed {
  assert.equal(applyEdits(file.doc.text, change.edits), change.text);
  const after = readSealed(change.text, file.format);
  const envelopes = (text: string) => text.match(/ENC\[[^\]]*\]/g);
  assert.deepEqual(envelopes(change.text), envelopes(file.doc.text));
  assert.equal(after.metadata.lastModified, file.metadata.lastModified);
  for (const block of after.doc.metadata) {
    assert.deepEqual(
      readMetadata((block ?? assert.fail()).root).groups.map((keys) => keys.map(({ entry, ...key }) => key)),
      after.metadata.groups.map((keys) => keys.map(({ entry, ...key }) => key)),
    );
  }
  return after;
}

export async function changed(
  file: Sealed,
  by: number[],
  make: (file: Sealed, key: DataKey) => Promise<KeyChange>,
): Promise<Sealed> {
  const { dataKey } = await openFor(file, ...by);
  return applied(file, await make(file, dataKey));
}
