import * as vscode from 'vscode';
import { generate } from '../../core/generate/generate.ts';
import { strengthOf, weakBits } from '../../core/generate/strength.ts';
import type { Services } from '../services.ts';
import type { Judgement } from '../ui/secretbox.ts';

const { t } = vscode.l10n;

/** Below this a pass phrase can be tried out by machine, scrypt or not. */
const leastLength = 12;

/** Bits of chance. */
const strong = 50;

/** What the two boxes for a new pass phrase say. */
interface PassphraseWords {
  readonly title: string;
  readonly prompt: string;
  readonly titleAgain: string;
  readonly promptAgain: string;
}

/** A new pass phrase, typed or generated, and given twice. Undefined when the person gives up. */
export async function askNewPassphrase(services: Services, words: PassphraseWords): Promise<string | undefined> {
  const first = await firstPassphrase(services, words);
  if (first === undefined) return undefined;
  const second = await services.ui.secret({
    title: words.titleAgain,
    prompt: words.promptAgain,
    check: (text) => (text === first ? undefined : { message: t('This is not the same pass phrase.'), block: true }),
  });
  return second && 'text' in second ? second.text : undefined;
}

async function firstPassphrase(services: Services, words: PassphraseWords): Promise<string | undefined> {
  for (;;) {
    const answer = await services.ui.secret({
      title: words.title,
      prompt: words.prompt,
      buttons: [{ id: 'generate', icon: 'sparkle', tooltip: t('Generate Six Words') }],
      check: judge,
    });
    if (!answer) return undefined;
    const text = 'text' in answer ? answer.text : await generated(services);
    // Back from a button or a question without a pass phrase: the box comes again.
    if (text !== undefined && (await isStrongEnough(services, text))) return text;
  }
}

function judge(text: string): Judgement {
  if (text.length < leastLength) return { message: t('At least {0} characters.', leastLength), block: true };
  const bits = strengthOf(text);
  if (bits < weakBits) return { message: t('Weak: a program can guess it. Add words.'), block: false };
  return { message: bits < strong ? t('Fair. Another word makes it strong.') : t('Strong.'), block: false, info: true };
}

async function isStrongEnough({ ui }: Services, text: string): Promise<boolean> {
  if (strengthOf(text) >= weakBits) return true;
  return ui.confirm(
    t('Use a weak pass phrase?'),
    t('A program can guess it. Whoever gets the file can then read every secret that your keys can read.'),
    t('Use Weak Pass Phrase'),
  );
}

/** Six words, shown once. While presenting they go to the clipboard alone. */
async function generated({ ui, clipboard, presentation }: Services): Promise<string | undefined> {
  const { text } = generate({ kind: 'words', count: 6, separator: ' ' });
  const copy = t('Copy and Continue');
  const answer = await ui.choose(
    t('Your new pass phrase'),
    [
      presentation.on ? t('Presentation mode is on, so it is not shown. Copy it to see it elsewhere.') : text,
      t('It is shown only this once. Write it down or save it in a password manager. The next box asks for it again.'),
    ].join('\n\n'),
    presentation.on ? [copy] : [copy, t('Continue')],
  );
  if (answer === copy) await clipboard.copy(text, t('pass phrase'));
  return answer && text;
}
