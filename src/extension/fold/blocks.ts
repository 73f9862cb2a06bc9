import * as vscode from 'vscode';
import type { Tracked } from '../../core/session/state.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import { linesOf, sealedOf } from '../surface.ts';
import { ago } from '../ui/ago.ts';

/** A metadata block, in lines; both inclusive. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

/** The metadata blocks of a document; none while its state is of another text. */
export function blocksOf(document: vscode.TextDocument, tracked: Tracked | undefined): Block[] {
  const sealed = tracked?.version === document.version ? sealedOf(tracked.state) : undefined;
  if (!sealed) return [];
  const lines = linesOf(document);
  return sealed.doc.metadata.flatMap((block) => {
    if (!block) return [];
    const first = lines.lineAt(block.span.start);
    return [{ first, last: Math.max(first, lines.lineAt(Math.max(block.span.start, block.span.end - 1))) }];
  });
}

/** What the block says to people, in half a line. */
export function summaryOf({ metadata }: Sealed, now: Date): string {
  const version = /^v?(\d+\.\d+)/.exec(metadata.version)?.[1] ?? metadata.version.slice(0, 10);
  const when = ago(new Date(metadata.lastModified), now);
  if (!when) return vscode.l10n.t('encrypted in SOPS {0} format', version);
  return vscode.l10n.t('encrypted in SOPS {0} format, changed {1}', version, when);
}

/** In dotenv the block is many long lines; the first one is all that is left of it when folded. */
export function longFirstLine(document: vscode.TextDocument, { first }: Block): vscode.Range | undefined {
  const { text } = document.lineAt(first);
  const name = /^sops_?/.exec(text)?.[0].length ?? 0;
  return name === 0 || text.length <= name ? undefined : new vscode.Range(first, name - 1, first, text.length);
}
