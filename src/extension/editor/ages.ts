import * as vscode from 'vscode';
import { readDotenvx } from '../../core/dotenvx/file.ts';
import { agesOf } from '../../core/history/ages.ts';
import type { Git } from '../../core/platform/git.ts';
import { labelOf } from '../../core/sops/label.ts';
import { isSealed, type Leaf, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import type { Services } from '../services.ts';
import { ago } from '../ui/ago.ts';

const { t } = vscode.l10n;
const day = 24 * 60 * 60 * 1000;
/** Milliseconds between two drawings, while a history is looked through. */
const rest = 250;

/** When an entry got its value, in words and in days; no days for what is not committed. */
interface Changed {
  readonly text: string;
  readonly days?: number;
}

/** What HEAD has of the file, and since when, as far as that is known yet. */
interface Known {
  readonly blob: string | undefined;
  /** By label, as the file has it. */
  readonly stored: ReadonlyMap<string, string>;
  readonly ages: Map<string, { readonly since: Date; readonly atLeast: boolean }>;
}

/** When entries got their values: not saved, not committed, or as git's history has it. Encrypting one anew makes it no younger. */
export class Ages {
  readonly #services: Services;
  readonly #uri: vscode.Uri;
  #known: Known | undefined;
  #saved: { readonly text: string; readonly values: ReadonlyMap<string, string> } | undefined;
  #turn = 0;

  constructor(services: Services, uri: vscode.Uri) {
    this.#services = services;
    this.#uri = uri;
  }

  /**
   * Asks git again, which goes through the history as far as it has to; `drawn` is called as ages become known. Only where the workspace is
   * trusted: git runs in the repository.
   * @param again also where HEAD has what it had
   */
  async refresh(drawn: () => void, again: boolean): Promise<void> {
    const { git } = this.#services.platform;
    const turn = ++this.#turn;
    const { fsPath } = this.#uri;
    const may = vscode.workspace.isTrusted && this.#uri.scheme === 'file';
    const root = may ? await git?.workTreeOf(fsPath) : undefined;
    const path = root === undefined ? undefined : await git?.pathInWorkTree(fsPath);
    if (!git || root === undefined || path === undefined) this.#known = undefined;
    else await this.#look(git, root, path, again, turn, drawn);
  }

  async #look(git: Git, root: string, path: string, again: boolean, turn: number, drawn: () => void): Promise<void> {
    const head = await headOf(git, root, path);
    if (turn !== this.#turn || (!again && this.#known && this.#known.blob === head?.blob)) return;
    const bytes = head && (await bytesOf(git, root, head.blob));
    const entries = head && bytes ? entriesOf(head.path, bytes) : new Map<string, string>();
    const known: Known = { blob: head?.blob, stored: entries, ages: new Map() };
    this.#known = known;
    if (!head || !bytes) return;
    const open = this.#services.sessions.openerIn(vscode.Uri.file(root));
    let last = performance.now();
    for await (const { entry, since, atLeast } of agesOf({ git, root, file: { path: head.path, bytes }, open }, [
      ...entries.keys(),
    ])) {
      // Another look has begun, or the document is closed.
      if (turn !== this.#turn) return;
      if (since) known.ages.set(entry, { since, atLeast });
      if (performance.now() - last < rest) continue;
      drawn();
      last = performance.now();
    }
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#turn++;
  }

  /** What to say about each entry of a text; `savedText` is what the file holds. */
  of(sealed: Sealed, savedText: string | undefined): (leaf: Leaf) => Changed | undefined {
    const saved = this.#savedValues(sealed, savedText);
    const known = this.#known;
    const now = this.#services.clock.now();
    return (leaf) => {
      if (saved && saved.get(leaf.id) !== stored(leaf)) return { text: 'unsaved' };
      if (!known) return undefined;
      const label = labelOf(leaf);
      if (known.stored.get(label) !== stored(leaf)) return { text: t('not committed') };
      const age = known.ages.get(label);
      const words = age && ago(age.since, now);
      if (!age || words === undefined) return undefined;
      const days = Math.max(0, Math.floor((now.getTime() - age.since.getTime()) / day));
      return { text: age.atLeast ? t('≥ {0}', words) : words, days };
    };
  }

  #savedValues(sealed: Sealed, text: string | undefined): ReadonlyMap<string, string> | undefined {
    if (text === undefined || text === sealed.doc.text) return undefined;
    if (this.#saved?.text !== text) this.#saved = { text, values: valuesOf(text, sealed) };
    return this.#saved.values;
  }
}

/** The file as HEAD has it, also under another name there. The first thing that a history has. */
async function headOf(git: Git, root: string, path: string) {
  for await (const { before } of git.fileLog(root, path)) return before[0];
  return undefined;
}

async function bytesOf(git: Git, root: string, blob: string): Promise<Uint8Array | undefined> {
  for await (const { bytes } of git.contents(root, [blob])) return Uint8Array.from(bytes);
  return undefined;
}

const stored = ({ node: { scalar } }: Leaf) =>
  scalar.type === 'null' ? 'null' : `${scalar.type} ${String(scalar.value)}`;

function valuesOf(text: string, { format, dotenvx }: Sealed): ReadonlyMap<string, string> {
  try {
    const sealed = dotenvx ? readDotenvx(text) : readSealed(text, format);
    return new Map(sealed.leaves.map((leaf) => [leaf.id, stored(leaf)]));
  } catch {
    return new Map();
  }
}

/** Of an encrypted file, by label. */
function entriesOf(path: string, bytes: Uint8Array): ReadonlyMap<string, string> {
  try {
    const { text, format } = sealedTextOf(path, bytes);
    const { leaves } = format === 'dotenv' && !isSealed(text, format) ? readDotenvx(text) : readSealed(text, format);
    return new Map(leaves.map((leaf) => [labelOf(leaf), stored(leaf)]));
  } catch {
    return new Map();
  }
}
