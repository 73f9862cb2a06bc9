import * as vscode from 'vscode';
import { type Finding, keepsBack } from '../../core/check/finding.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import type { Watch } from './watch.ts';
import { findingWords } from './words.ts';

/** What is told of an open file anyway, by what knows its unsaved text. */
const toldOfOpen: readonly Finding['code'][] = ['damaged', 'readers', 'missing', 'bad-environments'];
/** Findings that a quick fix of ours is for, by the codes of its problems. */
const fixed: Partial<Readonly<Record<Finding['code'], string>>> = {
  plain: 'plain-secrets',
  'plain-name': 'plain-secrets',
  'in-clear': 'damaged',
  damaged: 'damaged',
  readers: 'readers-differ',
};

/** A problem on each line that should not be committed as it is. */
export function showFindings({ sessions }: Services, watch: Watch): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection('lockstep-commit');
  const update = () => {
    const byFile = new Map<string, [vscode.Uri, vscode.Diagnostic[]]>();
    for (const { repository, findings } of watch.found)
      for (const finding of findings) {
        const uri = vscode.Uri.joinPath(repository.rootUri, finding.path);
        if (toldOfOpen.includes(finding.code) && sessions.current(uri) && documentOf(uri)) continue;
        const all = byFile.get(uri.toString()) ?? [uri, []];
        byFile.set(uri.toString(), all);
        all[1].push(problemOf(finding));
      }
    problems.clear();
    for (const [uri, all] of byFile.values()) problems.set(uri, all);
  };
  return vscode.Disposable.from(problems, watch.onDidChange(update));
}

function problemOf(finding: Finding): vscode.Diagnostic {
  const line = (finding.line ?? 1) - 1;
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const range = new vscode.Range(line, 0, line, 1_000);
  const one = new vscode.Diagnostic(range, findingWords(finding), keepsBack(finding) ? error : warning);
  one.source = 'Lockstep';
  one.code = fixed[finding.code] ?? finding.code;
  return one;
}
