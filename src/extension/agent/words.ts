import * as vscode from 'vscode';
import type { AgentClient } from '../../core/agent/protocol.ts';
import { pathLine } from '../ui/words.ts';

const { t } = vscode.l10n;

const nameOf = (path: string) => pathLine(path.split(/[/\\]/).at(-1) || path);

/** A program by its name, and by the script that it runs. */
export function programName({ program, script }: AgentClient): string {
  if (program === undefined) return t('A program that Lockstep cannot identify');
  return script === undefined ? nameOf(program) : `${nameOf(program)} ${nameOf(script)}`;
}

/** The same with the program that started it, which often says more. */
export function programLine(client: AgentClient): string {
  const parent = client.parents?.[0]?.program;
  const name = client.program === undefined ? programName(client) : pathLine(client.script ?? client.program);
  return parent === undefined ? name : t('{0}, started by {1}', name, nameOf(parent));
}

/** A file as a person knows it. */
export const fileLine = (file: string) => pathLine(vscode.workspace.asRelativePath(vscode.Uri.parse(file)));
