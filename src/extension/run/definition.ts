import * as vscode from 'vscode';
import { isReference, parseReference } from '../../core/env/references.ts';

const { t } = vscode.l10n;

/** The type of our tasks, as package.json names it. */
export const taskType = 'lockstep';

/** A program that is run with secrets, as tasks.json has it. Names only. */
export interface RunDefinition extends vscode.TaskDefinition {
  readonly command: string;
  readonly args?: readonly string[];
  /** Where it runs; the workspace folder without it. */
  readonly cwd?: string;
  /** The active one without it. */
  readonly environment?: string;
  /** Variables, and the secrets that go into them; without it all of the environment. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** `false` leaves the output alone. */
  readonly redact?: boolean;
}

type Reference = ReturnType<typeof parseReference>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isMap = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);

/** What each property has to be. */
const shapes: readonly (readonly [name: string, fits: (value: unknown) => boolean, must: () => string])[] = [
  ['command', (value) => isText(value) && value !== '', () => t('a program, as text')],
  ['args', (value) => value === undefined || isTexts(value), () => t('a list of texts')],
  ['cwd', (value) => value === undefined || isText(value), () => t('a folder, as text')],
  ['environment', (value) => value === undefined || isText(value), () => t('the name of an environment')],
  ['secrets', (value) => value === undefined || isMap(value), () => t('variables with names of secrets')],
  ['redact', (value) => value === undefined || typeof value === 'boolean', () => t('true or false')],
];

/** What is wrong with what a person wrote into tasks.json, a sentence; undefined where nothing is. */
export function faultOf(given: vscode.TaskDefinition): string | undefined {
  const wrong = shapes.find(([name, fits]) => !fits(given[name]));
  return wrong && t('“{0}” must be {1}.', wrong[0], wrong[2]());
}

/** What each variable of a definition gets. Throws BAD_REFERENCE. */
export function wantedBy({ secrets = {} }: RunDefinition): (readonly [variable: string, from: Reference])[] {
  return Object.entries(secrets).map(([variable, text]) => [variable, referenceOf(text)]);
}

/**
 * The environments whose files are opened, undefined for the active one; that of the task first. Where all secrets name the same one, it is
 * that of the task. Throws BAD_REFERENCE.
 */
export function environmentsOf(run: RunDefinition): [string | undefined, ...string[]] {
  const named = wantedBy(run).map(([, { environment }]) => environment);
  const [only, ...others] = new Set(named);
  const own = run.environment ?? (others.length === 0 ? only : undefined);
  return [own, ...new Set(named.filter((name) => name !== undefined && name !== own))] as [undefined, ...string[]];
}

/** `lockstep:production#db.url`, the same without its first word, or the name alone. */
function referenceOf(text: string): Reference {
  if (isReference(text)) return parseReference(text);
  return parseReference(text.includes('#') ? `lockstep:${text}` : `lockstep:#${text}`);
}
