import * as vscode from 'vscode';
import { checkRecipient } from '../../core/age/recipient.ts';
import { utf8 } from '../../core/bytes.ts';
import { isOurs } from '../../core/errors.ts';
import { sealAge } from '../../core/tokens/age.ts';
import { bareSpan } from '../../core/tokens/at.ts';
import { checkPlain, tokenFormats } from '../../core/tokens/formats.ts';
import { type TokenKind, tokenKinds } from '../../core/tokens/kinds.ts';
import { spanOf, workspaceEditOf } from '../convert.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { sealedOf, textOf } from '../surface.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import { askNewSecret, busy, publicKeyIn, titles } from './ask.ts';

const { t } = vscode.l10n;

/** Puts an encrypted value into the place of the selected text, in the format that the person picks. */
export function encryptSelection(services: Services): Promise<void> {
  return replaceSelection(services, async (document, text) => {
    const kind = await chooseKind(services);
    if (!kind) return undefined;
    const plain = utf8(text);
    checkPlain(plain, kind);
    return sealed(services, document, kind, plain);
  });
}

/** Puts what `seal` makes of it into the place of the selected text, as one undo step; nothing where it makes nothing. */
export async function replaceSelection(
  services: Services,
  seal: (document: vscode.TextDocument, text: string) => Promise<string | undefined>,
): Promise<void> {
  const { ui } = services;
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return void ui.info(t('Select the text to encrypt.'));
  const { document, selection } = editor;
  if (!(await mayWrite(services))) return;
  const { state } = await services.sessions.ready(document);
  // What is typed into an encrypted file is encrypted with its own key.
  if (sealedOf(state)) return vscode.commands.executeCommand(commands.encryptEdits, document.uri.toString());
  const { version } = document;
  const span = bareSpan(textOf(document), spanOf(document, selection));
  const value = await seal(document, textOf(document).slice(span.start, span.end));
  if (value === undefined) return;
  if (document.version !== version || document.isClosed)
    return void ui.info(t('The text changed in the meantime. Nothing was encrypted.'));
  await vscode.workspace.applyEdit(workspaceEditOf(document, [{ ...span, text: value.trimEnd() }]));
  void ui.info(
    t(
      'Encrypted in {0}. The plaintext is still in the undo history, and wherever the file was saved or committed before.',
      fileName(document.uri),
    ),
  );
}

async function chooseKind({ ui }: Services): Promise<TokenKind | undefined> {
  const items = tokenKinds
    .filter((kind) => kind === 'age' || tokenFormats[kind].seal)
    .map((id) => ({ id, label: titles[id], description: hints()[id] ?? '' }));
  const placeholder = t('Which system is to read the value?');
  return (await ui.pick(items, { title: t('Encrypt Selection'), placeholder }))?.id;
}

const hints = (): Partial<Record<TokenKind, string>> => ({
  flet: t('as encrypt of flet.security; pass phrase'),
  'flet-gcm': t('as encrypt_aes_gcm_256; pass phrase'),
  fernet: t('as Python’s cryptography; key'),
  anvil: t('as encrypt_with_key; encryption key'),
  flowfile: t('as a stored secret; master key'),
  dotenvx: t('as a value of a .env; public key'),
  age: t('for public keys, or under a pass phrase'),
  kestra: t('base64 of a SECRET_ variable, not encrypted'),
});

/** Undefined when the person gives up. */
async function sealed(
  services: Services,
  document: vscode.TextDocument,
  kind: TokenKind,
  plain: Uint8Array,
): Promise<string | undefined> {
  if (kind === 'age') return sealedByAge(services, document, plain);
  const { needs, seal } = tokenFormats[kind];
  const user = kind === 'flowfile' ? await askUser(services) : 1;
  if (user === undefined) return undefined;
  const secret =
    kind === 'dotenvx'
      ? await publicKeyFor(services, document)
      : needs === 'nothing'
        ? ''
        : await askNewSecret(services, kind);
  if (secret === undefined) return undefined;
  return busy(t('Encrypting'), async () => seal?.(plain, secret, { now: services.clock.now(), user }));
}

/** The public key in a `.env` of dotenvx is the one for its values. */
async function publicKeyFor({ ui }: Services, document: vscode.TextDocument): Promise<string | undefined> {
  const prompt = t('66 hexadecimal digits: DOTENV_PUBLIC_KEY of the .env.');
  return publicKeyIn(document) ?? ui.input({ title: t('Public Key of dotenvx'), prompt });
}

async function askUser({ ui }: Services): Promise<number | undefined> {
  const validate = (text: string) => (/^\d{1,9}$/.test(text) ? undefined : t('A number, such as 1.'));
  const title = t('Number of the Flowfile User');
  const typed = await ui.input({ title, prompt: t('Whose secret it is.'), value: '1', validate });
  return typed === undefined || validate(typed) ? undefined : Number(typed);
}

async function sealedByAge(
  services: Services,
  document: vscode.TextDocument,
  plain: Uint8Array,
): Promise<string | undefined> {
  const recipients = await chooseReaders(services, document);
  if (!recipients) return undefined;
  if (recipients !== 'passphrase') return busy(t('Encrypting'), () => sealAge(plain, { recipients }));
  const passphrase = await askNewSecret(services, 'age');
  return passphrase === undefined ? undefined : busy(t('Encrypting'), () => sealAge(plain, { passphrase }));
}

async function chooseReaders(
  services: Services,
  document: vscode.TextDocument,
): Promise<readonly string[] | 'passphrase' | undefined> {
  const { ui, vault, rules } = services;
  const own = (await vault.keysIn(document.uri)).map(({ recipient }) => recipient);
  // Whoever was taken out of the rule a moment ago is not offered, though the system may tell late.
  await rules.renew();
  const ruled = (await rules.find(document.uri).catch(() => undefined))?.rule.recipients ?? [];
  const items = [
    ...(ruled.length > 0
      ? [{ id: 'rule', label: t('Everybody in .sops.yaml'), description: t('{0} public keys', ruled.length) }]
      : []),
    ...(own.length > 0 ? [{ id: 'own', label: t('Only me'), description: t('the keys of this window') }] : []),
    { id: 'typed', label: t('A Public Key…'), description: 'age1…, ssh-ed25519 …' },
    { id: 'passphrase', label: t('A Pass Phrase…') },
  ];
  const chosen = await ui.pick(items, { title: t('Encrypt Selection'), placeholder: t('Who is to read it?') });
  if (chosen?.id === 'rule') return ruled;
  if (chosen?.id === 'own') return own;
  if (chosen?.id === 'passphrase') return 'passphrase';
  if (chosen?.id !== 'typed') return undefined;
  const typed = await ui.input({ title: t('Public Key'), validate: faultOf });
  return typed === undefined ? undefined : [typed];
}

function faultOf(text: string): string | undefined {
  try {
    checkRecipient(text);
    return undefined;
  } catch (error) {
    if (!isOurs(error)) throw error;
    const { message, next } = wordsOfAny(error);
    return `${message} ${next}`;
  }
}
