import * as vscode from 'vscode';
import { change } from '../../../core/change/change.ts';
import type { Intent, Step } from '../../../core/change/intent.ts';
import { openDraft, sealDraft } from '../../../core/document/draft.ts';
import { type ErrorCode, LockstepError, Refusal } from '../../../core/errors.ts';
import type { Span } from '../../../core/format/document.ts';
import { hashOf } from '../../../core/hash.ts';
import { commentText } from '../../../core/open/comments.ts';
import type { Opened } from '../../../core/open/open.ts';
import { plainComment, type Unsealed, unseal } from '../../../core/open/unseal.ts';
import { respelled, respelledSince } from '../../../core/seal/spelling.ts';
import { fitting, textOfScalar } from '../../../core/tree/typed.ts';
import { text as textScalar } from '../../../core/tree/value.ts';
import { Lines } from '../../../core/view/lines.ts';
import { tidySpans } from '../../../core/view/mask.ts';
import { lineMasks } from '../../../core/view/plain.ts';
import { type Part, Tokens, tokensOf } from '../../../core/view/tokens.ts';
import type { Problem } from '../../../protocol/messages.ts';
import type { Requests, Results, TextState, Token } from '../../../protocol/requests.ts';
import type { Services } from '../../services.ts';
import { spellingNotice } from '../../session/spelling.ts';
import { problemOf } from '../../ui/problem.ts';
import type { SecretsDocument } from '../document/document.ts';

const { t } = vscode.l10n;

/** How many texts of a page are known: one that is older than the last ones is refused. */
const remembered = 16;

/** What makes a text a draft: it says something that the file cannot be made to say. */
const keeping: readonly ErrorCode[] = [
  ...(['SYNTAX', 'DUPLICATE_KEY', 'NOT_A_MAP', 'EMPTY_FILE', 'UNSUPPORTED_VALUE', 'ALIAS_BOMB', 'TOO_LARGE'] as const),
  ...(['ALREADY_ENCRYPTED', 'BAD_METADATA', 'NOT_SELECTED', 'BAD_NAME', 'BAD_VALUE', 'CHANGED_ON_DISK'] as const),
];

/**
 * The file's plain text for a page, with tokens in the place of values. The page never gets more of it than the sources that
 * it asks for, and a text that it sends back is made whole here.
 */
export class TextSide {
  readonly #document: SecretsDocument;
  readonly #services: Services;
  readonly #tokens = new Tokens();
  /** What each page was given, the last one last. It may not have taken it: somebody was typing when it came. */
  readonly #issued = new WeakMap<object, Map<string, Issued>>();
  /** The tokens in the last one. */
  readonly #shown = new WeakMap<object, readonly Token[]>();

  constructor(document: SecretsDocument, services: Services) {
    this.#document = document;
    this.#services = services;
  }

  /** Throws EDIT_LOCKED for a damaged file, UNSUPPORTED_FORMAT for a binary one, and LOCKED while locked. */
  async show(opened: Opened, page: object): Promise<TextState> {
    const { draft } = this.#document;
    if (draft === undefined) return this.#showFile(opened, page);
    const text = await openDraft(opened.dataKey, draft);
    const error = await change(opened, { kind: 'text', text }, this.#services.clock).then(
      () => new LockstepError('CHANGED_ON_DISK'),
      (error: unknown) => error,
    );
    return this.#showDraft(opened, text, error, page);
  }

