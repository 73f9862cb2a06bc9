import * as vscode from 'vscode';
import { isOurs } from '../../core/errors.ts';
import { strengthOf, weakBits } from '../../core/generate/strength.ts';
import type { TokenKind } from '../../core/tokens/kinds.ts';
import type { Services } from '../services.ts';
import { textOf } from '../surface.ts';
import { wordsOfAny } from '../ui/words.ts';

const { t } = vscode.l10n;

/** The names of systems, which nobody translates. */
export const titles: Readonly<Record<TokenKind, string>> = {
  flet: 'Flet',
  'flet-gcm': 'Flet (AES-GCM-256)',
  fernet: 'Fernet',
  anvil: 'Anvil',
  flowfile: 'Flowfile',
  dotenvx: 'dotenvx',
  age: 'age',
  ansible: 'ansible-vault',
  rails: 'Rails credentials',
  kestra: 'Kestra',
};

/** What opens a value, in the words of its system. */
const secretName = (kind: TokenKind): string => {
  if (kind === 'fernet') return t('Key');
  if (kind === 'anvil') return t('Encryption Key');
  if (kind === 'dotenvx') return t('Private Key');
  if (kind === 'flowfile' || kind === 'rails') return t('Master Key');
  return kind === 'ansible' ? t('Vault Password') : t('Pass Phrase');
};

const titleOf = (kind: TokenKind) => t('{0} of {1}', secretName(kind), titles[kind]);

/** After so many wrong ones it is more likely forgotten than mistyped. */
const tries = 5;

/**
 * Asks for the key or pass phrase of a value until one opens it; undefined when the person gives up. Throws what is wrong with the value
 * itself.
 */
export async function askUntilOpen<T>(
  { ui }: Services,
  kind: TokenKind,
  open: (secret: string) => Promise<T>,
): Promise<T | undefined> {
  let prompt = t('It is used once, and kept nowhere.');
  for (let n = 1; n <= tries; n++) {
    const answer = await ui.secret({ title: titleOf(kind), prompt });
    if (!answer || !('text' in answer)) return undefined;
    try {
      return await busy(t('Decrypting'), () => open(answer.text));
    } catch (error) {
      if (!isOurs(error) || error.code !== 'BAD_TOKEN_KEY' || n === tries) throw error;
      const { message, next } = wordsOfAny(error);
      prompt = t('{0} {1} Try again ({2} of {3}).', message, next, n + 1, tries);
    }
  }
  return undefined;
}

/** The key or pass phrase of a new value, a pass phrase twice; undefined when the person gives up. */
export async function askNewSecret({ ui }: Services, kind: TokenKind): Promise<string | undefined> {
  const isPhrase = ['flet', 'flet-gcm', 'age'].includes(kind);
  const weak = { message: t('Weak: a program can guess it.'), block: false };
  const first = await ui.secret({
    title: titleOf(kind),
    prompt: isPhrase ? t('Whoever reads the value needs the same.') : t('As the program has it that reads the value.'),
    ...(isPhrase && { check: (text: string) => (text !== '' && strengthOf(text) < weakBits ? weak : undefined) }),
  });
  if (!first || !('text' in first) || !isPhrase) return first && 'text' in first ? first.text : undefined;
  const second = await ui.secret({
    title: t('The Same Again'),
    prompt: t('A slip of the finger would make the value unreadable.'),
    check: (text) => (text === first.text ? undefined : { message: t('These are two different texts.'), block: true }),
  });
  return second && 'text' in second ? first.text : undefined;
}

/** The public key in a `.env` of dotenvx. */
export const publicKeyIn = (document: vscode.TextDocument): string | undefined =>
  /^\s*(?:export\s+)?DOTENV_PUBLIC_KEY\w*\s*=\s*["']?([\da-f]{66})\b/im.exec(textOf(document))?.[1];

/** Shows that something goes on: a pass phrase takes a second of work, which is done in another thread. */
export function busy<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, work);
}
