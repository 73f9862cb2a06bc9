import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { workspaceEditOf } from '../convert.ts';
import { mayTell } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** A decrypted value on screen. */
interface Decrypted {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly span: Span;
  /** As the access log names it. */
  readonly key: string;
  /** Of what is revealed. */
  readonly id: string;
  readonly text: string;
}

/** Offers what can be done with a decrypted value, for as long as it is on screen. */
export async function offer(services: Services, decrypted: Decrypted): Promise<void> {
  const { ui, revealed, settings, access, clipboard } = services;
  const { document, id, key } = decrypted;
  let held: Decrypted | undefined = decrypted;
  const gone = revealed.onDidChange(() => {
    if (!revealed.is(document.uri.toString(), id)) held = undefined;
  });
  const [copy, replace] = [t('Copy'), t('Replace With Plaintext…')];
  const verb = await ui.info(t('Decrypted, and shown for {0} seconds.', settings.revealSeconds), copy, replace);
  gone.dispose();
  if (verb === undefined) return;
  if (!held) return void ui.info(t('The value is hidden again. Decrypt it once more.'));
  if (verb === replace) return putInto(services, held);
  // A command can press the button of a message.
  const message = t('Copy the decrypted value of {0}?', fileName(document.uri));
  if (!(await mayTell(services, document, message, t('Copy Value')))) return;
  access.record({ purpose: 'copy', uri: document.uri, key, by: 'text editor' });
  await clipboard.copy(held.text, key);
}

async function putInto(services: Services, { document, version, span, key, text }: Decrypted): Promise<void> {
  if (!(await mayWrite(services))) return;
  const sure = await services.ui.gesture(
    t('Put the plaintext into {0}?', fileName(document.uri)),
    t(
      'Other extensions can read it there, VS Code keeps it in backups and in its undo history, and it is saved with the file. Reveal and Copy show it without that.',
    ),
    t('Replace With Plaintext'),
  );
  if (!sure) return;
  if (document.version !== version || document.isClosed)
    return void services.ui.info(t('The text changed in the meantime. Nothing was replaced.'));
  services.access.record({ purpose: 'decrypt', uri: document.uri, key, by: 'text editor', to: t('the document') });
  await vscode.workspace.applyEdit(workspaceEditOf(document, [{ ...span, text }]));
}
