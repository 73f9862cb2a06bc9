import * as vscode from 'vscode';
import { type Choice, realUi, shownChoice, type Ui } from './ui/ui.ts';

/**
 * A stand-in for the person, for tests in VS Code's test mode, where dialogs are refused. A list is used up answer by
 * answer; a single answer counts each time; without an answer the question is cancelled.
 */
export interface Script {
  readonly confirm?: boolean | boolean[];
  /** What only a person can say: to unlock, to show or copy a value of a file that nobody works in, and so on. */
  readonly gesture?: boolean | boolean[];
  /** The verb to press. */
  readonly choose?: string | string[];
  /** The `id`, or a part of the label, of the item to pick. */
  readonly pick?: string | string[];
  /** The same for lists with check marks; `'all'` takes those that are checked from the start. */
  readonly pickMany?: 'all' | string[];
  readonly input?: string | string[];
  /** Typed texts, or the buttons to press. */
  readonly secret?: Secret | Secret[];
  /** The verb to press on a message. */
  readonly message?: string | string[];
  /** Paths. */
  readonly openFile?: string;
  readonly saveFile?: string;
  /** Every question and message, as it was shown; filled in here. */
  readonly asked?: string[];
}
type Secret = string | { readonly button: string };

/** Where a test in the same process puts its scripts, by name: a command takes names, never values. */
export const scriptsKey = Symbol.for('lockstep.scripts');

/** Where a test in the same process finds the pages of Secrets Editors that are open. */
export const pagesKey = Symbol.for('lockstep.pages');

/** In test mode a page can be spoken to as its own script would; the returned thing takes it away again. */
export function exposePage(mode: vscode.ExtensionMode, page: object): vscode.Disposable {
  if (mode !== vscode.ExtensionMode.Test) return new vscode.Disposable(() => undefined);
  const holder = globalThis as { [pagesKey]?: Set<object> };
  holder[pagesKey] ??= new Set();
  const pages = holder[pagesKey];
  pages.add(page);
  return new vscode.Disposable(() => pages.delete(page));
}

/** The real dialogs, or in test mode those that `lockstep._test` puts in their place. */
export function switchableUi(mode: vscode.ExtensionMode): { ui: Ui; disposable: vscode.Disposable } {
  if (mode !== vscode.ExtensionMode.Test) return { ui: realUi, disposable: new vscode.Disposable(() => undefined) };
  let current = realUi;
  const disposable = vscode.commands.registerCommand('lockstep._test', (name: unknown) => {
    const script = typeof name === 'string' ? scripts()[name] : undefined;
    current = script ? scriptedUi(script) : realUi;
  });
  const ui = new Proxy(realUi, { get: (_, method) => Reflect.get(current, method) });
  return { ui, disposable };
}

function scripts(): Readonly<Record<string, Script>> {
  const found: unknown = Reflect.get(globalThis, scriptsKey);
  return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, Script>>) : {};
}

const next = <T>(answers: T | T[] | undefined): T | undefined => (Array.isArray(answers) ? answers.shift() : answers);

/** A `Ui` that answers from a script. The clipboard stays the real one. */
export function scriptedUi(script: Script): Ui {
  const note = (text: string) => script.asked?.push(text);
  const find = <T extends Choice>(items: readonly T[], wanted: string) =>
    items.find((item) => item.id === wanted) ?? items.find((item) => item.label.includes(wanted));
  const message = async (text: string, ...verbs: string[]) => {
    note(text);
    const wanted = next(script.message);
    return verbs.find((verb) => verb === wanted);
  };
  return {
    ...realUi,
    async confirm(text, detail, verb) {
      note(`${text}\n${detail}\n[${verb}]`);
      return next(script.confirm) ?? false;
    },
    async gesture(text, detail, verb) {
      note(`${text}\n${detail}\n[${verb}]`);
      return next(script.gesture) ?? false;
    },
    async choose(text, detail, verbs, { cancel } = {}) {
      const buttons = [...verbs, ...(cancel === undefined ? [] : [cancel])];
      note(`${text}\n${detail}\n${buttons.map((button) => `[${button}]`).join(' ')}`);
      const wanted = next(script.choose);
      return verbs.find((verb) => verb === wanted);
    },
    async pick(items, { title }) {
      note([title, ...items.map((item) => shownChoice(item).label)].join('\n'));
      const wanted = next(script.pick);
      return wanted === undefined ? undefined : find(items, wanted);
    },
    async pickMany(items, { title }) {
      note([title, ...items.map((item) => `${item.label} ${item.description ?? ''}`)].join('\n'));
      if (script.pickMany === 'all') return items.filter((item) => item.picked);
      return script.pickMany?.flatMap((wanted) => find(items, wanted) ?? []);
    },
    async input({ title, value, validate }) {
      note(title);
      const text = next(script.input) ?? value;
      return text !== undefined && validate?.(text) === undefined ? text : undefined;
    },
    async secret({ title, prompt, check }) {
      note([title, prompt].filter(Boolean).join('\n'));
      const answer = next(script.secret);
      if (answer === undefined || typeof answer === 'object') return answer;
      const found = check?.(answer);
      if (found) note(found.message);
      return found?.block ? undefined : { text: answer };
    },
    info: message,
    warn: message,
    error: message,
    openFile: async () => (script.openFile === undefined ? undefined : vscode.Uri.file(script.openFile)),
    async saveFile({ title, name, folder }) {
      note(`${title}\n${folder ? vscode.Uri.joinPath(folder, name).fsPath : name}`);
      return script.saveFile === undefined ? undefined : vscode.Uri.file(script.saveFile);
    },
  };
}
