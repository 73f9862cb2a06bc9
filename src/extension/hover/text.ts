import * as vscode from 'vscode';
import { bareText } from '../../core/change/quotes.ts';
import { type Difference, differencesOf } from '../../core/env/differences.ts';
import { type Names, namedKey, namedRecipient } from '../../core/people/names.ts';
import type { LastChange } from '../../core/platform/git.ts';
import type { FileState } from '../../core/session/state.ts';
import { labelOf } from '../../core/sops/label.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { type HoverFacts, hoverFacts } from '../../core/view/hover.ts';
import { escapeMarkdown } from '../../core/view/markdown.ts';
import { MASK } from '../../core/view/mask.ts';
import { type CommandId, commands } from '../ids.ts';
import type { FilePolicy } from '../policy/policies.ts';
import type { KeyInfo } from '../services.ts';
import { isOffered } from '../session/trust.ts';

import { openedOf, sealedOf } from '../surface.ts';
import { ago } from '../ui/ago.ts';
import { groupLabel, groupsNeeded } from '../ui/keygroups.ts';
import { termWords } from '../ui/terms.ts';
import { differenceWords } from '../ui/words.ts';
import { binaryLinks } from './binary.ts';

const { t } = vscode.l10n;

export interface HoverInput {
  readonly uri: string;
  readonly leaf: Leaf;
  readonly state: FileState;
  readonly change: LastChange | 'uncommitted' | undefined;
  readonly keys: readonly KeyInfo[];
  readonly names: Names;
  readonly now: Date;
  /** What is agreed about it. */
  readonly policy: FilePolicy | undefined;
  /** Its value is on screen now. */
  readonly revealed: boolean;
  readonly presenting: boolean;
}

interface Link {
  readonly title: string;
  readonly command: CommandId;
}

/** What a hover says about one entry. Each foreign text in it is escaped; only the links' commands are trusted. */
export function hoverText(input: HoverInput): vscode.MarkdownString {
  const links = (binaryLinks(input.state, input.leaf) ?? linksFor(input)).filter(isOffered);
  const facts = [loaderLine(input), changeLine(input), readersLine(input), policyLine(input)]
    .filter(Boolean)
    .join('  \n');
  return withLinks([title(input), facts], links, input.uri, input.leaf.id);
}

/** What a hover says about an encrypted comment. Its text is shown by a decoration, if at all. */
export function commentHoverText(uri: string, id: string, locked: boolean, revealed: boolean): vscode.MarkdownString {
  const link = locked ? { title: t('Unlock'), command: commands.unlock } : revealLink(revealed);
  return withLinks([[`**${t('Comment')}**`, MASK].join('\u2003')], [link], uri, id);
}

const revealLink = (revealed: boolean): Link =>
  revealed ? { title: t('Hide'), command: commands.hideValues } : { title: t('Reveal'), command: commands.revealValue };

function withLinks(
  paragraphs: readonly string[],
  links: readonly Link[],
  uri: string,
  id: string,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString([...paragraphs, linkLine(links, uri, id)].filter(Boolean).join('\n\n'));
  text.isTrusted = { enabledCommands: links.map((link) => link.command) };
  return text;
}

function title({ leaf, state, presenting }: HoverInput): string {
  // While presenting, nothing says how many lines a value has.
  const facts = hoverFacts(leaf, presenting ? undefined : openedOf(state)?.value(leaf.id));
  // A value that is not encrypted in an encrypted file is there for all to read.
  const mask = leaf.encrypted || state.kind === 'plain' ? [MASK] : [];
  return [`**${escapeMarkdown(facts.path)}**`, ...mask, typeWords(facts)].join('\u2003');
}

function typeWords({ type, lines }: HoverFacts): string {
  const names = {
    str: t('string'),
    int: t('integer'),
    float: t('number'),
    bool: t('true or false'),
    time: t('time'),
    null: t('nothing'),
  };
  if (!lines) return names[type];
  return `${names[type]}, ${lines === '2-10' ? t('2–10 lines') : t('more than 10 lines')}`;
}

/** What programs that load a `.env` read differently. */
function loaderLine(input: HoverInput): string {
  const found = differences(input);
  if (found.length === 0) return '';
  if (isQuoted(input)) return t('The quotes are part of this value; programs that load a .env remove them');
  return t('Programs that load a .env read this differently: {0}', found.map(differenceWords).join(', '));
}

function differences({ state, leaf }: HoverInput): readonly Difference[] {
  if (state.kind !== 'open' || state.sealed.format !== 'dotenv') return [];
  const value = state.opened.value(leaf.id);
  if (value?.type !== 'str' || typeof value.value !== 'string') return [];
  return differencesOf(String(leaf.path[0]), value.value);
}

