import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Span } from '../../core/format/document.ts';
import type { FileState, Tracked } from '../../core/session/state.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import { rangeOf } from '../convert.ts';
import { wordsOf } from '../ui/words.ts';

const { t } = vscode.l10n;

export const source = 'Lockstep';
export const plainCode = 'plain-secrets';
export const driftCode = 'readers-differ';
export const damagedCode = 'damaged';

/** What the Problems view says about a file. Names of entries at most, never a value. */
export function diagnosticsOf(document: vscode.TextDocument, { state }: Tracked): vscode.Diagnostic[] {
  if (state.kind === 'plain') return plainDiagnostics(document, state);
  return state.kind === 'damaged' ? damagedDiagnostics(document, state) : [];
}

/** One a file: a list of twelve would be noise, and the step to take is the same. */
function plainDiagnostics(
  document: vscode.TextDocument,
  { leaves }: Extract<FileState, { kind: 'plain' }>,
): vscode.Diagnostic[] {
  const hidden = leaves.filter((leaf) => leaf.encrypted);
  const [first] = hidden;
  if (!first) return [];
  const message =
    hidden.length === 1
      ? t('1 value is plaintext. Encrypt this file.')
      : t('{0} values are plaintext. Encrypt this file.', hidden.length);
  // On the name, not on the value: who jumps to the problem should not land in the value, where it would show.
  const span = first.keySpan ?? { start: first.node.span.start, end: first.node.span.start };
  return [diagnostic(rangeOf(document, span), message, vscode.DiagnosticSeverity.Information, plainCode)];
}

function damagedDiagnostics(
  document: vscode.TextDocument,
  { sealed, opened }: Extract<FileState, { kind: 'damaged' }>,
): vscode.Diagnostic[] {
  if (opened.verdict.ok) return [];
  return opened.verdict.failures.map(({ code, leaf }) => {
    const { message, next } = wordsOf(new LockstepError(code, { path: leaf?.path }));
    const span = leaf ? (leaf.keySpan ?? leaf.node.span) : macSpan(sealed);
    return diagnostic(rangeOf(document, span), `${message} ${next}`, vscode.DiagnosticSeverity.Error, damagedCode);
  });
}

/** The name of the `mac` entry, else the start of the metadata, else of the file. */
function macSpan(sealed: Sealed): Span {
  const [block] = sealed.doc.metadata;
  const mac = block?.root.members.find((member) => member.kind === 'entry' && member.key.toLowerCase() === 'mac');
  if (mac?.kind === 'entry') return mac.keySpan;
  const start = block?.span.start ?? 0;
  return { start, end: start };
}

function diagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
  code: string,
): vscode.Diagnostic {
  const one = new vscode.Diagnostic(range, message, severity);
  one.source = source;
  one.code = code;
  return one;
}
