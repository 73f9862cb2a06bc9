import * as vscode from 'vscode';
import { tryUtf8, utf8 } from '../../core/bytes.ts';
import { checklistFolder, dayOf } from '../../core/checklist/checklist.ts';
import { compare, ticksFor } from '../../core/checklist/compare.ts';
import { type Checklist, type Item, readChecklist, type Tick, withTicks } from '../../core/checklist/form.ts';
import type { Held } from '../../core/checklist/version.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { hashOf } from '../../core/hash.ts';
import { baseOf } from '../../core/view/names.ts';
import { readAnywhere } from '../elsewhere.ts';
import { readOrdinary } from '../ordinary.ts';
import { writeOwn } from '../policy/places.ts';
import type { Services } from '../services.ts';

/** A checklist of the workspace. */
export interface Found {
  readonly uri: vscode.Uri;
  readonly root: vscode.Uri;
  /** From the root. */
  readonly path: string;
  readonly list: Checklist;
  readonly text: string;
  /** Of its bytes. */
  readonly hash: string;
}

const maxSize = 5 * 1024 * 1024;
const mostLists = 1000;

/** The checklists of the workspace. They are read from the disk; an item is ticked off in the file. */
export class Checklists implements vscode.Disposable {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<void>();
  #all: readonly Found[] = [];
  /** One check at a time: each reads a history. */
  #work: Promise<void> = Promise.resolve();
  readonly onDidChange = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
  }

  get all(): readonly Found[] {
    return this.#all;
  }

  /** How many items are not ticked. */
  get left(): number {
    return this.#all.flatMap(({ list }) => list.items).filter(({ tick }) => !tick).length;
  }

  /** Reads them anew. None in a workspace that is not trusted. */
  async load(): Promise<void> {
    const found: Found[] = [];
    const uris = vscode.workspace.isTrusted
      ? await vscode.workspace.findFiles(`**/${checklistFolder}/*.md`, undefined, mostLists)
      : [];
    for (const uri of uris.sort((a, b) => a.path.localeCompare(b.path))) {
      const one = await this.#read(uri).catch(() => undefined);
      if (one) found.push(one);
    }
    this.#all = found;
    this.#changed.fire();
  }

  /**
   * Compares the open items of these files with git's history, as far as the files can be opened now, and ticks off what changed.
   * Without files, those of all lists. Rejects with what writing a list throws.
   */
  check(changed?: readonly vscode.Uri[]): Promise<void> {
    const work = this.#work.then(() => this.#check(changed));
    this.#work = work.catch(() => undefined);
    return work;
  }

  /** Ticks an item by hand, or takes its tick away. */
  async tick(found: Found, item: Item, on: boolean): Promise<void> {
    await this.#write(found, new Map([[item.line, on ? 'by hand' : undefined]]));
    await this.load();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #check(changed: readonly vscode.Uri[] | undefined): Promise<void> {
    const { platform, vault } = this.#services;
    if (!platform.git || vault.locked || !vscode.workspace.isTrusted) return;
    let wrote = false;
    for (const found of this.#all) {
      const files = await this.#filesOf(found, changed);
      if (files.length === 0) continue;
      const open = this.#services.sessions.openerIn(found.root);
      const repository = { git: platform.git, root: found.root.fsPath, files, open };
      const { findings } = await compare(found.list, repository, ({ tick }) =>
        changed ? tick !== 'by hand' : tick === undefined,
      );
      const there = findings.filter(({ path }) => path !== undefined);
      const ticks = ticksFor(there);
      if (ticks.size === 0) continue;
      await this.#write(found, ticks);
      wrote = true;
    }
    if (wrote) await this.load();
  }

  /** The files that are to be compared for a list: those that it names, and those that changed, which may be one under a new name. */
  async #filesOf({ root, list }: Found, changed: readonly vscode.Uri[] | undefined): Promise<Held[]> {
    const inside = new Set(list.items.map(({ file }) => file).filter(isInside));
    const named = [...inside].map((file) => vscode.Uri.joinPath(root, file));
    const known = new Set(named.map(String));
    const below = changed?.filter((uri) => uri.path.startsWith(`${root.path}/`));
    const uris = below ? [...new Set(below.map(String))].map((uri) => vscode.Uri.parse(uri)) : named;
    const held: Held[] = [];
    for (const uri of uris) {
      const bytes = await readAnywhere(this.#services.platform, uri, maxSize).catch(() => undefined);
      const path = uri.path.slice(root.path.replace(/\/$/, '').length + 1);
      if (bytes && (known.has(uri.toString()) || isSecret(path, bytes))) held.push({ path, bytes });
    }
    return held;
  }

  async #write(found: Found, ticks: ReadonlyMap<number, Tick | undefined>): Promise<void> {
    const next = withTicks(found.text, ticks, dayOf(this.#services.clock.now()));
    if (next !== found.text) await writeOwn(this.#services.platform, found.root, found.path, utf8(next), found.hash);
  }

  async #read(uri: vscode.Uri): Promise<Found | undefined> {
    const bytes = await readOrdinary(uri, maxSize);
    const text = tryUtf8(bytes);
    const list = text === undefined ? undefined : readChecklist(text);
    if (!list || text === undefined) return undefined;
    const root = vscode.Uri.joinPath(uri, '..', '..', '..');
    return { uri, root, path: `${checklistFolder}/${baseOf(uri.path)}`, list, text, hash: hashOf(bytes) };
  }
}

/** Whether a file may be one that a list knows by a former name. */
function isSecret(path: string, bytes: Uint8Array): boolean {
  try {
    return formatOfBytes(path, bytes).text.includes('ENC[AES256_GCM,');
  } catch {
    return false;
  }
}

/** Whether a list, which comes with the repository, names a file of it. */
export const isInside = (file: string): boolean => !/^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(file);
