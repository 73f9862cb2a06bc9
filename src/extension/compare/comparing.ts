import * as vscode from 'vscode';
import { type Comparison, compareSides } from '../../core/compare/compare.ts';
import { Fingerprints } from '../../core/compare/fingerprints.ts';
import { closedSide, openedSide, readVersion, type Side } from '../../core/compare/side.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { labelOf } from '../../core/sops/label.ts';
import { goFloat } from '../../core/sops/value.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import type { Scalar } from '../../core/tree/value.ts';
import type { View } from '../../protocol/versions.ts';
import { describeError } from '../log.ts';
import { unlockByClick } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { openEntry } from '../survey/entries.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import { textOf, withTexts } from '../versions/opening.ts';
import type { Driver, Told } from '../versions/panel.ts';
import type { Version } from '../versions/reading.ts';
import { actionsOf, idOf, rowActions, viewRow } from './rows.ts';
import { notesOf } from './words.ts';

const { t } = vscode.l10n;

/** One of the two that are compared. */
export interface End {
  readonly uri: vscode.Uri;
  /** As its column is called. */
  readonly title: string;
  /** It is the file as it lies on the disk. */
  readonly isFile?: true;
  read(): Promise<Version>;
}

/** What was found out. No value is in it. */
interface Found {
  readonly versions: readonly [Version, Version];
  readonly comparison: Comparison;
  readonly sides: readonly [Side | undefined, Side | undefined];
}

/** Two versions of a file, or two files, as a panel shows them. Everything decrypted is gone when `refresh` resolves. */
export class Comparing implements Driver {
  readonly #services: Services;
  readonly #ends: readonly [End, End];
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #disposable: vscode.Disposable;
  #found: Found | undefined;
  /** Why nothing could be compared, in words. */
  #fault: string | undefined;
  #showsEqual = false;
  /** Names of recipients, as `.sops.yaml` has them. */
  #names: ReadonlyMap<string, string> = new Map();
  /** Counts refreshes: only the last one counts. */
  #turn = 0;

  constructor(services: Services, before: End, after: End) {
    this.#services = services;
    this.#ends = [before, after];
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      services.vault.onDidChange(() => void this.refresh()),
    );
  }

  /** Reads and compares both again. What goes wrong is shown. */
  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const versions = [await this.#ends[0].read(), await this.#ends[1].read()] as const;
      const names = await this.#services.rules.names(this.#ends[1].uri).catch(() => new Map<string, string>());
      const found = await compareVersions(this.#services, versions);
      if (turn !== this.#turn) return;
      [this.#found, this.#fault, this.#names] = [found, undefined, names];
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#services.log.info(describeError(error));
      const { message, next } = wordsOfAny(error, fileName(this.#ends[1].uri));
      [this.#found, this.#fault] = [undefined, `${message} ${next}`];
    }
    this.#changed.fire();
  }

  view(): View {
    const [before, after] = this.#ends;
    const shown = [before, after].map(({ title }) => title);
    const isOne = String(before.uri) === String(after.uri);
    const title = isOne ? `${fileName(after.uri)} (${shown.join(' ↔ ')})` : shown.join(' ↔ ');
    const about = {
      title,
      columns: shown,
      actions: actionsOf(this.#services.vault.locked, this.#showsEqual),
      rowActions: rowActions(),
    };
    if (!this.#found)
      return { ...about, notes: this.#fault ? [{ tone: 'error', text: this.#fault }] : [], rows: [], nothing: '' };
    const { comparison, sides } = this.#found;
    const all = comparison.rows.map((row) => viewRow(row, comparison, { goes: after.isFile === true }));
    const rows = this.#showsEqual ? all : all.filter(({ tone }) => tone !== 'same');
    const notes = [...this.#unsaved(), ...notesOf(comparison, sides, shown, this.#names)];
    return { ...about, notes, rows, nothing: t('No entry differs.') };
  }

  #unsaved(): View['notes'] {
    const dirty = this.#ends.filter(({ uri, isFile }) => isFile && documentOf(uri)?.isDirty);
    return dirty.map(({ uri }) => ({ tone: 'info', text: t('{0}: Unsaved changes are not compared.', fileName(uri)) }));
  }

  async reveal(row: string, column: number): Promise<Told> {
    const found = this.#found?.comparison.rows.find((one) => idOf(one) === row);
    const entry = column === 0 ? found?.before : found?.after;
    const [version, end] = [this.#found?.versions[column], this.#ends[column]];
    if (!entry || !version || !end) throw new LockstepError('NO_SUCH_ENTRY');
    const text = await valueIn(this.#services, version, entry.id);
    const label = labelOf(entry);
    return { text, uri: version.uri, key: end.isFile ? label : `${label} at ${end.title}` };
  }

  async act(action: string, row: string | undefined): Promise<void> {
    if (action === 'equal') this.#showsEqual = !this.#showsEqual;
    else if (action === 'refresh') await this.refresh();
    else if (action === 'unlock') await unlockByClick(this.#services, this.#ends[1].uri);
    else if (action === 'go') {
      const found = this.#found?.comparison.rows.find((one) => idOf(one) === row);
      if (found?.after) await openEntry(this.#services, this.#ends[1].uri, found.after.id);
    }
  }

  dispose(): void {
    this.#turn++;
    this.#found = undefined;
    this.#disposable.dispose();
  }
}

/** Throws what reading a version as a file of its format throws. */
async function compareVersions(services: Services, versions: readonly [Version, Version]): Promise<Found> {
  const prints = new Fingerprints();
  const texts = versions.flatMap((version) => {
    const text = textOf(version);
    return text === undefined ? [] : [{ uri: version.uri, text }];
  });
  return withTexts(services, texts, async (sessions) => {
    const left = [...sessions];
    const sides: (Side | undefined)[] = [];
    for (const version of versions)
      sides.push(version.bytes && (await sideOf(version.uri, version.bytes, left.shift(), prints)));
    const [before, after] = sides;
    return { versions, sides: [before, after], comparison: compareSides(before, after) };
  });
}

/** A binary file that is not encrypted has no text that a session could tell anything of. */
function sideOf(
  uri: vscode.Uri,
  bytes: Uint8Array,
  session: Session | undefined,
  prints: Fingerprints,
): Promise<Side> | Side {
  const state = session?.state;
  if (state && 'opened' in state) return openedSide(state.opened, prints);
  return closedSide(readVersion(uri.path, bytes), prints);
}

/** The value of an entry of a version, which is opened for it. Throws why it is not there. */
async function valueIn(services: Services, version: Version, id: string): Promise<string> {
  const text = textOf(version);
  if (text === undefined || !version.bytes) throw new LockstepError('NO_SUCH_ENTRY');
  const read = readVersion(version.uri.path, version.bytes);
  const parts = read.kind === 'sealed' ? read.sealed : read.parts;
  const leaf = parts.leaves.find((one) => one.id === id);
  if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
  if (read.kind === 'plain') return shownText(leaf.node.scalar, leaf.path);
  return withTexts(services, [{ uri: version.uri, text }], async ([session]) => {
    const opened = session?.opened();
    const value = opened?.value(id);
    if (!value) throw new LockstepError('VALUE_DAMAGED', { path: leaf.path });
    return shownText(value, leaf.path);
  });
}

/** A number in the digits that SOPS stores, other values as a program would get them. Throws BAD_VALUE for bytes that are no text. */
function shownText(value: Scalar, path: readonly (string | number)[]): string {
  const text = value.type === 'float' ? goFloat(value.value) : textOfScalar(value);
  if (text === undefined) throw new LockstepError('BAD_VALUE', { path, what: 'unshown' });
  return text;
}
