import * as vscode from 'vscode';
import type { FilesPort } from '../../core/agent/known.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** Milliseconds that a program waits for a search of a large workspace. */
const patience = 3000;

/** The encrypted files of the workspace, by their URIs, as they are on the disk. */
export function filesOf({ platform, inventory }: Pick<Services, 'platform' | 'inventory'>): FilesPort {
  return {
    async all() {
      await inventory.ready();
      return inventory.files.flatMap(({ uri, facts }) => (facts.kind === 'encrypted' ? [uri.toString()] : []));
    },
    async refresh() {
      const tired = new Promise<void>((resolve) => setTimeout(resolve, patience));
      await Promise.race([inventory.refresh(), tired]);
    },
    mark: (file) => markOf(vscode.Uri.parse(file)),
    async read(file) {
      const uri = vscode.Uri.parse(file);
      return { path: uri.path, bytes: await readAnywhere(platform, uri, maxSurveyed) };
    },
  };
}

async function markOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime} ${size}`;
  } catch {
    return undefined;
  }
}
