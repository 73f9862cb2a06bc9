import * as vscode from 'vscode';
import type { Git, LastChange } from '../../core/platform/git.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { secretComments } from '../../core/view/comments.ts';
import { touches } from '../../core/view/mask.ts';
import { rangeOf } from '../convert.ts';
import type { Feature, Services } from '../services.ts';
import { leavesOf, linesOf, openedOf, sealedOf, secretFiles } from '../surface.ts';
import { commentHoverText, hoverText } from './text.ts';

/** History is worth a short wait; a hover that comes late is worth none. */
const patience = 1500;

/** What is known about an entry, on its key and on its mask. Never its value: any extension can ask for a hover. */
export function register(services: Services): Feature {
  const provider: vscode.HoverProvider = {
    provideHover: (document, position) => hoverAt(services, document, position),
  };
  return { commands: {}, disposable: vscode.languages.registerHoverProvider(secretFiles, provider) };
}

async function hoverAt(
  services: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const { state, version } = await services.sessions.ready(document);
  if (version !== document.version || state.kind === 'none') return undefined;
  const offset = document.offsetAt(position);
  const uri = document.uri.toString();
  const leaf = leavesOf(state).find((one) => partAt(one, offset));
  const sealed = leaf ? undefined : sealedOf(state);
  const comment = sealed && secretComments(sealed).find(({ span }) => touches(span, offset, offset));
  if (comment && !services.settings.showComments) {
    const text = commentHoverText(uri, comment.id, !openedOf(state), services.revealed.is(uri, comment.id));
    return new vscode.Hover(text, rangeOf(document, comment.span));
  }
  if (!leaf || (state.kind === 'plain' && !leaf.encrypted)) return undefined;
  const [change, keys, names, policy] = await Promise.all([
    changeOf(services.platform.git, document, leaf),
    services.vault.keys().catch(() => []),
    services.rules.names(document.uri),
    services.policies.of(document.uri).catch(() => undefined),
  ]);
  const text = hoverText({
    uri,
    leaf,
    state,
    change,
    keys,
    names,
    policy,
    now: services.clock.now(),
    revealed: services.revealed.is(uri, leaf.id),
    presenting: services.presentation.on,
  });
  return new vscode.Hover(text, rangeOf(document, partAt(leaf, offset) ?? leaf.node.span));
}

/** The part of an entry that is under the mouse. */
const partAt = ({ keySpan, node }: Leaf, offset: number) =>
  [keySpan, node.span].find((span) => span && touches(span, offset, offset));

/** Reading history runs git in the repository: only where the workspace is trusted. */
async function changeOf(
  git: Git | undefined,
  document: vscode.TextDocument,
  leaf: Leaf,
): Promise<LastChange | 'uncommitted' | undefined> {
  if (!git || !vscode.workspace.isTrusted || document.uri.scheme !== 'file') return undefined;
  const lines = linesOf(document);
  const line = lines.lineAt(leaf.node.span.start);
  const tooLate = new Promise<undefined>((resolve) => {
    setTimeout(resolve, patience, undefined).unref?.();
  });
  return Promise.race([git.lastChange(document.uri.fsPath, line, lines.text(line)).catch(() => undefined), tooLate]);
}
