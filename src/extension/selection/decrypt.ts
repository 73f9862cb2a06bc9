import * as vscode from 'vscode';
import { wipe } from '../../core/bytes.ts';
import { isOurs } from '../../core/errors.ts';
import { railsKey } from '../../core/foreign/read/keyfiles.ts';
import type { Span } from '../../core/format/document.ts';
import { openAge, wantsPassphrase } from '../../core/tokens/age.ts';
import { bareSpan, valueAt } from '../../core/tokens/at.ts';
import { textOf as textOfBytes } from '../../core/tokens/bytes.ts';
import { checkPlain, checkToken, isSopsValue, recognise, tokenFormats } from '../../core/tokens/formats.ts';
import type { TokenKind } from '../../core/tokens/kinds.ts';
import { revealText } from '../../core/view/shown.ts';
import { spanOf } from '../convert.ts';
import { commands } from '../ids.ts';
import { askToEndPresentation, askToUnlock, mayTell } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { textOf } from '../surface.ts';
import { besideOf } from '../survey/beside.ts';
import { fileName } from '../ui/words.ts';
import { dotenvxSecret } from '../vault/dotenvxkeys.ts';
import { askUntilOpen, busy, publicKeyIn, titles } from './ask.ts';
import { offer } from './offer.ts';

const { t } = vscode.l10n;

/** An encrypted value in a text editor. */
interface Selected {
  readonly editor: vscode.TextEditor;
  readonly span: Span;
  readonly version: number;
  readonly value: string;
}

/** Decrypts the value that is selected, or that the cursor is in, and shows it in its place for a few seconds. */
export async function decryptSelection(services: Services): Promise<void> {
  const selected = await selectedValue(services);
  if (!selected) return;
  const { value, editor } = selected;
  const kind = recognise(value) ?? (await chooseKind(services, value));
  if (!kind) return;
  const plain = await opened(services, editor.document, kind, value);
  if (!plain) return;
  checkPlain(plain, kind);
  await show(services, selected, t('{0} value', titles[kind]), textOfBytes(plain));
}

/**
 * The value that is selected, or that the cursor is in; undefined without one, while presenting, and for a value of the file itself, which is
 * revealed. Throws TOO_LARGE.
 */
export async function selectedValue(services: Services): Promise<Selected | undefined> {
  if (services.presentation.on) {
    await askToEndPresentation(services);
    return undefined;
  }
  const editor = vscode.window.activeTextEditor;
  const span = editor && spanIn(editor);
  if (!editor || !span) {
    void services.ui.info(t('Select an encrypted value, or put the cursor into one.'));
    return undefined;
  }
  const { document } = editor;
  const value = textOf(document).slice(span.start, span.end);
  // A value of the file itself: it opens at its place, with the keys of the file.
  if (isSopsValue(value)) {
    await vscode.commands.executeCommand(commands.revealValue, document.uri.toString());
    return undefined;
  }
  checkToken(value);
  return { editor, span, version: document.version, value };
}

/** Shows a decrypted text in the place of its value. @param what it was, for the access log */
export async function show(services: Services, selected: Selected, what: string, text: string): Promise<void> {
  const { presentation, access, revealed } = services;
  const { editor, span, version } = selected;
  const { document } = editor;
  // While we waited: another text, a presentation, or nobody at the window any more.
  if (document.version !== version || presentation.on || !vscode.window.state.focused) return;
  const key = t('{0} on line {1}', what, document.positionAt(span.start).line + 1);
  access.record({ purpose: 'reveal', uri: document.uri, key, by: 'text editor' });
  const id = `selection ${span.start}`;
  const shown = revealText({ type: 'str', value: text });
  revealed.show({ editor, span, text: shown.kind === 'text' ? shown.text : t('(empty)'), id });
  await offer(services, { document, version, span, key, id, text });
}

/** What is selected, without space and quotes around it; without a selection the value around the cursor. */
function spanIn({ document, selection }: vscode.TextEditor): Span | undefined {
  const text = textOf(document);
  const span = selection.isEmpty
    ? valueAt(text, document.offsetAt(selection.active))
    : bareSpan(text, spanOf(document, selection));
  return span && span.end > span.start ? span : undefined;
}

