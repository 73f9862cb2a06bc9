import { bareRecipient } from '../age/sshkey.ts';
import { parseConfig } from '../rules/rules.ts';
import type { KeyKind } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { type Clash, clashesIn } from './clashes.ts';
import { foldedName, type Names } from './names.ts';
import type { TeamConfig, TeamFile } from './plan.ts';

/** Somebody, or something, that can read files of a repository. */
export interface Member {
  readonly kind: KeyKind;
  /** As `bareRecipient` gives it. */
  readonly recipient: string;
  readonly name: string | undefined;
  /** The rules that name it, counted from 0. */
  readonly rules: readonly { readonly config: string; readonly rule: number }[];
  /** The encrypted files that it can read, or has a part of the key of. */
  readonly files: readonly string[];
}

/** Every key that a rule names or that is in a file: in the order of the rules, then of the files. Throws as `parseConfig`. */
export function membersOf(configs: readonly TeamConfig[], files: readonly TeamFile[], names: Names): Member[] {
  const found = new Map<string, { key: KeyName; rules: { config: string; rule: number }[]; files: Set<string> }>();
  const at = (key: KeyName) => {
    const id = `${key.kind} ${bareRecipient(key.name)}`;
    const known = found.get(id) ?? { key, rules: [], files: new Set<string>() };
    found.set(id, known);
    return known;
  };
  for (const { path, text } of configs)
    for (const { groups, index } of parseConfig(text).rules ?? [])
      for (const key of new Set(groups.flat().map((one) => at(one)))) key.rules.push({ config: path, rule: index });
  for (const { path, facts } of files)
    if (facts.kind === 'encrypted') for (const key of facts.groups.flat()) at(key).files.add(path);
  return [...found.values()].map(({ key: { kind, name }, rules, files }) => {
    const recipient = bareRecipient(name);
    return { kind, recipient, name: names.get(recipient), rules, files: [...files] };
  });
}

/** What is wrong with the names of some `.sops.yaml` files: a name counts in the whole repository. */
export const clashesOf = (configs: readonly TeamConfig[]): Clash[] =>
  clashesIn(configs.map(({ text }) => text).join('\n'));

/** The other keys that seem to be the same person's, such as that of “Maria (laptop)” for Maria's: their names differ in what is in brackets. */
export function namesakesOf(members: readonly Member[], recipient: string): Member[] {
  const nameOf = ({ name }: Member) => name && foldedName(name).replace(/\s*\([^()]*\)$/, '');
  const own = members.find((one) => one.recipient === bareRecipient(recipient));
  const name = own && nameOf(own);
  return name ? members.filter((one) => one !== own && nameOf(one) === name) : [];
}