  async #showFile(opened: Opened, page: object): Promise<TextState> {
    const { text } = await this.#hidden(opened);
    this.#issue(page, text, { from: hashOf(opened.sealed.doc.text), skeleton: hashOf(this.#tokens.skeleton(text)) });
    return { text, language: languageOf(opened) };
  }

  /** The file's plaintext for a page, and what is hidden in it, by name. */
  async #hidden(opened: Opened) {
    const old = await unseal(opened);
    const parts = await partsOf(opened, old);
    const text = toPage(await this.#tokens.hide(opened.dataKey, old.text, parts), old.plain.doc.eol);
    return { text, current: new Map(parts.map(({ name, start, end }) => [name, old.text.slice(start, end)])) };
  }

  /** A text that does not parse is masked by its lines. */
  async #showDraft(opened: Opened, plain: string, error: unknown, page: object): Promise<TextState> {
    const { format } = opened.sealed;
    const spans = tidySpans([...lineMasks(plain, format), ...(format === 'json' ? [] : commentSpans(plain))]);
    const parts = spans.map((span) => ({ ...span, name: 'draft' }));
    const text = toPage(await this.#tokens.hide(opened.dataKey, plain, parts), opened.sealed.doc.eol);
    this.#issue(page, text, { from: hashOf(opened.sealed.doc.text), skeleton: undefined });
    return { text, language: languageOf(opened), problem: placed(error, plain) };
  }

  #issue(page: object, text: string, issued: Issued): void {
    const all = this.#issued.get(page) ?? new Map<string, Issued>();
    const key = hashOf(text);
    all.delete(key);
    this.#shown.set(page, tokensOf(text));
    this.#issued.set(page, all.set(key, issued));
    for (const oldest of [...all.keys()].slice(0, -remembered)) all.delete(oldest);
  }

  /** Whose texts the tokens stand for: ids of entries, and words for comments. */
  namesOf(tokens: readonly Token[]): string[] {
    return tokens.flatMap((token) => this.#tokens.nameOf(token) ?? []);
  }

  async sources(opened: Opened, tokens: readonly Token[]): Promise<Results['textShow']> {
    const sources = tokens.map((token) => this.#tokens.source(opened.dataKey, token));
    return { sources: (await Promise.all(sources)).map((source) => toPage(source, opened.sealed.doc.eol)) };
  }

  /** Takes the text after an edit: a step of the document, or a draft where it cannot be one. */
  async set({ text, from }: Requests['textSet'], page: object): Promise<TextState> {
    const document = this.#document;
    try {
      await document.change(t('Edit Text'), async (opened) => {
        const all = this.#issued.get(page);
        const issued = from === undefined ? [...(all?.values() ?? [])].at(-1) : all?.get(hashOf(from));
        const whole = await this.#current(opened, text, issued);
        const made = await change(opened, intentOf(opened, whole), this.#services.clock);
        await this.#tellSpelling(opened, whole.text);
        return made;
      });
    } catch (error) {
      if (!(error instanceof LockstepError) || !keeping.includes(error.code)) throw error;
      return document.settled(() => this.#keep(document.opened(), text, error, page));
    }
    document.setDraft('none');
    return document.settled(() => this.#showFile(document.opened(), page));
  }

  async #keep(opened: Opened, text: string, error: LockstepError, page: object): Promise<TextState> {
    const { text: plain } = await this.#whole(opened, text);
    this.#document.setDraft(await sealDraft(opened.dataKey, plain, placed(error, plain).line));
    return this.#showDraft(opened, plain, error, page);
  }

  /** The page's text with sources in place of tokens. Throws CHANGED_ON_DISK (`token`) for a token that is not known. */
  #whole({ dataKey, sealed }: Opened, text: string, current?: ReadonlyMap<string, string>): Promise<Whole> {
    return this.#tokens.replace(
      fromPage(text, sealed.doc),
      (token) => current?.get(this.#tokens.nameOf(token) ?? '') ?? this.#tokens.source(dataKey, token),
    );
  }

  /**
   * Where the file changed since the page got its text, a value that was not looked at stays what it is now; what else
   * changed would be undone by the page's text, so that is a refusal.
   */
  async #current(opened: Opened, text: string, issued: Issued | undefined): Promise<Whole> {
    if (issued?.from === hashOf(opened.sealed.doc.text)) return this.#whole(opened, text);
    const { text: now, current } = await this.#hidden(opened);
    if (issued?.skeleton === undefined || hashOf(this.#tokens.skeleton(now)) !== issued.skeleton)
      throw new LockstepError('CHANGED_ON_DISK', { what: 'text' });
    return this.#whole(opened, text, current);
  }

  /** Numbers that were typed and will not come back so: the person can undo, and put them in quotes. */
  async #tellSpelling(opened: Opened, text: string): Promise<void> {
    const { format, metadata } = opened.sealed;
    if (respelled(text, format, metadata.selector).length === 0) return;
    const found = respelledSince(text, (await unseal(opened)).text, format, metadata.selector);
    if (found.length > 0) void this.#services.ui.warn(spellingNotice(found));
  }

  /** The tokens of the page's text whose value holds a text. */
  async find(opened: Opened, { text, matchCase }: Requests['textFind'], page: object): Promise<Token[]> {
    if (text === '') return [];
    const fold = (one: string) => (matchCase ? one : one.toLowerCase());
    const wanted = fold(text);
    const tokens = this.#shown.get(page) ?? [];
    const holds = await Promise.all(
      tokens.map(async (token) => {
        const value = opened.value(this.#tokens.nameOf(token) ?? '');
        const own = value ? (textOfScalar(value) ?? '') : await this.#tokens.source(opened.dataKey, token);
        return fold(own).includes(wanted);
      }),
    );
    return tokens.filter((_, i) => holds[i]);
  }

  /** Replaces in the values behind tokens, as one step. Throws DRAFT while a text does not parse. */
  async replace({ text, by, matchCase, tokens }: Requests['textReplace'], page: object): Promise<TextState> {
    if (this.#document.draft !== undefined) throw new Refusal('DRAFT');
    const names = new Set(tokens.map((token) => this.#tokens.nameOf(token)));
    const search = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), matchCase ? 'gu' : 'giu');
    const swap = (one: string) => (text === '' ? one : one.replace(search, () => by));
    await this.#document.change(t('Replace in Values'), async (opened) => {
      const { leaves, comments } = opened.sealed;
      const steps: Step[] = leaves.flatMap(({ id, around }, i) => {
        const old = opened.valueAt(i);
        const shown = old && textOfScalar(old);
        if (!names.has(id) || around.alias || shown === undefined || swap(shown) === shown) return [];
        return [{ kind: 'set', id, value: fitting(swap(shown), old?.type ?? 'str') ?? textScalar(swap(shown)) }];
      });
      for (const [i, comment] of comments.entries()) {
        if (!names.has(commentName(i))) continue;
        const shown = (await plainComment(opened, comment)) ?? commentText(comment.node);
        if (swap(shown) !== shown) steps.push({ kind: 'reword', comment: i, text: swap(shown) });
      }
      return change(opened, steps, this.#services.clock);
    });
    return this.#document.settled(() => this.#showFile(this.#document.opened(), page));
  }
}

/** A plaintext made whole, and where in it the texts of tokens are. */
interface Whole {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Nobody has seen the values behind masks that are typed or pasted elsewhere, so those must not end up unencrypted. */
function intentOf({ sealed }: Opened, { text, parts }: Whole): Intent {
  const ids = new Set(sealed.leaves.map(({ id }) => id));
  return { kind: 'text', text, unseen: parts.filter(({ name }) => ids.has(name)) };
}

/** What a page was given. */
interface Issued {
  /** The sealed text that it was made from. */
  readonly from: string;
  /** How it looked without its values; undefined for a draft. */
  readonly skeleton: string | undefined;
}

/** Lines that are comments, behind their sign: they may have been encrypted. */
function commentSpans(text: string): Span[] {
  return [...text.matchAll(/^[ \t]*[#;]([^\r\n]+)/gm)].map(({ index, 0: line, 1: words = '' }) => {
    const end = index + line.length;
    return { start: end - words.length, end };
  });
}

const commentName = (index: number) => `comment ${index}`;

/** The places in the plaintext of what the file holds encrypted: leaves and comments come in the same order in both. */
async function partsOf(opened: Opened, { plain }: Unsealed): Promise<Part[]> {
  const parts: Part[] = [];
  opened.sealed.leaves.forEach((leaf, i) => {
    const now = plain.leaves[i];
    if (leaf.encrypted && now) parts.push({ ...now.node.span, name: leaf.id });
  });
  const { comments } = opened.sealed;
  const aligned = comments.length === plain.comments.length;
  for (const [i, { node }] of plain.comments.entries()) {
    const old = comments[i];
    const hidden = !aligned || (old !== undefined && (await plainComment(opened, old)) !== undefined);
    if (!hidden) continue;
    const sign = node.kind === 'comment' ? node.span.end - node.text.length : node.span.start;
    parts.push({ start: sign, end: node.span.end, name: commentName(i) });
  }
  return parts;
}

function languageOf({ sealed: { format } }: Opened): TextState['language'] {
  if (format === 'binary') throw new LockstepError('UNSUPPORTED_FORMAT', { what: format });
  return format;
}

/** The page's lines end in `\n`; a file that has `\r\n` throughout gets it back. */
const toPage = (text: string, eol: string) => (eol === '\r\n' ? text.replaceAll('\r\n', '\n') : text);

function fromPage(text: string, { text: old, eol }: { readonly text: string; readonly eol: string }): string {
  const throughout = eol === '\r\n' && !/(?:^|[^\r])\n/.test(old);
  return throughout ? text.replace(/\r?\n/g, '\r\n') : text;
}

/** Where a problem is: lines count the same with and without masks. */
function placed(error: unknown, plain: string): Problem {
  const problem = problemOf(error);
  const { offset } = error instanceof LockstepError ? error.place : {};
  const line = offset === undefined ? problem.line : new Lines(plain).lineAt(offset) + 1;
  const text = problem.code === 'SYNTAX' ? t('The syntax is broken here. Correct it, or undo.') : problem.text;
  return { ...problem, text, ...(line === undefined ? {} : { line }) };
}
