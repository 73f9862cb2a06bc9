import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { idOfPath } from '../../core/change/locate.ts';
import { variableName } from '../../core/env/nested.ts';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId, TextEdit } from '../../core/format/document.ts';
import type { Opened } from '../../core/open/open.ts';
import { type NoReading, proposedName, type Reading, readingOf } from '../../core/scan/reading.ts';
import { pathsOf } from '../../core/scan/values.ts';
import type { Change } from '../../core/seal/sign.ts';
import { type FileState, requireOpen } from '../../core/session/state.ts';
import { maps } from '../../core/sops/find.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import type { Path } from '../../core/tree/path.ts';
import { scalar, text as str } from '../../core/tree/value.ts';
import { workspaceEditOf } from '../convert.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { requireEditable } from '../session/apply.ts';
import { tabsOf } from '../session/tabs.ts';
import { mayWrite } from '../session/trust.ts';
import { textOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';
import { chooseDestination } from './destination.ts';
import type { Known } from './known.ts';
import { tellPast } from './past.ts';
import { type Found, findFound } from './target.ts';

const { t } = vscode.l10n;

/** Where the secret goes. */
interface Entry {
  readonly group: Path;
  readonly name: string;
  readonly variable: string;
}

/** Moves a secret out of a source file into an encrypted one, and has the source read it from there. */
export async function moveToSecrets(services: Services, known: Known, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const found = await findFound(services, known, ids);
  if (!found) return;
  const reading = readingFor(services, found);
  if (typeof reading === 'string') {
    void services.ui.info(noReadingWords[reading](fileName(found.document.uri)));
    return;
  }
  const target = await chooseDestination(services, found.document.uri);
  if (!target || !(await askToUnlock(services, target))) return;
  const file = await fileAt(services, target);
  const opened = requireOpen(await file.ready());
  const there = thereAlready(opened, reading);
  const entry = there ?? (await askName(services, found, reading, opened.sealed));
  if (!entry || !(await (there ? readFrom(services, there, found) : file.add(entry, found)))) return;
  void services.ui.info(
    t(
      '{0} reads {1} from its environment now. Start it with the secrets of {2}: Run With Secrets.',
      ...[fileName(found.document.uri), entry.variable, fileName(target)],
    ),
  );
  await tellPast(services, found.document.uri, target, [...entry.group, entry.name], reading.value);
}

function readingFor({ settings }: Services, { document, one }: Found): Reading | NoReading {
  const path = vscode.workspace.asRelativePath(document.uri, false);
  return readingOf(path, textOf(document), one, settings.secretReadings);
}

const noReadingWords: Readonly<Record<NoReading, (file: string) => string>> = {
  language: (file) =>
    t('Lockstep does not know how {0} reads a secret. Say so in the setting lockstep.secrets.readings.', file),
  literal: () => t('The secret is a part of a larger text here. Put it into a text of its own first.'),
  constant: () => t('A constant must be known when the program is built. Make it a variable first.'),
};

interface Destination {
  ready(): Promise<FileState>;
  /** Whether both files were changed. */
  add(entry: Entry, found: Found): Promise<boolean>;
}

/** The Secrets Editor has undo steps of its own; with the text editor both files are one. */
async function fileAt(services: Services, uri: vscode.Uri): Promise<Destination> {
  const held = services.sessions.editors.get(uri.toString());
  if (held) {
    held.requireSettled();
    return {
      ready: () => held.ready(),
      add: async (entry, found) => {
        const reading = now(services, found);
        await held.change(t('Move to Secrets'), (opened) => added(services, opened, entry, reading.value));
        return vscode.workspace.applyEdit(workspaceEditOf(found.document, reading.edits(entry.variable)));
      },
    };
  }
  const document = await vscode.workspace.openTextDocument(uri);
  return {
    ready: async () => (await services.sessions.ready(document)).state,
    add: (entry, found) => addAsText(services, document, entry, found),
  };
}

async function addAsText(
  services: Services,
  document: vscode.TextDocument,
  entry: Entry,
  found: Found,
): Promise<boolean> {
  const { state, version } = await services.sessions.ready(document);
  const opened = await requireEditable(services, document, state);
  const reading = now(services, found);
  const { edits } = await added(services, opened, entry, reading.value);
  if (document.version !== version) throw new LockstepError('CHANGED_ON_DISK');
  const edit = workspaceEditOf(document, edits);
  for (const one of workspaceEditOf(found.document, reading.edits(entry.variable)).entries()) edit.set(...one);
  const isShown = tabsOf(document.uri).length > 0;
  if (!(await vscode.workspace.applyEdit(edit))) throw new LockstepError('CHANGED_ON_DISK');
  // What no tab shows nobody would save.
  if (!isShown) await document.save();
  return true;
}

/** The entry that has the value: a copy of it is read from there, and is no second entry. */
function thereAlready(opened: Opened, { value, takes }: Reading): Entry | undefined {
  for (const path of pathsOf(opened, value)) {
    const name = path.at(-1);
    if (typeof name !== 'string') continue;
    const variable = opened.sealed.format === 'dotenv' ? name : variableName(path);
    if (takes.test(variable)) return { group: path.slice(0, -1), name, variable };
  }
  return undefined;
}

async function readFrom(services: Services, { variable }: Entry, found: Found): Promise<boolean> {
  const edit = workspaceEditOf(found.document, now(services, found).edits(variable));
  if (!(await vscode.workspace.applyEdit(edit))) throw new LockstepError('CHANGED_ON_DISK');
  return true;
}

/** The secret as it stands now, after questions. Throws CHANGED_ON_DISK where another text stands there. */
function now(services: Services, found: Found): Reading {
  const reading = readingFor(services, found);
  if (typeof reading === 'string' || found.document.isClosed || found.version !== found.document.version)
    throw new LockstepError('CHANGED_ON_DISK', { what: 'text' });
  return reading;
}

const added = (
  { clock }: Services,
  opened: Opened,
  { group, name }: Entry,
  value: string,
): Promise<Change & { readonly edits: readonly TextEdit[] }> =>
  change(
    opened,
    { kind: 'add', to: { group: idOfPath(0, group) }, members: [{ key: name, value: scalar(str(value)) }] },
    clock,
  );

async function askName(
  { ui }: Services,
  { document, one }: Found,
  { takes }: Reading,
  sealed: Sealed,
): Promise<Entry | undefined> {
  const { format } = sealed;
  const all = maps(sealed).filter(({ document: n }) => n === 0);
  // The top level of an INI file holds sections only, and what stands before the first is one of our own.
  const sections = all.filter(({ path }) => path.length === 1 && path[0] !== 'DEFAULT');
  const group = format === 'ini' ? (sections[0]?.path ?? ['DEFAULT']) : all.find(({ path }) => path.length === 0)?.path;
  if (!group) throw new LockstepError('BAD_PATH');
  const others = sealed.leaves.flatMap(({ document: n, path }) => (n === 0 ? [String(path[group.length])] : []));
  const variableOf = (name: string) => (format === 'dotenv' ? name : variableName([...group, name]));
  const name = await ui.input({
    title: t('Move to Secrets'),
    prompt: t('Name of the secret. {0} will read it as a variable.', fileName(document.uri)),
    value: proposedName(one.name, one.rule, others, format === 'dotenv'),
    validate: (text) => whatIsWrong(text, format, others, takes, variableOf(text)),
  });
  return name === undefined ? undefined : { group, name, variable: variableOf(name) };
}

function whatIsWrong(
  name: string,
  format: FormatId,
  others: readonly string[],
  takes: RegExp,
  variable: string,
): string | undefined {
  if (!/^[A-Za-z\d._-]+$/.test(name) || !/^[A-Za-z_]/.test(name))
    return t('A name has letters, digits, dashes, dots and underscores, and starts with a letter.');
  if (format === 'dotenv' && !/^[A-Za-z_]\w*$/.test(name))
    return t('In .env files a name has letters, digits and underscores, and starts with a letter.');
  if (name === 'sops' || (format === 'dotenv' && name.startsWith('sops_'))) return t('This name belongs to SOPS.');
  if (others.includes(name)) return t('There is an entry of this name already.');
  return takes.test(variable) ? undefined : t('{0} cannot be the name of a variable there.', variable);
}
