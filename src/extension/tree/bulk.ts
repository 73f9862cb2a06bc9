import * as vscode from 'vscode';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { uriOf } from '../session/target.ts';
import { type FileRow, takeSnapshot } from './snapshot.ts';
import { filesCount, lookOf } from './words.ts';

const { t } = vscode.l10n;

/** What is done with several files, by the command that does it as one change, and to which it fits. */
interface Bulk {
  readonly command: CommandId;
  readonly title: string;
  readonly fits: (file: FileRow) => boolean;
  /** Said where none fits. */
  readonly none: string;
}

/** Encrypts the plain ones of some files. */
export function encryptListed(services: Services, ids: readonly unknown[]): Promise<void> {
  return runBulk(services, ids, {
    command: commands.encryptFile,
    title: t('Encrypt Files'),
    fits: ({ condition }) => condition === 'plain',
    none: t('None of these files is plaintext that should be encrypted.'),
  });
}

/** Gives those of some files that differ from their rules the readers that these name. */
export function updateListed(services: Services, ids: readonly unknown[]): Promise<void> {
  return runBulk(services, ids, {
    command: commands.updateReaders,
    title: t('Update Who Can Read Files'),
    fits: ({ condition }) => condition === 'differs',
    none: t('Each of these files already has exactly the readers in its rule.'),
  });
}

/** Gives encrypted files new data keys. */
export function rotateListed(services: Services, ids: readonly unknown[]): Promise<void> {
  return runBulk(services, ids, {
    command: commands.rotateDataKey,
    title: t('Rotate Data Keys'),
    fits: ({ facts, condition }) => facts.kind === 'encrypted' && condition !== 'damaged' && condition !== 'not-yours',
    none: t('None of these files is encrypted, intact and readable by you.'),
  });
}

async function runBulk(services: Services, ids: readonly unknown[], bulk: Bulk): Promise<void> {
  const files = await chosenFiles(services, ids, bulk);
  if (files.length > 0) await vscode.commands.executeCommand(bulk.command, files[0], files);
}

/** The files that the selected rows stand for, as far as they fit; without a row a person chooses among all that fit. */
async function chosenFiles(services: Services, ids: readonly unknown[], bulk: Bulk): Promise<vscode.Uri[]> {
  await services.inventory.ready();
  const { files } = await takeSnapshot(services);
  const fitting = files.filter(bulk.fits);
  const [first, second] = ids;
  const rows = Array.isArray(second) && second.length > 0 ? second : first === undefined ? [] : [first];
  if (first === undefined) return pickFiles(services, fitting, bulk);
  const wanted = new Set(rows.flatMap(urisOf).map(String));
  const found = fitting.filter(({ uri }) => wanted.has(uri.toString()));
  if (found.length === 0) void services.ui.info(bulk.none);
  return found.map(({ uri }) => uri);
}

/** A row that stands for several files has a list of them. */
function urisOf(row: unknown): vscode.Uri[] {
  const several = typeof row === 'object' && row !== null && 'files' in row && Array.isArray(row.files);
  return (several ? (row.files as unknown[]) : [row]).flatMap((one) => uriOf(one) ?? []);
}

async function pickFiles({ ui }: Services, files: readonly FileRow[], { title, none }: Bulk): Promise<vscode.Uri[]> {
  if (files.length === 0) {
    void ui.info(none);
    return [];
  }
  const items = files.map(({ path, condition, uri }) => {
    return { label: path, description: lookOf(condition).short, picked: true, uri };
  });
  const chosen = await ui.pickMany(items, { title, placeholder: filesCount(files.length) });
  return (chosen ?? []).map(({ uri }) => uri);
}
