import * as vscode from 'vscode';
import { isPrivateKey } from '../../core/age/recipient.ts';
import { hashOf } from '../../core/hash.ts';
import { accessOf } from '../../core/survey/access.ts';
import type { Environment } from '../../core/survey/environment.ts';
import type { Reading } from '../../core/survey/people.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { baseOf } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import type { Rotations } from '../survey/rotations.ts';
import { ago } from '../ui/ago.ts';
import { groupsNeeded } from '../ui/keygroups.ts';
import { environmentItem, fileItem, rowOf } from './items.ts';
import { environmentsOf, type FileRow, type PersonRow, type Snapshot, sharedFolder } from './snapshot.ts';
import { filesCount } from './words.ts';

const { t } = vscode.l10n;
const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** A row of *People × Files*. Commands get it: a file by its `uri`, a person by its `recipient`. */
type PeopleNode =
  | { readonly kind: 'drift'; readonly files: readonly FileRow[] }
  | { readonly kind: 'person'; readonly recipient: string; readonly person: PersonRow }
  | {
      readonly kind: 'environment';
      readonly environment: Environment | undefined;
      readonly files: readonly FileRow[];
      readonly person?: PersonRow;
    }
  /** With the person that it is below, if it is. */
  | {
      readonly kind: 'file';
      readonly uri: vscode.Uri;
      readonly file: FileRow;
      readonly within: string;
      readonly person?: PersonRow;
      readonly in?: 'drift';
    }
  | { readonly kind: 'group'; readonly file: FileRow; readonly group: number; readonly in: string }
  | {
      readonly kind: 'reader';
      readonly recipient: string;
      readonly file: FileRow;
      readonly reader: Access;
      readonly in: string;
    };

type FileNode = Extract<PeopleNode, { kind: 'file' }>;
type Access = ReturnType<typeof accessOf>[number];

/** How the rows are put together. */
export type By = 'person' | 'file';

/** *People × Files*: who can read what, by person or by file, and where that is not what the rules say. */
export class PeopleProvider implements vscode.TreeDataProvider<PeopleNode> {
  readonly #services: Services;
  readonly #rotations: Rotations;
  readonly #snapshotOf: () => Promise<Snapshot>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  by: By = 'person';

  constructor(services: Services, rotations: Rotations, snapshotOf: () => Promise<Snapshot>) {
    this.#services = services;
    this.#rotations = rotations;
    this.#snapshotOf = snapshotOf;
  }

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(node?: PeopleNode): Promise<PeopleNode[]> {
    switch (node?.kind) {
      case undefined:
        return this.#roots();
      case 'drift':
        return nodesOf(node.files).map((one) => ({ ...one, in: 'drift' }));
      case 'person':
        return below(
          node.person.files.map(({ file }) => file),
          node.person,
        );
      case 'environment':
        return nodesOf(node.files, node.person);
      case 'file':
        return node.person ? [] : readersOf(node);
      case 'group':
        return readerNodes(node.file, node.in, node.group);
      case 'reader':
        return [];
    }
  }

  async getTreeItem(node: PeopleNode): Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'drift':
        return driftItem(node.files);
      case 'person':
        return personItem(node.person);
      case 'environment': {
        const id = `people ${rowId(node.person?.id)} ${node.environment}`;
        return environmentItem(id, node.environment, node.files);
      }
      case 'file':
        return this.#fileItem(node);
      case 'group':
        return groupItem(node);
      case 'reader':
        return readerItem(node, (await this.#snapshotOf()).person(node.reader.key));
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #roots(): Promise<PeopleNode[]> {
    const { files, people } = await this.#snapshotOf();
    const differ = files.filter(({ condition }) => condition === 'differs' || condition === 'bad-rule');
    const drift: PeopleNode[] = differ.length > 0 ? [{ kind: 'drift', files: differ }] : [];
    if (this.by === 'file') return [...drift, ...below(files.filter(({ facts }) => facts.kind === 'encrypted'))];
    return [...drift, ...people.map((person): PeopleNode => ({ kind: 'person', recipient: person.key.name, person }))];
  }

  async #fileItem({ file, within, person, in: place }: FileNode): Promise<vscode.TreeItem> {
    const { facts } = file;
    const reading = person?.files.find((one) => one.file === file);
    const rotation = facts.kind === 'encrypted' ? this.#rotations.of(file.uri, facts) : undefined;
    const now = this.#services.clock.now();
    return fileItem(file, await this.#snapshotOf(), {
      id: `people ${rowId(person?.id ?? place)} ${file.uri}`,
      within,
      more: [reading && readingWords(reading)],
      last: [
        rotation?.kind === 'committed' ? t('data key from {0}', ago(rotation.time, now) ?? '') : undefined,
        rotation?.kind === 'uncommitted' ? t('new data key, not committed') : undefined,
      ],
      state: person ? None : Collapsed,
      now,
    });
  }
}

function nodesOf(files: readonly FileRow[], person?: PersonRow): FileNode[] {
  const within = sharedFolder(files);
  return files.map((file) => ({ kind: 'file', uri: file.uri, file, within, ...(person ? { person } : {}) }));
}

