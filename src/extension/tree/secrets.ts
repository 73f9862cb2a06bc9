import * as vscode from 'vscode';
import type { Leaf } from '../../core/sops/sealed.ts';
import type { Environment } from '../../core/survey/environment.ts';
import { showPath } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { entriesOf } from '../survey/entries.ts';
import { wordsOfAny } from '../ui/words.ts';
import { environmentItem, fileItem, rowOf } from './items.ts';
import { environmentsOf, type FileRow, type Snapshot, sharedFolder, takeSnapshot } from './snapshot.ts';
import { countOf } from './words.ts';

const { t } = vscode.l10n;

/** A row of *Secrets*. Commands get it: a file by its `uri`, an entry by its `uri` and `id`. */
type SecretsNode =
  | { readonly kind: 'environment'; readonly environment: Environment | undefined; readonly files: readonly FileRow[] }
  | { readonly kind: 'file'; readonly uri: vscode.Uri; readonly file: FileRow; readonly within: string }
  | {
      readonly kind: 'entry';
      readonly uri: vscode.Uri;
      readonly id: string;
      readonly name: string;
      readonly look: EntryLook;
    }
  | { readonly kind: 'note'; readonly uri: vscode.Uri; readonly words: string };

type EntryLook = 'encrypted' | 'plain' | 'left-plain' | 'in-history';

/** Entries that a file shows; a list of thousands is what the Secrets Editor is for. */
const most = 1_000;

/** *Secrets*: files by environment, their entries below, names only. */
export class SecretsProvider implements vscode.TreeDataProvider<SecretsNode> {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<void>();
  #snapshot: Promise<Snapshot> | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
  }

  refresh(): void {
    this.#snapshot = undefined;
    this.#changed.fire();
  }

  get snapshot(): Promise<Snapshot> {
    this.#snapshot ??= takeSnapshot(this.#services);
    return this.#snapshot;
  }

  async getChildren(node?: SecretsNode): Promise<SecretsNode[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'environment':
        return nodesOf(node.files);
      case 'file':
        return expands(node.file) ? this.#entries(node.file) : [];
      default:
        return [];
    }
  }

  async getTreeItem(node: SecretsNode): Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'environment':
        return environmentItem(`secrets ${node.environment}`, node.environment, node.files);
      case 'file': {
        const { file } = node;
        const { None, Collapsed } = vscode.TreeItemCollapsibleState;
        return fileItem(file, await this.snapshot, {
          id: `secrets ${file.uri}`,
          within: node.within,
          last: [countOf(file.facts)],
          state: expands(file) ? Collapsed : None,
          now: this.#services.clock.now(),
        });
      }
      case 'entry':
        return entryItem(node);
      case 'note':
        return rowOf({ id: `note ${node.uri}`, label: node.words, details: [], icon: 'info' });
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #roots(): Promise<SecretsNode[]> {
    const { files } = await this.snapshot;
    const all = environmentsOf(files);
    if (all.length < 2) return nodesOf(files);
    return all.map((environment) => {
      return { kind: 'environment', environment, files: files.filter((one) => one.environment === environment) };
    });
  }

  async #entries({ uri, facts }: FileRow): Promise<SecretsNode[]> {
    const note = (words: string): SecretsNode => ({ kind: 'note', uri, words });
    try {
      const leaves = await entriesOf(this.#services, uri);
      if (leaves.length === 0) return [note(t('No entries to show'))];
      const exposed = new Set(this.#services.exposed.of(uri).flatMap(({ id, replaced }) => (replaced ? [] : [id])));
      const lookOf = ({ id, encrypted }: Leaf): EntryLook => {
        if (facts.kind === 'plain') return encrypted ? 'plain' : 'left-plain';
        return exposed.has(id) ? 'in-history' : encrypted ? 'encrypted' : 'left-plain';
      };
      const shown = leaves.slice(0, most).map((leaf): SecretsNode => {
        return { kind: 'entry', uri, id: leaf.id, name: showPath(leaf.path), look: lookOf(leaf) };
      });
      const rest = leaves.length - shown.length;
      return rest > 0 ? [...shown, note(t('{0} more. Open the file to see them.', rest))] : shown;
    } catch (error) {
      return [note(wordsOfAny(error).message)];
    }
  }
}

const expands = ({ condition }: FileRow) => condition !== 'unread' && condition !== 'conflict';

function nodesOf(files: readonly FileRow[]): SecretsNode[] {
  const within = sharedFolder(files);
  return files.map((file) => ({ kind: 'file', uri: file.uri, file, within }));
}

function entryItem({ uri, id, name, look }: Extract<SecretsNode, { kind: 'entry' }>): vscode.TreeItem {
  const [icon, words, color] = {
    encrypted: ['symbol-key', '', undefined],
    plain: ['unlock', t('plaintext'), 'list.warningForeground'],
    'left-plain': ['symbol-field', t('not encrypted'), undefined],
    'in-history': ['history', t('in git history'), 'list.warningForeground'],
  }[look] as [string, string, string | undefined];
  const item = rowOf({
    id: `${uri} ${id}`,
    label: name === '' ? t('(whole file)') : name,
    details: [words],
    icon,
    color,
    context: `entry ${look}`,
  });
  item.command = { title: t('Go to the Secret'), command: commands.openEntry, arguments: [{ uri, id }] };
  return item;
}