/** Values without a mark are base64 of some length. */
async function chooseKind({ ui }: Services, value: string): Promise<TokenKind | undefined> {
  const length = (value.replace(/=+$/, '').length * 3) / 4;
  const standard = /^[A-Za-z\d+/\r\n]+={0,2}$/.test(value);
  const kinds: TokenKind[] = [
    ...(standard && length >= 28 ? (['anvil'] as const) : []),
    ...(/^[\w-]+={0,2}$/.test(value) && length >= 64 ? (['flet-gcm'] as const) : []),
    ...(standard ? (['kestra'] as const) : []),
  ];
  if (kinds.length === 0) {
    void ui.info(t('This is no encrypted value that Lockstep knows.'));
    return undefined;
  }
  const details: Partial<Record<TokenKind, string>> = {
    anvil: t('what encrypt_with_key returns'),
    'flet-gcm': t('what encrypt_aes_gcm_256 returns'),
    kestra: t('base64 of a SECRET_ variable, not encrypted'),
  };
  const items = kinds.map((id) => ({ id, label: titles[id], description: details[id] ?? '' }));
  const chosen = await ui.pick(items, {
    title: t('Decrypt Selection'),
    placeholder: t('This value does not say what it is. Which system is it of?'),
  });
  return chosen?.id;
}

/** The plain bytes; undefined when the person gives up. Asks only for what is not at hand. */
async function opened(
  services: Services,
  document: vscode.TextDocument,
  kind: TokenKind,
  value: string,
): Promise<Uint8Array | undefined> {
  if (kind === 'age' && (await wantsPassphrase(value)))
    return askUntilOpen(services, kind, (passphrase) => openAge(value, { passphrase }));
  if (kind === 'age') return byOwnKeys(services, document, value);
  const { needs, open } = tokenFormats[kind];
  if (needs === 'nothing') return (await mayShow(services, document, kind)) ? open(value, '') : undefined;
  const found = await keyAtHand(services, document, kind);
  if (found !== undefined) {
    if (!(await mayShow(services, document, kind))) return undefined;
    const plain = await openedBy(() => open(value, found));
    if (plain) return plain;
  }
  return askUntilOpen(services, kind, async (secret) => open(value, secret));
}

/** A key that is at hand: in SecretStorage, or in the file where the system itself would look. */
async function keyAtHand(
  services: Services,
  document: vscode.TextDocument,
  kind: TokenKind,
): Promise<string | undefined> {
  const { uri } = document;
  if (kind === 'rails') return (await railsKey(uri.path, besideOf(uri)))?.keys.join(',');
  const publicKey = kind === 'dotenvx' ? publicKeyIn(document) : undefined;
  return publicKey && dotenvxSecret(services, uri, textOf(document), publicKey);
}

/** Undefined for another key. */
async function openedBy(open: () => Promise<Uint8Array> | Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await open();
  } catch (error) {
    if (isOurs(error) && error.code === 'BAD_TOKEN_KEY') return undefined;
    throw error;
  }
}

async function byOwnKeys(
  services: Services,
  document: vscode.TextDocument,
  value: string,
): Promise<Uint8Array | undefined> {
  if (!(await mayShow(services, document, 'age'))) return undefined;
  const plain = await busy(t('Decrypting'), () =>
    openAge(value, { keyring: services.vault.keysFor(document.uri).keyring }),
  );
  if (!services.vault.locked) return plain;
  wipe(plain);
  return undefined;
}

/** Nobody types a key: another extension could have run this. While Lockstep is locked, nothing is shown. */
async function mayShow(services: Services, document: vscode.TextDocument, kind: TokenKind): Promise<boolean> {
  if (!(await askToUnlock(services))) return false;
  const message = t('Show the {0} value in {1}?', titles[kind], fileName(document.uri));
  return mayTell(services, document, message, t('Decrypt Selection'));
}
