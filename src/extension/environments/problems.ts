import * as vscode from 'vscode';
import { type Mention, readEnvironments } from '../../core/env/declared.ts';
import { isCalled } from '../../core/env/secretnames.ts';
import { LockstepError, type Word } from '../../core/errors.ts';
import type { Span } from '../../core/format/document.ts';
import { visible } from '../../core/tree/path.ts';
import { environmentsPath } from '../../core/view/names.ts';
import { rangeOf } from '../convert.ts';
import { exists } from '../exists.ts';
import type { EnvironmentSecret, Services } from '../services.ts';
import { later, textOf } from '../surface.ts';
import { declarationWords } from '../ui/environmentwords.ts';
import { lookIn } from './look.ts';

const { t } = vscode.l10n;

/** Milliseconds after the last key. */
const pause = 300;

const isDeclarations = ({ uri }: vscode.TextDocument): boolean => uri.path.endsWith(`/${environmentsPath}`);

/** The folder that the files in it are named from. */
export const folderOf = ({ uri }: vscode.TextDocument): vscode.Uri => vscode.Uri.joinPath(uri, '..', '..');

/** What is wrong in the `.lockstep/environments.yaml` files that are open, as problems. */
export function showProblems(services: Services): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('lockstep-environments');
  const waiting = new Set<vscode.TextDocument>();
  const look = async (document: vscode.TextDocument) => {
    const { version } = document;
    const found = await problemsOf(services, document);
    if (document.version === version && !document.isClosed) problems.set(document.uri, found);
  };
  const soon = later(pause, () => {
    for (const document of waiting) void look(document);
    waiting.clear();
  });
  const touched = (document: vscode.TextDocument) => {
    if (!isDeclarations(document)) return;
    waiting.add(document);
    soon.start();
  };
  const all = () => vscode.workspace.textDocuments.forEach(touched);
  all();
  return vscode.Disposable.from(
    ...[problems, soon],
    vscode.workspace.onDidOpenTextDocument(touched),
    vscode.workspace.onDidChangeTextDocument(({ document }) => touched(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => problems.delete(uri)),
    services.environments.onDidChange(all),
    services.survey.onDidChange(all),
  );
}

async function problemsOf(services: Services, document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  try {
    const { faults, mentions } = readEnvironments(textOf(document));
    const wrong = faults.map(({ what, span }) => problem(document, span, declarationWords[what](), error));
    const missing = await missingOf(services, folderOf(document), mentions);
    return [...wrong, ...missing.map(([span, words]) => problem(document, span, words, warning))];
  } catch (thrown) {
    if (!(thrown instanceof LockstepError)) throw thrown;
    const { what, line = 1 } = thrown.place as { what?: Word<'BAD_ENVIRONMENTS'>; line?: number };
    const { range } = document.lineAt(Math.min(line, document.lineCount) - 1);
    return [diagnostic(range, declarationWords[what ?? ''](), error)];
  }
}

/** Files that are named and are not there, or not encrypted, and secrets that no file of their environment has. */
async function missingOf(
  services: Services,
  folder: vscode.Uri,
  mentions: readonly Mention[],
): Promise<[Span, string][]> {
  const found: [Span, string][] = [];
  const known = new Map<string, ReturnType<typeof secretsIn>>();
  for (const { kind, environment, name, span } of mentions) {
    const secrets = known.get(environment) ?? secretsIn(services, folder, environment, mentions);
    known.set(environment, secrets);
    const words = kind === 'file' ? await fileWords(services, folder, name) : secretWords(await secrets, name);
    if (words !== undefined) found.push([span, words]);
  }
  return found;
}

async function fileWords(
  { survey, platform }: Services,
  folder: vscode.Uri,
  name: string,
): Promise<string | undefined> {
  const uri = vscode.Uri.joinPath(folder, name);
  if (!(await exists(uri))) return t('There is no file {0}.', visible(name));
  try {
    await lookIn(platform, survey, folder).requireOwn(folder, name);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'BAD_ENVIRONMENTS') throw error;
    return declarationWords[error.place.what ?? '']();
  }
  const { kind } = await survey.of(uri);
  return kind === 'plain' || kind === 'none' ? declarationWords.plain() : undefined;
}

function secretWords(secrets: readonly EnvironmentSecret[] | undefined, name: string): string | undefined {
  const isThere = secrets?.some((one) => isCalled(one, name) || one.variable === name) ?? true;
  return isThere ? undefined : t('No file of this environment has a secret {0}.', visible(name));
}

/** The secrets of an environment as it is written in a text; undefined where that is not known. */
export async function secretsIn(
  { environments }: Services,
  folder: vscode.Uri,
  environment: string,
  mentions: readonly Mention[],
): Promise<readonly EnvironmentSecret[] | undefined> {
  const files = mentions.filter((one) => one.kind === 'file' && one.environment === environment);
  try {
    const named = files.map(({ name }) => name);
    const found = named.length > 0 ? { folder, files: named } : await environments.find(folder, environment);
    const blank = { name: environment, inOrder: true, loader: undefined, isDefault: false };
    const { folder: where, files: all } = found;
    return await environments.names({ ...blank, folder: where, files: all, variables: new Map(), required: new Set() });
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

const problem = (document: vscode.TextDocument, span: Span, message: string, severity: vscode.DiagnosticSeverity) =>
  diagnostic(rangeOf(document, span), message, severity);

function diagnostic(range: vscode.Range, message: string, severity: vscode.DiagnosticSeverity): vscode.Diagnostic {
  const one = new vscode.Diagnostic(range, message, severity);
  one.source = 'Lockstep';
  return one;
}
