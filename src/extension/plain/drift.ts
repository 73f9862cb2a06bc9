import * as vscode from 'vscode';
import { namedKey } from '../../core/people/names.ts';
import { accessOf } from '../../core/survey/access.ts';
import type { EncryptedFacts, FileFacts } from '../../core/survey/facts.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';
import { fileName } from '../ui/words.ts';
import { driftCode, source } from './diagnostics.ts';

const { t } = vscode.l10n;

/** Milliseconds in which changes are gathered. */
const gather = 150;

/**
 * Problems of files that have other readers than their rules name, as soon as a rule or a file changes: one on the rule, for all of
 * its files, and one in each of them that is open.
 */
export function showDrift(services: Services): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('lockstep-drift');
  let round = 0;
  const update = async () => {
    const own = ++round;
    const found = [...(await ruleProblems(services)), ...(await fileProblems(services))];
    if (own !== round) return;
    problems.clear();
    for (const [uri, all] of found) problems.set(uri, all);
  };
  const soon = later(gather, () => void update());
  const again = () => soon.start();
  again();
  return vscode.Disposable.from(
    ...[problems, soon],
    services.inventory.onDidChange(again),
    services.survey.onDidChange(again),
    vscode.workspace.onDidOpenTextDocument(again),
    vscode.workspace.onDidCloseTextDocument(again),
  );
}

type Problems = readonly [vscode.Uri, vscode.Diagnostic[]];
type Differing = EncryptedFacts & { readonly drift: { readonly kind: 'differs' } };

const differs = (facts: FileFacts): facts is Differing => facts.kind === 'encrypted' && facts.drift.kind === 'differs';

async function ruleProblems({ inventory, rules }: Services): Promise<Problems[]> {
  const byRule = new Map<string, { config: vscode.Uri; line: number; files: vscode.Uri[] }>();
  for (const { uri, facts } of inventory.files) {
    if (!differs(facts)) continue;
    const found = await rules.find(uri).catch(() => undefined);
    if (!found) continue;
    const key = `${found.config} ${found.rule.index}`;
    const known = byRule.get(key) ?? { config: found.config, line: found.rule.line, files: [] };
    known.files.push(uri);
    byRule.set(key, known);
  }
  const byConfig = new Map<string, Problems>();
  for (const { config, line, files } of byRule.values()) {
    const problems = byConfig.get(config.toString()) ?? [config, []];
    byConfig.set(config.toString(), problems);
    problems[1].push(problem(line - 1, ruleMessage(files)));
  }
  return [...byConfig.values()];
}

const mostNames = 3;

function ruleMessage(files: readonly vscode.Uri[]): string {
  const names = files.slice(0, mostNames).map(fileName).join(', ');
  if (files.length === 1) return t('{0} has other readers than this rule names. Update who can read it.', names);
  if (files.length <= mostNames)
    return t('{0} files have other readers than this rule names: {1}. Update who can read them.', files.length, names);
  return t(
    '{0} files have other readers than this rule names: {1} and {2} more. Update who can read them.',
    ...[files.length, names, files.length - mostNames],
  );
}

async function fileProblems({ survey, rules, sessions }: Services): Promise<Problems[]> {
  const found: Problems[] = [];
  for (const document of vscode.workspace.textDocuments) {
    const state = sessions.current(document.uri)?.state;
    if (!state || !('sealed' in state)) continue;
    const facts = await survey.of(document.uri);
    if (!differs(facts)) continue;
    const names = await rules.names(document.uri);
    const of = (kind: 'lacks' | 'extra') =>
      accessOf(facts)
        .filter((one) => one.kind === kind)
        .map(({ key }) => namedKey(names, key))
        .join(', ');
    const [lacks, extra] = [of('lacks'), of('extra')];
    const parts = [
      t('Other readers than its rule in .sops.yaml names.'),
      ...(lacks ? [t('In the rule, and cannot read it yet: {0}.', lacks)] : []),
      ...(extra ? [t('Not in the rule, and reads it: {0}.', extra)] : []),
    ];
    const at = state.sealed.doc.metadata[0]?.span.start ?? 0;
    found.push([document.uri, [problem(document.positionAt(at).line, parts.join(' '))]]);
  }
  return found;
}

function problem(line: number, message: string): vscode.Diagnostic {
  const range = new vscode.Range(line, 0, line, 1_000);
  const one = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  one.source = source;
  one.code = driftCode;
  return one;
}
