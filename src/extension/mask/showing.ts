import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Span } from '../../core/format/document.ts';
import { requireOpened } from '../../core/session/state.ts';
import { showPath } from '../../core/tree/path.ts';
import { commentBlock, secretComments } from '../../core/view/comments.ts';
import { commentFor } from '../commentfor.ts';
import { commands } from '../ids.ts';
import { askToEndPresentation, mayTell } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { again, findEntryIn, findSecretFile, idOfRef, type SecretFile } from '../session/target.ts';
import { editorsOf, linesOf, textOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';
import { commentTexts } from './comments.ts';
import type { Part } from './reveal.ts';
import type { Screen } from './screen.ts';
import { fetchedText, isReference, shownSpan, shownText } from './values.ts';

const { t } = vscode.l10n;

/** Something that can be shown for a while. */
interface Thing {
  readonly id: string;
  readonly question: string;
  /** As the access log names it. */
  readonly key: string;
  /** Anybody can read it in the file. */
  readonly plain: boolean;
  /** What is shown now: a lock and another text may have come since it was chosen. Throws why there is nothing. */
  read(): Promise<
    | {
        readonly version: number;
        readonly parts: readonly Part[];
        readonly token: Span;
        /** Another manager, which had it. */
        readonly from?: string | undefined;
      }
    | undefined
  >;
}

/**
 * Shows a value or an encrypted comment in its editor for a few seconds, or hides it if it is shown. Nothing of it leaves
 * this function but the decoration.
 */
export async function revealValue(services: Services, screen: Screen, ids: readonly unknown[]): Promise<void> {
  if (services.presentation.on) return askToEndPresentation(services);
  const file = await findSecretFile(services, ids);
  if (!file) return;
  const { document } = file;
  const uri = document.uri.toString();
  const thing = commentOf(services, file, ids) ?? (await entryOf(services, file, ids));
  if (!thing) return;
  if (services.revealed.is(uri, thing.id)) return screen.hide();
  if (!thing.plain && !(await mayTell(services, document, thing.question, t('Reveal Value')))) return;
  const editor = editorsOf(document.uri)[0] ?? (await vscode.window.showTextDocument(document));
  const now = await thing.read();
  // While we waited: another text, a presentation, or nobody at the window any more.
  if (!now || editor.document.version !== now.version) return;
  if (services.presentation.on || !vscode.window.state.focused) return;
  services.access.record({
    purpose: 'reveal',
    uri: document.uri,
    key: now.from ? `${thing.key} from ${now.from}` : thing.key,
    by: 'text editor',
  });
  const start = editor.document.positionAt(now.parts[0]?.span.start ?? 0);
  editor.revealRange(new vscode.Range(start, start));
  screen.reveal.start(editor, now.parts, now.token, services.settings.revealSeconds);
  services.revealed.set(uri, thing.id);
  screen.paint(editor);
}

async function entryOf(services: Services, file: SecretFile, ids: readonly unknown[]): Promise<Thing | undefined> {
  const target = await findEntryIn(services, file, ids, t('Reveal Value'));
  if (!target) return undefined;
  const { document, leaf } = target;
  if (shownText(target) === undefined) {
    await vscode.commands.executeCommand(commands.explainFile, document.uri.toString());
    return undefined;
  }
  const plain = target.tracked.state.kind === 'plain';
  const name = showPath(leaf.path);
  return {
    id: leaf.id,
    key: name,
    question: t('Show the value of {0} in {1}?', name, fileName(document.uri)),
    // What stands there is readable; the secret that it names is not.
    plain: plain && !isReference(target),
    async read() {
      const shown = await fetchedText(services, plain ? target : await again(services, target));
      if (!shown) return undefined;
      const { text, from } = shown;
      const { version } = target.tracked;
      return { version, parts: [{ span: shownSpan(target), text }], token: leaf.node.span, from };
    },
  };
}

/** The encrypted comment that is named, or that the cursor is on. */
function commentOf(services: Services, file: SecretFile, ids: readonly unknown[]): Thing | undefined {
  const { document, tracked } = file;
  const one = commentFor(document, tracked, idOfRef(ids));
  if (!one) return undefined;
  const line = linesOf(document).lineAt(one.span.start) + 1;
  const ciphertext = textOf(document).slice(one.span.start, one.span.end);
  return {
    id: one.id,
    key: `comment on line ${line}`,
    question: t('Show the comment on line {0} of {1}?', line, fileName(document.uri)),
    plain: false,
    async read() {
      const { state, version } = await services.sessions.ready(document);
      const opened = requireOpened(state);
      const comments = secretComments(opened.sealed);
      const now = comments.find(({ id }) => id === one.id);
      if (!now || opened.sealed.doc.text.slice(now.span.start, now.span.end) !== ciphertext)
        throw new LockstepError('NO_SUCH_ENTRY');
      const parts = await commentTexts(opened, commentBlock(comments, now, linesOf(document)));
      const token = parts.at(-1)?.span;
      return token && { version, parts, token };
    },
  };
}
