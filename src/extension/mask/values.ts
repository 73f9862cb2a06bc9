import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { managers } from '../../core/managers/kinds.ts';
import { managerOf } from '../../core/managers/reference.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { envelopes } from '../../core/view/envelopes.ts';
import { revealText } from '../../core/view/shown.ts';
import { fetchSecret } from '../person/fetched.ts';
import type { Services } from '../services.ts';
import type { Target } from '../session/target.ts';
import { openedOf, textOf } from '../surface.ts';

/** What a reveal writes in the value's place; undefined when the entry does not open. */
export function shownText(target: Target): string | undefined {
  const value = scalarOf(target);
  return value && shownOf(value);
}

/**
 * The same, with the secret of another manager in place of a reference to it, and who that is. Throws as `fetchSecrets`.
 */
export async function fetchedText(
  services: Services,
  target: Target,
): Promise<{ readonly text: string; readonly from?: string } | undefined> {
  const value = scalarOf(target);
  const stored = value?.type === 'str' && typeof value.value === 'string' ? value.value : '';
  const manager = managerOf(stored);
  if (!manager) return value && { text: shownOf(value) };
  const secret = await fetchSecret(services, { path: target.leaf.path, value: stored }, target.document.uri);
  return { text: shownOf({ type: 'str', value: secret }), from: managers[manager].name };
}

/** Whether what stands there is a reference to another manager. */
export const isReference = (target: Target): boolean => {
  const value = scalarOf(target);
  return value?.type === 'str' && typeof value.value === 'string' && managerOf(value.value) !== undefined;
};

const scalarOf = ({ tracked, leaf }: Target): Scalar | undefined =>
  tracked.state.kind === 'plain' ? leaf.node.scalar : openedOf(tracked.state)?.value(leaf.id);

function shownOf(value: Scalar): string {
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