function changeLine({ change, now, state, leaf }: HoverInput): string {
  if (state.kind === 'plain') return leaf.encrypted ? t('Plaintext in this file') : '';
  if (change === 'uncommitted') return t('Changed, not yet committed');
  const when = change && ago(change.time, now);
  if (!change || !when) return '';
  const points = [...change.summary];
  const summary = points.length > 80 ? `${points.slice(0, 80).join('')}…` : change.summary;
  return t('Changed {0} in {1} “{2}”', when, escapeMarkdown(change.commit), escapeMarkdown(summary));
}

/** Whose it is, and when it is to be replaced. */
function policyLine({ policy, leaf, now }: HoverInput): string {
  if (policy?.error) return leaf.encrypted ? t('The policy with its owner and expiry cannot be read') : '';
  const words = policy && leaf.encrypted ? termWords(policy.of(labelOf(leaf)), now) : undefined;
  if (!words) return '';
  const expiry = words.expiry && escapeMarkdown(words.expiry);
  const facts = [
    words.owner && t('Owned by {0}', escapeMarkdown(words.owner)),
    expiry && words.state ? `**${expiry}**` : expiry,
  ];
  return facts.filter(Boolean).join(' · ');
}

/** Names at most: a file shared with a hundred people does not need a hundred lines. */
const namesShown = 5;

function readersLine({ state, leaf, keys, names: given }: HoverInput): string {
  const sealed = sealedOf(state);
  if (!sealed || !leaf.encrypted) return '';
  const own = new Set([...keys.map((key) => key.recipient), ...(openedOf(state)?.ownRecipients ?? [])]);
  const needed = groupsNeeded(sealed.metadata);
  if (needed) {
    const groups = sealed.metadata.groups.slice(0, namesShown).map((group) => groupLabel(group, own, given));
    return t('Readable by {0}: {1}', needed, groups.map(escapeMarkdown).join(' · '));
  }
  const recipients = [...new Set(sealed.metadata.recipients)];
  const mine = recipients.filter((one) => own.has(one));
  const others = [
    ...recipients.filter((one) => !own.has(one)).map((one) => namedRecipient(given, one)),
    ...sealed.metadata.foreign.map((key) => namedKey(given, key)),
  ];
  const names = [...(mine.length > 0 ? [you(mine, keys)] : []), ...others].map(escapeMarkdown);
  if (names.length === 0) return '';
  const more = names.length - namesShown;
  const list = names.slice(0, namesShown).join(', ');
  return more > 0 ? t('Readable by {0} and {1} more', list, more) : t('Readable by {0}', list);
}

/** With several keys it matters which of them it is. */
function you(mine: readonly string[], keys: readonly KeyInfo[]): string {
  const labels = keys.filter((key) => mine.includes(key.recipient)).map((key) => key.label);
  return keys.length > 1 && labels.length > 0 ? t('you ({0})', labels.join(', ')) : t('you');
}

function linksFor(input: HoverInput): Link[] {
  const { state, leaf } = input;
  const copy = { title: t('Copy'), command: commands.copyValue };
  const set = { title: t('Set'), command: commands.setValue };
  const reveal = revealLink(input.revealed);
  const past = { title: t('History'), command: commands.showHistory };
  switch (state.kind) {
    case 'open':
      return [
        ...(leaf.encrypted ? [copy, set, reveal, past, { title: t('More…'), command: commands.moreActions }] : [set]),
        ...(isQuoted(input) ? [{ title: t('Remove Quotes'), command: commands.removeQuotes }] : []),
      ];
    case 'damaged':
      if (!state.opened.value(leaf.id)) return [{ title: t('What is wrong?'), command: commands.explainFile }];
      return leaf.encrypted ? [copy, reveal] : [];
    case 'plain':
      return [...(leaf.encrypted ? [reveal] : []), { title: t('Encrypt This File'), command: commands.encryptFile }];
    case 'locked':
      return [{ title: t('Unlock'), command: commands.unlock }];
    case 'unreadable':
      return [{ title: t('Why can I not read it?'), command: commands.explainFile }];
    default:
      return [];
  }
}

function isQuoted({ state, leaf }: HoverInput): boolean {
  if (state.kind !== 'open' || state.sealed.format !== 'dotenv') return false;
  return bareText(state.opened.value(leaf.id)) !== undefined;
}

function linkLine(links: readonly Link[], uri: string, id: string): string {
  // Brackets are not encoded by encodeURIComponent, and would end the link.
  const args = encodeURIComponent(JSON.stringify([uri, id])).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return links.map(({ title, command }) => `[${title}](command:${command}?${args})`).join('\u2002·\u2002');
}
