import * as vscode from 'vscode';
import { type Mention, readEnvironments } from '../../core/env/declared.ts';
import { loaders } from '../../core/env/read.ts';
import { isEnvironmentName } from '../../core/env/references.ts';
import { LockstepError } from '../../core/errors.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { environmentsPath } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { textOf } from '../surface.ts';
import { folderOf, secretsIn } from './problems.ts';

const { t } = vscode.l10n;

/** Where references stand: debug configurations, tasks and settings. */
const configurations: vscode.DocumentSelector = [
  { pattern: '**/.vscode/{launch,tasks,settings}.json' },
  { pattern: '**/*.code-workspace' },
];

/** Completes names of environments and secrets in `lockstep:…#…`, and what `.lockstep/environments.yaml` may say. Names only. */
export function completeNames(services: Services): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      configurations,
      { provideCompletionItems: (document, position) => references(services, document, position) },
      ...[':', '#', '.'],
    ),
    vscode.languages.registerCompletionItemProvider(
      { pattern: `**/${environmentsPath}` },
      { provideCompletionItems: (document, position) => declarations(services, document, position) },
      ...['[', ' ', '/', '.'],
    ),
  );
}

async function references(
  { environments }: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const [, environment, name] = /"lockstep:([^"#]*)(#[^"]*)?$/.exec(before) ?? [];
  if (!folder || environment === undefined) return [];
  const { Module, Constant } = vscode.CompletionItemKind;
  if (name === undefined) {
    const range = behind(position, environment);
    const names = (await quietly(environments.list(folder)))?.map((one) => one.name) ?? [];
    return names.map((one) => item(one === '' ? '#' : `${one}#`, Module, range, one === '' ? t('the active one') : ''));
  }
  const found = await quietly(environments.find(folder, environment === '' ? undefined : environment));
  const secrets = found ? await quietly(environments.names(found)) : [];
  const range = behind(position, name.slice(1));
  // It stands in a string of JSON.
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  return (secrets ?? []).map((one) => item(inJson(showPath(one.path)), Constant, range, one.variable));
}

async function declarations(
  services: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  const { Keyword, File, Constant, Property } = vscode.CompletionItemKind;
  const [, loader] = /\bloader:\s+([a-z]*)$/.exec(before) ?? [];
  if (loader !== undefined) return loaders.map((one) => item(one, Keyword, behind(position, loader)));
  const [, file] = /\bfiles:\s*\[(?:[^\]]*,)?\s*([^\s,\]]*)$/.exec(before) ?? /^\s+-\s+(\S*)$/.exec(before) ?? [];
  if (file !== undefined) {
    const folder = `${folderOf(document).path}/`;
    const all = services.inventory.files.filter(
      ({ uri, facts }) => facts.kind === 'encrypted' && uri.path.startsWith(folder),
    );
    return all.map(({ uri }) => item(uri.path.slice(folder.length), File, behind(position, file)));
  }
  const around = environmentAt(document, position.line);
  const [, key] = /^\s+(?:variables:\s*\{(?:[^}]*,)?)?\s*([^\s:{},]*)$/.exec(before) ?? [];
  if (around === undefined || key === undefined) return [];
  const fields = before.includes('{') ? [] : ['files', 'loader', 'variables', 'default'];
  const secrets = (await secretsIn(services, folderOf(document), around, mentionsOf(document))) ?? [];
  return [
    ...fields.map((one) => item(`${one}: `, Property, behind(position, key))),
    ...secrets.map((one) => item(`${inYaml(showPath(one.path))}: `, Constant, behind(position, key), one.variable)),
  ];
}

const inYaml = (text: string) => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text));

/** The environment whose lines these are. */
function environmentAt(document: vscode.TextDocument, line: number): string | undefined {
  for (let at = line; at >= 0; at--) {
    const [, name] = /^["']?([^\s"'#][^"':]*)["']?:/.exec(document.lineAt(at).text) ?? [];
    if (name !== undefined) return isEnvironmentName(name) ? name : undefined;
  }
  return undefined;
}

/** Of a text that is half typed, none. */
function mentionsOf(document: vscode.TextDocument): readonly Mention[] {
  try {
    return readEnvironments(textOf(document)).mentions;
  } catch {
    return [];
  }
}

const behind = (position: vscode.Position, typed: string) =>
  new vscode.Range(position.translate(0, -typed.length), position);

function item(
  text: string,
  kind: vscode.CompletionItemKind,
  range: vscode.Range,
  description = '',
): vscode.CompletionItem {
  const one = new vscode.CompletionItem({ label: visible(text), description: visible(description) }, kind);
  one.insertText = text;
  one.range = range;
  return one;
}

/** What cannot be read has no names to offer: the problem is told elsewhere. */
async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}
