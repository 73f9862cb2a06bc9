import * as vscode from 'vscode';
import { requireKeys } from '../../core/keys/others.ts';
import { goWithoutAge } from '../../core/keys/withoutage.ts';
import type { Rule } from '../../core/rules/rules.ts';
import type { Desk } from './desk.ts';

/**
 * The rules of a folder, and of the plain files in it, where a person can go by them without an age key: they name PGP keys, or those of
 * clouds. Undefined where an age key is wanted. Throws BAD_CONFIG.
 */
export async function rulesWithoutAge({ services, folder, plain }: Desk): Promise<readonly Rule[] | undefined> {
  const { rules } = services;
  const top = await rules.around(vscode.Uri.joinPath(folder.uri, 'x'));
  if (top.length > 0 && !(await goWithoutAge(top))) return undefined;
  const found = await Promise.all((await plain()).map(async ({ uri }) => (await rules.find(uri))?.rule));
  const all = [...new Set([...top, ...found.flatMap((rule) => rule ?? [])])];
  return (await goWithoutAge(all)) ? all : undefined;
}

/** Throws for the first of the keys of some rules that cannot be had, what is missing for it. */
export async function requireRuleKeys(rules: readonly Rule[]): Promise<void> {
  await requireKeys(rules.flatMap(({ groups }) => groups.flat()));
}
