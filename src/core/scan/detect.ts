import { isPlaceholder } from './placeholder.ts';
import { ownRules } from './rules/own.ts';
import { entropyOf, type Rule } from './rules/rule.ts';
import { vendorRules } from './rules/vendor.ts';
import { Words } from './words.ts';

/** A place where a secret seems to stand. No value: who shows it takes it from the text, and nobody does. */
export interface Finding {
  /** The id of a rule, or `own-secret`. */
  readonly rule: string;
  /** Of the secret, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** What is called so: the name of the field or variable that it stands in, where that is known. */
  readonly name: string | undefined;
}

interface Compiled {
  readonly rule: Rule;
  readonly pattern: RegExp;
}

const usualReach = 1000;
/** Of the text before a word that a pattern may take in. */
const before = 160;
/** More than this in one file are no news. */
const mostFound = 500;
/** Words in a text that are looked at: a hostile one is made of them. */
const mostLooks = 20_000;

interface Detector {
  readonly words: Words;
  /** By the number of a word. */
  readonly rules: readonly (readonly Compiled[])[];
}

let ready: Detector | undefined;

function detector(): Detector {
  if (ready) return ready;
  const byWord = new Map<string, Compiled[]>();
  for (const rule of [...vendorRules, ...ownRules]) {
    const compiled = { rule, pattern: new RegExp(rule.pattern, rule.atName ? 'dy' : 'dg') };
    for (const word of rule.words) byWord.set(word, [...(byWord.get(word) ?? []), compiled]);
  }
  ready = { words: new Words([...byWord.keys()]), rules: [...byWord.values()] };
  return ready;
}

/**
 * Secrets that are written down in a text, in its order; where several rules see one, the most particular counts. At most 500. Files that
 * are encrypted, and those that tools generate, are the caller's to leave out.
 * @param path with forward slashes: some rules are for some files only
 */
export function detect(text: string, path: string): Finding[] {
  const { words, rules } = detector();
  const found: Finding[] = [];
  /** Up to where a rule has looked already. */
  const seen = new Map<Compiled, number>();
  let looks = 0;
  words.find(text, (word, end) => {
    for (const one of rules[word] ?? []) {
      if ((seen.get(one) ?? -1) >= end || looks >= mostLooks || found.length >= mostFound) continue;
      if (one.rule.path && !one.rule.path.test(path)) continue;
      looks++;
      seen.set(one, one.rule.atName ? lookAtName(text, end, one, found) : look(text, end, one, found));
    }
  });
  return apart(found).map((one) => ({ ...one, name: one.name ?? nameBefore(text, one.start) }));
}

/** What a text is assigned to, or the key that it stands behind. */
const assignment =
  /([A-Za-z_][\w.-]{0,80})["'`\]]{0,2}(?:\s{0,3}:\s{0,3}[A-Za-z][\w<>&' ?.]{0,30})?\s{0,8}(?:=>|:=|={1,3}|:)\s{0,3}(?:[A-Za-z]{0,2}["'`]{1,3})?(?:[a-z][a-z\d+.-]{1,20}:\/\/[^\s"'`]{0,80})?$/;

const nameBefore = (text: string, start: number): string | undefined =>
  assignment.exec(text.slice(Math.max(0, start - before), start))?.[1];

/** Looks for one pattern around a word that ends at `end`; up to where words are done with. */
function look(text: string, end: number, { rule, pattern }: Compiled, found: Finding[]): number {
  const start = Math.max(0, end - before);
  const stop = Math.min(text.length, end + (rule.reach ?? usualReach));
  const part = text.slice(start, stop);
  pattern.lastIndex = 0;
  let done = end;
  for (let match = pattern.exec(part); match; match = pattern.exec(part)) {
    const from = start + match.index;
    // One that begins behind the word belongs to another word, which may be nearer to it.
    if (from > end) break;
    if (from + match[0].length >= end) {
      const one = findingOf(rule, match, start);
      if (one) found.push(one);
      done = Math.max(done, from + match[0].length);
    }
    pattern.lastIndex = Math.max(pattern.lastIndex, match.index + 1);
  }
  return done;
}

/** The same for a pattern that begins with the name that the word is in. */
function lookAtName(text: string, end: number, { rule, pattern }: Compiled, found: Finding[]): number {
  let start = end - 1;
  while (start > 0 && end - start < mostName && isNamePart(text.charCodeAt(start - 1))) start--;
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  const one = match && findingOf(rule, match, 0);
  if (one) found.push(one);
  return one ? pattern.lastIndex : end;
}

const mostName = 80;

/** A letter, a digit, or one of `_`, `.` and `-`. */
const isNamePart = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 45 && code <= 57 && code !== 47) || code === 95;

function findingOf(rule: Rule, match: RegExpExecArray, offset: number): Finding | undefined {
  const name = match.groups?.name;
  const group = rule.group ?? groupOf(match, name === undefined ? 1 : 2);
  const secret = match[group] ?? match[0];
  const [from, to] = match.indices?.[group] ?? [match.index, match.index + match[0].length];
  if (entropyOf(secret) <= rule.least) return undefined;
  if (rule.holds ? !rule.holds(secret, name) : isPlaceholder(secret) || /EXAMPLE$/.test(secret)) return undefined;
  return { rule: rule.id, start: offset + from, end: offset + to, name };
}

/** The first group that matched and is no quote. */
function groupOf(match: RegExpExecArray, first: number): number {
  for (let i = first; i < match.length; i++) if ((match[i]?.length ?? 0) > 1) return i;
  return 0;
}

/** Of those that overlap the first rule counts: the marks of services come before names that anybody gives. */
function apart(found: readonly Finding[]): Finding[] {
  const rank = (one: Finding) => (ownIds.has(one.rule) ? 1 : 0);
  const kept: Finding[] = [];
  for (const one of [...found].sort((a, b) => rank(a) - rank(b) || a.start - b.start)) {
    const other = kept.findIndex(({ start, end }) => one.start < end && one.end > start);
    if (other === -1) kept.push(one);
    else if (kept[other]?.name === undefined && one.name !== undefined && kept[other])
      kept[other] = { ...kept[other], name: one.name };
  }
  return kept.sort((a, b) => a.start - b.start);
}

const ownIds = new Set(ownRules.map(({ id }) => id));
