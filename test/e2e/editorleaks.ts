import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EditorPage, sealed } from './editorpage.ts';
import type { Folders } from './workbench.ts';
import { canary, eventually, type Workbench } from './workbench.ts';

/** One random text for each way in which a value comes into the Secrets Editor. */
export interface Canaries {
  /** In the file from the start: revealed, copied, and never typed. */
  readonly stored: string;
  readonly lines: string;
  readonly typed: string;
  readonly several: string;
  readonly comment: string;
  readonly pasted: string;
  readonly added: string;
  readonly inText: string;
  readonly draft: string;
  readonly searched: string;
  readonly undone: string;
  readonly unsaved: string;
}

export function makeCanaries(): Canaries {
  const names = ['stored', 'lines', 'typed', 'several', 'comment', 'pasted', 'added', 'inText', 'draft', 'searched'];
  return Object.fromEntries([...names, 'undone', 'unsaved'].map((name) => [name, canary()])) as unknown as Canaries;
}

export const leakFiles = async ({ stored, lines }: Canaries): Promise<Record<string, string>> => ({
  'vault.env': await sealed('dotenv', `STORED=${stored}\nTYPED=x\nTEXT=y\nSEVERAL=z\nUNDONE=u\nLAST=l\n`),
  'vault.yaml': await sealed('yaml', `pem: |\n    one\n    ${lines}\nother: x # why\n`),
});

/** The backups of the Secrets Editor that are on the disk, in one text. */
export function backupsIn({ userData }: Folders): string {
  const storage = join(userData, 'User', 'workspaceStorage');
  const files = readdirSync(storage, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.parentPath.endsWith('lockstep.lockstep-secrets'),
  );
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n');
}

/** Edits, and waits until VS Code has written a backup of that, about a second later. */
export async function backedUp(workbench: Workbench, work: () => Promise<void>): Promise<void> {
  const old = backupsIn(workbench.folders);
  await work();
  await eventually(
    async () => backupsIn(workbench.folders),
    (now) => now !== old && now !== '',
    'a backup of the edit',
  );
}

/**
 * The shortest use that every protection has a part in: a value is typed, left unsaved, saved. The field stays open for as
 * long as the browser takes to store what is in fields, some five seconds; `look` is called while the edit is unsaved.
 */
export async function typeAndSave(
  page: EditorPage,
  { typed, unsaved }: Canaries,
  look: () => Promise<void>,
): Promise<void> {
  await page.edit('LAST');
  await page.type(unsaved);
  await sleep(6000);
  await backedUp(page.workbench, async () => {
    await page.enter();
    await page.unsaved('LAST');
  });
  await look();
  await page.set('TYPED', typed);
  await page.save();
}
