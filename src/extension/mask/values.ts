import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { envelopes } from '../../core/view/envelopes.ts';
import { revealText } from '../../core/view/shown.ts';
import type { Target } from '../session/target.ts';
import { openedOf, textOf } from '../surface.ts';

/** What a reveal writes in the value's place; undefined when the entry does not open. */
export function shownText({ tracked, leaf }: Target): string | undefined {
  const value: Scalar | undefined =
    tracked.state.kind === 'plain' ? leaf.node.scalar : openedOf(tracked.state)?.value(leaf.id);
  if (!value) return undefined;
  const shown = revealText(value);
  if (shown.kind === 'text') return shown.text;
  return shown.kind === 'empty' ? vscode.l10n.t('(empty)') : vscode.l10n.t('{0} bytes, not text', shown.count);
}

/** Where a reveal stands: the ciphertext without its quotes, or a plain value's whole token. */
export function shownSpan({ document, tracked, leaf }: Target): Span {
  const { span } = leaf.node;
  if (tracked.state.kind === 'plain') return span;
  const [token] = envelopes(textOf(document).slice(span.start, span.end));
  return token ? { start: span.start + token.start, end: span.start + token.end } : span;
}
