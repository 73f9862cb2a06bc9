import * as vscode from 'vscode';
import type { Repository } from '../survey/gitapi.ts';

/** What the next commit of a repository takes. */
export interface NextCommit {
  /** What is staged, as git has it; or what is on the disk, where VS Code stages everything when nothing is. */
  readonly from: 'index' | 'disk';
  readonly uris: readonly vscode.Uri[];
}

/** By the settings of VS Code's git extension. */
export function nextCommit({ rootUri, state }: Repository): NextCommit {
  const { indexChanges, workingTreeChanges, untrackedChanges = [] } = state;
  const uris = (list: Repository['state']['indexChanges']) => list.map(({ uri }) => uri);
  if (indexChanges.length > 0) return { from: 'index', uris: uris(indexChanges) };
  const settings = vscode.workspace.getConfiguration('git', rootUri);
  if (settings.get('enableSmartCommit') !== true) return { from: 'index', uris: [] };
  const isAll = settings.get('smartCommitChanges') !== 'tracked';
  return { from: 'disk', uris: uris([...workingTreeChanges, ...(isAll ? untrackedChanges : [])]) };
}
