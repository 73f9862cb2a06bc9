import * as vscode from 'vscode';
import type { Located } from '../../core/scan/scan.ts';
import { rangeOf } from '../convert.ts';
import type { Services } from '../services.ts';
import { documentOf, isShown } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import type { Known } from './known.ts';
import { foundIn } from './problems.ts';

/** A secret in an open document, as it is now. */
export interface Found {
  readonly document: vscode.TextDocument;
  readonly one: Located;
  /** Of the document: positions hold for it only. */
  readonly version: number;
}

/**
 * The secret that a command is about: the one at the place that is named, in a document on screen, or the one under the cursor. Says so where there
 * is none.
 */
export async function findFound(services: Services, known: Known, ids: readonly unknown[]): Promise<Found | undefined> {
  const [file, line, character] = ids;
  const uri = uriOf(file);
  const editor = vscode.window.activeTextEditor;
  const document = uri ? (isShown(uri) ? documentOf(uri) : undefined) : editor?.document;
  const at =
    typeof line === 'number' && typeof character === 'number'
      ? new vscode.Position(line, character)
      : editor?.selection.active;
  const found = document && at ? await foundIn(services, known, document) : [];
  const inLine = document ? found.filter((one) => rangeOf(document, one).start.line === at?.line) : [];
  const one = inLine.find((each) => document && at && rangeOf(document, each).contains(at)) ?? inLine[0];
  if (document && one) return { document, one, version: document.version };
  void services.ui.info(vscode.l10n.t('No secret was found in this line.'));
  return undefined;
}
