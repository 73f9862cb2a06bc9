import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { hasAttributes, patternsFor, withAttributes } from '../../core/rules/attributes.ts';
import { exists } from '../exists.ts';
import type { Services } from '../services.ts';
import { pathFrom } from '../session/rules.ts';
import { documentOf } from '../session/tabs.ts';

/** A repository, and the `.gitattributes` file beside its `.sops.yaml` that says which files git merges with Lockstep. */
export interface Place {
  /** The work tree. */
  readonly root: string;
  readonly attributes: vscode.Uri;
  /** What it holds; empty where there is none. */
  readonly text: string;
  readonly hash: string | undefined;
  /** The encrypted files that are known, by their paths from the folder of `attributes`. */
  readonly files: readonly string[];
}

/** Throws NOT_A_FILE for a `.gitattributes` file that is a link: git follows none; and what reading one throws. */
export async function placeIn(services: Services, folder: vscode.Uri, root: string): Promise<Place> {
  const { rules, platform, inventory } = services;
  // What is written here stays, and its result is told: it goes by what is on the disk, of which the system may tell late.
  await rules.renew();
  const inside = vscode.Uri.joinPath(folder, 'x');
  const config = await rules.placeFor(inside);
  const top = config && (await exists(config)) ? vscode.Uri.joinPath(config, '..') : vscode.Uri.file(root);
  const attributes = vscode.Uri.joinPath(top, '.gitattributes');
  const disk = platform.disk;
  if (!disk || (await disk.isLink(attributes.fsPath))) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await disk.readIfThere(attributes.fsPath);
  await inventory.refresh();
  const sealed = inventory.files.filter(
    ({ uri, facts: { kind } }) =>
      uri.path.startsWith(`${top.path}/`) && (kind === 'encrypted' || kind === 'broken' || kind === 'conflict'),
  );
  return {
    root,
    attributes,
    text: found ? fromUtf8(found.bytes) : '',
    hash: found?.hash,
    files: sealed.map(({ uri }) => pathFrom(attributes, uri)),
  };
}

/** The text of the `.gitattributes` file with the lines for the rules and files that there are now. */
export async function textFor({ rules }: Services, { text, attributes, files }: Place): Promise<string> {
  return withAttributes(text, patternsFor(await rules.around(attributes), files));
}

/** The text without our lines; undefined where it has none. */
export const textWithout = ({ text }: Place): string | undefined =>
  hasAttributes(text) ? withAttributes(text, []) : undefined;

/** Throws CHANGED_ON_DISK, also for a file with unsaved edits, and what writing throws. A file that would be empty is one that we made. */
export async function write(
  { platform: { disk } }: Services,
  { attributes, hash }: Place,
  text: string,
): Promise<void> {
  if (documentOf(attributes)?.isDirty) throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
  if (text === '') await vscode.workspace.fs.delete(attributes);
  else await disk?.write(attributes.fsPath, utf8(text), hash, { newMode: publicMode });
}

/** What becomes of our lines, as a person reads it. */
export function linesChanged(before: string, after: string): string[] {
  const [old, now] = [before, after].map((all) => all.split(/\r?\n/).filter((line) => line.includes('merge=lockstep')));
  return [
    ...(old ?? []).filter((line) => !now?.includes(line)).map((line) => `- ${line}`),
    ...(now ?? []).filter((line) => !old?.includes(line)).map((line) => `+ ${line}`),
  ];
}
