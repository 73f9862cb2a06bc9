import * as vscode from 'vscode';
import type { Rule } from '../../core/rules/rules.ts';
import { quoteNumbers, type Respelled, respelled, type SpellingChange } from '../../core/seal/spelling.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { type Plain, withText } from './sealing.ts';

const { t } = vscode.l10n;

/** Names at most. */
const most = 10;

/**
 * Asks about numbers that decryption would give back otherwise (a telephone number without its plus sign). Resolves to the file to
 * encrypt, undefined when the person would rather not.
 */
export async function confirmSpelling({ ui }: Services, plain: Plain, rule: Rule): Promise<Plain | undefined> {
  const { before, text, format } = plain;
  const found = respelled(text, format, rule.selector);
  if (found.length === 0) return plain;
  const [keep, encrypt] = [t('Keep as Text'), t('Encrypt File')];
  const numbers = found.some(({ quotable }) => quotable);
  const verb = await ui.choose(
    found.length === 1
      ? t('1 value of {0} would change.', fileName(before.uri))
      : t('{0} values of {1} would change.', found.length, fileName(before.uri)),
    [
      t('After decryption, by Lockstep or sops, they would read differently:'),
      ...namesOf(found),
      ...(numbers ? ['', t('Keep as Text puts numbers and dates in quotes, so that they keep their spelling.')] : []),
    ].join('\n'),
    numbers ? [keep, encrypt] : [encrypt],
  );
  if (verb === encrypt) return plain;
  return verb === keep ? withText(plain, quoteNumbers(text, format, rule.selector)) : undefined;
}

/** Each with what becomes of it, and how many more there are. */
function namesOf(found: readonly Respelled[]): string[] {
  const names = found.slice(0, most).map(({ path, change }) => `${showPath(path)}: ${changeWords(change)}`);
  return found.length > most ? [...names, t('and {0} more', found.length - most)] : names;
}

/** What is said of values that were typed in a text. */
export function spellingNotice(found: readonly Respelled[]): string {
  return t(
    'After decryption, by Lockstep or sops, these read differently from what you typed: {0}. In quotes, as text, they keep their spelling.',
    namesOf(found).join(', '),
  );
}

/** What becomes of a value. */
function changeWords(change: SpellingChange): string {
  switch (change) {
    case 'digits':
      return t('loses digits');
    case 'too-large':
      return t('is too large for a number');
    case 'octal':
      return t('is read as octal');
    case 'zeros':
      return t('loses zeros in front');
    case 'fraction':
      return t('loses zeros at its end');
    case 'sign':
      return t('loses its sign');
    case 'underscores':
      return t('loses its underscores');
    case 'base':
      return t('becomes decimal');
    case 'exponent':
      return t('is taken for a number with an exponent');
    case 'time':
      return t('becomes a full time');
    case 'tag':
      return t('loses its tag');
    case 'alias':
      return t('becomes a copy');
  }
}
