import * as vscode from 'vscode';
import { bareRecipient } from '../../core/age/sshkey.ts';
import { type Environment, environments } from '../../core/env/filenames.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { type Condition, conditionOf } from '../../core/survey/access.ts';
import { environmentOf } from '../../core/survey/environment.ts';
import type { FileFacts } from '../../core/survey/facts.ts';
import { type Reader, readersOf } from '../../core/survey/people.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { Services } from '../services.ts';

/** A secret file as both views show it. */
export interface FileRow {
  readonly uri: vscode.Uri;
  /** From its workspace folder; with the folder's name where there are several. */
  readonly path: string;
  readonly facts: FileFacts;
  readonly condition: Exclude<Condition, 'none'>;
  readonly environment: Environment | undefined;
  /** How many of its values git history holds as plaintext. */
  readonly inHistory: number;
}

/** Somebody who can read files, or should. */
export interface PersonRow extends Reader<FileRow> {
  /** The name with the short key, or that alone. */
  readonly label: string;
  /** The name alone, the short key alone: a narrow view has no room for both in front. */
  readonly name: string;
  readonly short: string;
  /** One of one's own keys. */
  readonly own: boolean;
}

/** What the views show, of one moment. Names only, no value. */
export interface Snapshot {
  readonly files: readonly FileRow[];
  readonly people: readonly PersonRow[];
  /** The words for a key, by the names in any `.sops.yaml`. */
  nameOf(key: KeyName): string;
  person(key: KeyName): PersonRow | undefined;
}

/** Own ones first, then by name; keys of other kinds than age's last. */
const order = (a: PersonRow, b: PersonRow) =>
  Number(b.own) - Number(a.own) ||
  Number(a.key.kind !== 'age') - Number(b.key.kind !== 'age') ||
  a.label.localeCompare(b.label);

export async function takeSnapshot({ inventory, vault, rules, exposed }: Services): Promise<Snapshot> {
  const keys = await vault.keys();
  const own = new Set(keys.map(({ recipient }) => recipient));
  const files = inventory.files.flatMap(({ uri, facts }): FileRow[] => {
    const condition = conditionOf(facts, own);
    if (condition === 'none') return [];
    const path = vscode.workspace.asRelativePath(uri);
    const inHistory = exposed.of(uri).filter(({ replaced }) => !replaced).length;
    return [{ uri, path, facts, condition, environment: environmentOf(path), inHistory }];
  });
  // One's own key that nobody named there has the label that it has here.
  const labels = keys.map(({ recipient, label }) => [recipient, label] as const);
  const names = new Map([...labels, ...(await namesFor(files, (uri) => rules.names(uri)))]);
  const nameOf = (key: KeyName) => namedKey(names, key);
  const people = readersOf(files.map((file) => ({ file, facts: file.facts })))
    .map((reader): PersonRow => {
      const recipient = bareRecipient(reader.key.name);
      const label = nameOf(reader.key);
      const short = shortRecipient(recipient);
      const name = visible(names.get(recipient) ?? label);
      return { ...reader, label, name, short: name === label ? '' : short, own: own.has(recipient) };
    })
    .sort(order);
  const byKey = new Map(people.map((one) => [`${one.key.kind} ${bareRecipient(one.key.name)}`, one]));
  const person = ({ kind, name }: KeyName) => byKey.get(`${kind} ${bareRecipient(name)}`);
  return { files, people, nameOf, person };
}

/** The names of all `.sops.yaml` files together; the first one that names a key counts. */
async function namesFor(files: readonly FileRow[], namesOf: (uri: vscode.Uri) => Promise<Names>): Promise<Names> {
  const all = new Map<string, string>();
  const seen = new Set<Names>();
  for (const { uri } of files) {
    const names = await namesOf(uri);
    if (seen.has(names)) continue;
    seen.add(names);
    for (const [recipient, name] of names) if (!all.has(recipient)) all.set(recipient, name);
  }
  return all;
}

/** The folder that all of some files are in, with a slash at its end; empty for none. */
export function sharedFolder(files: readonly FileRow[]): string {
  const [first, ...others] = files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  let shared = first ?? '';
  for (const folder of others)
    while (!folder.startsWith(shared)) shared = shared.slice(0, shared.lastIndexOf('/', shared.length - 2) + 1);
  return shared;
}

/** The environments that some files belong to, from the most careful one; those of none come last. */
export function environmentsOf(files: readonly FileRow[]): (Environment | undefined)[] {
  const all = [...environments, undefined];
  return all.filter((one) => files.some(({ environment }) => environment === one));
}