/** Some files, by environment where they are of several. */
function below(files: readonly FileRow[], person?: PersonRow): PeopleNode[] {
  const all = environmentsOf(files);
  if (all.length < 2) return nodesOf(files, person);
  return all.map((environment) => ({
    kind: 'environment',
    environment,
    files: files.filter((one) => one.environment === environment),
    ...(person ? { person } : {}),
  }));
}

/** Who reads a file: by group where there are several. */
function readersOf({ file, in: from }: FileNode): PeopleNode[] {
  const place = from ?? '';
  const { facts } = file;
  if (facts.kind !== 'encrypted') return [];
  const groups = new Set(accessOf(facts).map(({ group }) => group));
  if (groups.size < 2) return readerNodes(file, place);
  return [...groups].sort((a, b) => a - b).map((group) => ({ kind: 'group', file, group, in: place }));
}

const urgent = { lacks: 0, extra: 1, has: 2 } as const;

function readerNodes(file: FileRow, place: string, group?: number): PeopleNode[] {
  if (file.facts.kind !== 'encrypted') return [];
  return accessOf(file.facts)
    .filter((one) => group === undefined || one.group === group)
    .sort((a, b) => urgent[a.kind] - urgent[b.kind])
    .map((reader) => ({ kind: 'reader', recipient: reader.key.name, file, reader, in: place }));
}

function readingWords({ file: { facts }, kind, group }: Reading<FileRow>): string | undefined {
  const several = facts.kind === 'encrypted' && facts.groups.length > 1;
  const place = several ? t('group {0} of {1}', group + 1, facts.groups.length) : undefined;
  return [accessWords(kind), place].filter(Boolean).join(' · ');
}

function accessWords(kind: Access['kind']): string {
  switch (kind) {
    case 'has':
      return '';
    case 'lacks':
      return t('in the rule, cannot read it yet');
    case 'extra':
      return t('reads it, not in the rule');
  }
}

/** Tells rows apart. VS Code keeps it, and anything can stand in the place of a public key. */
const rowId = (name = '') => hashOf(name).slice(0, 20);

/** The same holds for what is shown. */
const wholeName = (name: string) => (isPrivateKey(name) ? shortRecipient(name) : name);

function driftItem(files: readonly FileRow[]): vscode.TreeItem {
  const label = t('Differ from .sops.yaml');
  return rowOf({
    id: 'people drift',
    label,
    details: [filesCount(files.length)],
    icon: 'diff',
    color: 'list.warningForeground',
    tooltip: [label, t('These files have other readers than their rules name. Update who can read them.')],
    context: 'drift',
    state: Collapsed,
  });
}

function personItem({ id, label, name, short, key, own, files }: PersonRow): vscode.TreeItem {
  const count = (kind: Access['kind']) => files.filter((one) => one.kind === kind).length;
  const [has, lacks, extra] = [count('has') + count('extra'), count('lacks'), count('extra')];
  return rowOf({
    id: `person ${rowId(id)}`,
    label: name,
    details: [
      own ? t('you') : undefined,
      lacks === 0 ? undefined : t('{0} not yet', lacks),
      extra === 0 ? undefined : t('{0} without a rule', extra),
      t('reads {0}', filesCount(has)),
      short,
    ],
    icon: key.kind !== 'age' ? 'cloud' : own ? 'account' : 'person',
    color: lacks + extra > 0 ? 'list.warningForeground' : undefined,
    tooltip: [
      label,
      wholeName(key.name),
      t('Reads {0}.', filesCount(has)),
      lacks === 0 ? undefined : t('The rules name this key for {0} that it cannot read yet.', filesCount(lacks)),
      extra === 0 ? undefined : t('It reads {0} whose rules do not name it.', filesCount(extra)),
    ],
    context: own ? 'person own' : key.kind === 'age' ? 'person' : 'person foreign',
    state: Collapsed,
  });
}

function groupItem({ file, group, in: place }: Extract<PeopleNode, { kind: 'group' }>): vscode.TreeItem {
  const { facts } = file;
  const needed =
    facts.kind === 'encrypted' ? groupsNeeded({ groups: facts.groups, shamirThreshold: facts.threshold }) : '';
  return rowOf({
    id: `group ${place} ${file.uri} ${group}`,
    label: t('Group {0}', group + 1),
    details: [needed && t('{0} needed', needed)],
    icon: 'organization',
    context: 'group',
    state: Expanded,
  });
}

function readerItem(
  { file, reader: { key, kind, group }, in: place }: Extract<PeopleNode, { kind: 'reader' }>,
  person: PersonRow | undefined,
): vscode.TreeItem {
  const words = accessWords(kind);
  return rowOf({
    id: `reader ${place} ${file.uri} ${group} ${rowId(`${key.kind} ${key.name}`)}`,
    label: person?.name ?? shortRecipient(key.name),
    details: [words, person?.short],
    icon: { has: key.kind === 'age' ? 'person' : 'cloud', lacks: 'diff-added', extra: 'diff-removed' }[kind],
    color: kind === 'has' ? undefined : 'list.warningForeground',
    tooltip: [person?.label, wholeName(key.name), words, baseOf(file.path)],
    context: key.kind === 'age' ? `reader ${kind}` : `reader foreign ${kind}`,
  });
}
