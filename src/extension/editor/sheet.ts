import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { formatOfName } from '../../core/format/which.ts';
import { hashOf } from '../../core/hash.ts';
import type { Opened } from '../../core/open/open.ts';
import { labelOf } from '../../core/sops/label.ts';
import type { Leaf, Sealed } from '../../core/sops/sealed.ts';
import { baseOf } from '../../core/view/names.ts';
import { noRows, type RowTarget, type Table, tableOf } from '../../core/view/rows.ts';
import type { Features, RowId, State } from '../../protocol/messages.ts';
import { spliceOf } from '../../protocol/splice.ts';
import type { FilePolicy } from '../policy/policies.ts';
import type { Services } from '../services.ts';
import { openedOf, sealedOf } from '../surface.ts';
import { termWords } from '../ui/terms.ts';
import { Ages } from './ages.ts';
import { TextSide } from './answers/textview.ts';
import type { SecretsDocument } from './document/document.ts';
import { noticeOf } from './notice.ts';

const { t } = vscode.l10n;

/** What a document's pages show: its rows, and what is said about the file. */
export class Sheet {
  readonly document: SecretsDocument;
  readonly #services: Services;
  readonly #ages: Ages;
  /** What the Text views of the document share. */
  readonly text: TextSide;
  #policy: FilePolicy | undefined;
  #isDated = false;
  #table: Table = noRows;
  #revision = 1;
  /** For each revision, which rows there were: where two agree, a row's id means the same in both. */
  readonly #shapes = new Map<number, Shape>();

  constructor(document: SecretsDocument, services: Services) {
    this.document = document;
    this.#services = services;
    this.text = new TextSide(document, services);
    this.#ages = new Ages(services, document.uri);
    this.#shapes.set(this.#revision, shapeOf(noRows));
  }

  get revision(): number {
    return this.#revision;
  }
  get table(): Table {
    return this.#table;
  }

  /** Computes the rows anew, for a text, a state or a history that may have changed. */
  update(): void {
    const before = this.#table.rows;
    this.#table = this.#rows();
    if (spliceOf(before, this.#table.rows, 0)) this.#revision++;
    const shape = shapeOf(this.#table);
    this.#shapes.set(this.#revision, [...this.#shapes.values()].find(({ hash }) => hash === shape.hash) ?? shape);
    for (const old of this.#shapes.keys()) if (old < this.#revision - 64) this.#shapes.delete(old);
  }

  /**
   * Looks up what is agreed about entries, and in git when they got their values, which takes as long as the history is; computes the rows
   * anew then. `drawn`: they were, meanwhile.
   */
  async refreshFacts(drawn: () => void): Promise<void> {
    const policy = this.#services.policies.of(this.document.uri).catch(() => undefined);
    const isFirst = !this.#isDated && this.#isOpen;
    this.#isDated ||= this.#isOpen;
    this.#policy = await policy;
    this.update();
    drawn();
    const draw = () => {
      this.update();
      drawn();
    };
    await this.#ages.refresh(draw, isFirst);
    draw();
  }

  /** The file could not be opened when its history was last looked at, and can be now. */
  get isDue(): boolean {
    return !this.#isDated && this.#isOpen;
  }

  /** The document is closed. */
  dispose(): void {
    this.#ages.stop();
  }

  get #isOpen(): boolean {
    return this.document.state.kind === 'open';
  }

  /** Everything about the file but its rows. */
  header(): Omit<State, 'rows' | 'revision'> {
    const { document } = this;
    const { state, uri } = document;
    const format = this.format;
    const notice = noticeOf(uri, state, document.file.gone);
    return {
      type: 'state',
      fileName: baseOf(uri.path),
      format,
      ...(notice ? { notice } : {}),
      readOnly: state.kind !== 'open' || !vscode.workspace.isTrusted,
      presenting: this.#services.presentation.on,
      readers: this.#readers(),
      revealSeconds: this.#services.settings.revealSeconds,
      features: featuresOf(format, sealedOf(state)),
      conflict: document.file.theirs !== undefined,
    };
  }

  get format(): State['format'] {
    const { state, uri } = this.document;
    return sealedOf(state)?.format ?? formatOfName(uri.path);
  }

  /**
   * The row of an id that a page has from `revision`. Throws NO_SUCH_ENTRY when it is gone, or may be another one: rows
   * that are known by their position only move.
   */
  target(row: RowId, revision: number): RowTarget {
    const target = this.#table.targets.get(row);
    const before = this.#shapes.get(revision);
    const same = before === this.#shapes.get(this.#revision);
    if (!target || (!same && (target.positional || before?.positional.has(row) !== false)))
      throw new LockstepError('NO_SUCH_ENTRY');
    return target;
  }

  /** The opened file behind the rows. Throws why it is not open. */
  opened(): Opened {
    return this.document.opened();
  }

  #rows(): Table {
    const { state } = this.document;
    const sealed = sealedOf(state);
    const opened = openedOf(state);
    if (!sealed || !opened) return noRows;
    return tableOf({
      sealed,
      opened,
      changed: this.#ages.of(sealed, this.document.file.base?.text),
      term: (leaf) => this.#term(leaf),
      documentName: (n) => t('Document {0}', n),
      presenting: this.#services.presentation.on,
      aliasWords: t('This is an alias of another entry: change that one.'),
    });
  }

  #term(leaf: Leaf) {
    const words = this.#policy && termWords(this.#policy.of(labelOf(leaf)), this.#services.clock.now());
    return words && { text: words.text, ...(words.state && { state: words.state }) };
  }

  #readers(): number {
    const sealed = sealedOf(this.document.state);
    if (!sealed || sealed.dotenvx) return 0;
    const { recipients, foreign } = sealed.metadata;
    return new Set([...recipients, ...foreign.map((one) => `${one.kind} ${one.name}`)]).size;
  }
}

/** The positional rows, and a hash of what they hold: two texts with the same shape have the same rows there. */
interface Shape {
  readonly positional: ReadonlySet<RowId>;
  readonly hash: string;
}

function shapeOf(table: Table): Shape {
  const found = [...table.targets].filter(([, { positional }]) => positional);
  const lines = found.map(([row, target]) => `${row} ${target.kind === 'entry' ? storedText(target) : ''}\n`);
  return { positional: new Set(found.map(([row]) => row)), hash: hashOf(lines.join('')) };
}

function storedText({ leaf: { node } }: Extract<RowTarget, { kind: 'entry' }>): string {
  return node.scalar.type === 'null' ? '' : String(node.scalar.value);
}

const everyType = ['str', 'int', 'float', 'bool', 'time', 'null'] as const;

function featuresOf(format: State['format'], sealed: Sealed | undefined): Features {
  const selector = sealed?.metadata.selector;
  const dotenvx = sealed?.dotenvx !== undefined;
  const nested = format === 'yaml' || format === 'json';
  return {
    groups: nested || format === 'ini',
    comments: format === 'yaml' || format === 'dotenv' || format === 'ini',
    lists: nested,
    types: format === 'yaml' ? everyType : format === 'json' ? everyType.filter((type) => type !== 'time') : ['str'],
    markPlain: !dotenvx && selector !== undefined && ('suffix' in selector || selector.kind.endsWith('comment_regex')),
    textView: format !== 'binary' && !dotenvx,
    wholeFile: !dotenvx,
  };
}
