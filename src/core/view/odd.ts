import { visible } from '../tree/path.ts';

/** Letters of other scripts that look like Latin ones in most fonts (a part of Unicode's confusables). */
const twins = /^[аеорсухіјѕһԁԛԝӏАВЕЗКМНОРСТУХІЈЅԚԜαινορυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]+$/u;

/**
 * Whether a name may be read as another one: characters that do not show or turn the direction, spaces at its ends, letters
 * of another script among Latin ones or that look like them, and forms such as full-width letters.
 */
export function isOddName(name: string): boolean {
  if (visible(name) !== name || name !== name.trim() || name.normalize('NFKC') !== name) return true;
  const letters = name.replace(/[^\p{L}]/gu, '');
  const other = letters.replace(/\p{Script=Latin}/gu, '');
  if (other === '') return /\p{Mn}/u.test(name.normalize('NFC'));
  const mixed =
    other.length < letters.length && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(other);
  return mixed || twins.test(other);
}
