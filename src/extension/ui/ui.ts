import * as vscode from 'vscode';
import { inert } from './inert.ts';
import { askSecret, type SecretAnswer, type SecretOptions } from './secretbox.ts';

export interface Choice extends vscode.QuickPickItem {
  readonly id?: string;
  /** The codicon before the label. The texts of an item are shown as they are: no `$(name)` in them is an icon. */
  readonly icon?: string;
}

/**
 * Every question and message to a person, in one place: VS Code refuses modal dialogs in its test mode, so host tests
 * replace this. Nothing passed in or out of `info`, `warn`, `error`, `confirm` and `pick`
 * is ever a secret value; `secret` is the one that takes a value from a person.
 */
export interface Ui {
  /** A modal question; true when the person pressed the verb. */
  confirm(message: string, detail: string, verb: string): Promise<boolean>;
  /** The same, where it matters that a person answers: a command can answer every other kind of question. */
  gesture(message: string, detail: string, verb: string): Promise<boolean>;
  /**
   * A modal question with several verbs; undefined on cancel.
   * @param how.unbidden it comes while somebody types: what is answered before it can have been read is asked again.
   * @param how.cancel what the button says that is Cancel otherwise.
   */
  choose(
    message: string,
    detail: string,
    verbs: readonly string[],
    how?: { readonly unbidden?: boolean; readonly cancel?: string | undefined },
  ): Promise<string | undefined>;
  pick<T extends Choice>(items: readonly T[], options: { title: string; placeholder?: string }): Promise<T | undefined>;
  /** Several of a list, each with a check mark; undefined on cancel. */
  pickMany<T extends Choice>(
    items: readonly T[],
    options: { title: string; placeholder?: string },
  ): Promise<readonly T[] | undefined>;
  /** A name or path: shown as typed. Never for a value. */
  input(options: {
    title: string;
    prompt?: string;
    value?: string;
    validate?: (text: string) => string | undefined;
  }): Promise<string | undefined>;
  /** One line, typed unseen (`password`), kept open when focus leaves. */
  secret(options: SecretOptions): Promise<SecretAnswer | undefined>;
  info(message: string, ...verbs: string[]): Promise<string | undefined>;
  warn(message: string, ...verbs: string[]): Promise<string | undefined>;
  error(message: string, ...verbs: string[]): Promise<string | undefined>;
  openFile(options: { title: string }): Promise<vscode.Uri | undefined>;
  /** @param options.folder where the dialog begins; the workspace without it. */
  saveFile(options: { title: string; name: string; folder?: vscode.Uri | undefined }): Promise<vscode.Uri | undefined>;
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
}

/** An item of a list as VS Code gets it. */
export function shownChoice<T extends Choice>(item: T): T {
  const { icon, label, description, detail } = item;
  const words = inert(label);
  return {
    ...item,
    label: icon === undefined ? words : `$(${icon}) ${words}`,
    ...(description === undefined ? {} : { description: inert(description) }),
    ...(detail === undefined ? {} : { detail: inert(detail) }),
  };
}

/** Milliseconds in which nobody has read a question: Enter or Space was meant for what had the focus before. */
const readable = 500;

async function modal(message: string, detail: string, verb: string): Promise<boolean> {
  const options = { modal: true, detail: inert(detail) };
  return (await vscode.window.showWarningMessage(inert(message), options, verb)) === verb;
}

export const realUi: Ui = {
  confirm: modal,
  gesture: modal,
  async choose(message, detail, verbs, { unbidden = false, cancel } = {}) {
    const buttons: vscode.MessageItem[] = verbs.map((title) => ({ title }));
    if (cancel !== undefined) buttons.push({ title: cancel, isCloseAffordance: true });
    for (;;) {
      const shown = performance.now();
      const options = { modal: true, detail: inert(detail) };
      const pressed = await vscode.window.showWarningMessage(inert(message), options, ...buttons);
      const chosen = verbs.find((verb) => verb === pressed?.title);
      if (!unbidden || chosen === undefined || performance.now() - shown > readable) return chosen;
    }
  },
  async pick(items, options) {
    const shown = items.map(shownChoice);
    const chosen = await vscode.window.showQuickPick(shown, {
      title: inert(options.title),
      placeHolder: inert(options.placeholder),
      matchOnDescription: true,
    });
    return chosen && items[shown.indexOf(chosen)];
  },
  async pickMany(items, options) {
    const shown = items.map(shownChoice);
    const chosen = await vscode.window.showQuickPick(shown, {
      title: inert(options.title),
      placeHolder: inert(options.placeholder),
      canPickMany: true,
      ignoreFocusOut: true,
    });
    return chosen?.flatMap((one) => items[shown.indexOf(one)] ?? []);
  },
  async input(options) {
    return vscode.window.showInputBox({
      title: inert(options.title),
      prompt: inert(options.prompt),
      value: options.value,
      ignoreFocusOut: true,
      validateInput: (text) => inert(options.validate?.(text)),
    });
  },
  secret: askSecret,
  async info(message, ...verbs) {
    return vscode.window.showInformationMessage(inert(message), ...verbs);
  },
  async warn(message, ...verbs) {
    return vscode.window.showWarningMessage(inert(message), ...verbs);
  },
  async error(message, ...verbs) {
    return vscode.window.showErrorMessage(inert(message), ...verbs);
  },
  async openFile(options) {
    return (await vscode.window.showOpenDialog({ title: options.title, canSelectMany: false }))?.[0];
  },
  async saveFile(options) {
    const folder = options.folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    return vscode.window.showSaveDialog({
      title: options.title,
      defaultUri: folder && vscode.Uri.joinPath(folder, options.name),
    });
  },
  async readClipboard() {
    return vscode.env.clipboard.readText();
  },
  async writeClipboard(text) {
    await vscode.env.clipboard.writeText(text);
  },
};
