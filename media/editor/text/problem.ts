import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import type { Problem } from '../../../src/protocol/messages.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { words } from '../words.ts';

/** Marks the line of a problem, and says it below the text. */
export function showProblem(view: EditorView, line: HTMLElement, problem: Problem | undefined): void {
  const found: Diagnostic[] = [];
  const { doc } = view.state;
  if (problem?.line !== undefined && problem.line >= 1 && problem.line <= doc.lines) {
    const at = doc.line(problem.line);
    const from = Math.min(at.to, at.from + Math.max(0, (problem.column ?? 1) - 1));
    found.push({ from, to: at.to, severity: 'error', message: problem.text });
  }
  view.dispatch(setDiagnostics(view.state, found));
  line.hidden = problem === undefined;
  if (!problem) return line.replaceChildren();
  const text = problem.line === undefined ? problem.text : words.problemAt(problem.line, problem.text);
  line.replaceChildren(icon('error'), h('span', {}, `${words.draft} ${text}`));
}
