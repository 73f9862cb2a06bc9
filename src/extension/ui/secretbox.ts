import * as vscode from 'vscode';
import { revealText } from '../../core/view/shown.ts';
import { inert } from './inert.ts';

export interface InputButton {
  readonly icon: string;
  readonly tooltip: string;
  readonly id: string;
}

/** What is said under a box: a warning, unless it is mere information or `block` keeps Enter from working. */
export interface Judgement {
  readonly message: string;
  readonly block: boolean;
  readonly info?: boolean;
}

export interface SecretOptions {
  readonly title: string;
  readonly prompt?: string;
  /** What is in the box at first. */
  readonly value?: string;
  readonly buttons?: readonly InputButton[];
  readonly check?: (text: string) => Judgement | undefined;
  /** A button that shows below the box what is typed: whether it may now, and what hides it again. */
  readonly eye?: { allowed(): boolean; readonly hide: vscode.Event<unknown> };
}

/** The text, or the button that was pressed with what was typed until then. */
export type SecretAnswer = { readonly text: string } | { readonly button: string; readonly typed?: string };

/** What closes each box that is open now. */
const open = new Set<() => void>();

/** Closes every box, as if it were cancelled: what was typed into it is as plain as a value. */
export function endSecrets(): void {
  for (const end of [...open]) end();
}

/** Asks for one line that is typed unseen, in a box that stays when the focus leaves. Undefined on cancel. */
export function askSecret(options: SecretOptions): Promise<SecretAnswer | undefined> {
  const box = hiddenBox(options);
  const eyes = [
    buttonOf('eye', vscode.l10n.t('Show What Is Typed')),
    buttonOf('eye-closed', vscode.l10n.t('Hide')),
  ] as const;
  const others = (options.buttons ?? []).map(({ icon, tooltip, id }) => ({ ...buttonOf(icon, tooltip), id }));
  let shown = false;
  let blocked = false;
  let tried = false;
  const draw = () => {
    shown &&= options.eye?.allowed() ?? false;
    const typed = shown ? typedText(box.value) : undefined;
    const found = options.check?.(box.value);
    blocked = found?.block ?? false;
    box.buttons = [...(options.eye?.allowed() ? [eyes[shown ? 1 : 0]] : []), ...others];
    box.prompt = inert(typed ?? options.prompt);
    // An empty box says what it is for, not what is wrong with it, until somebody presses Enter.
    const said = tried || box.value !== '' ? found : undefined;
    box.validationMessage = said && {
      message: inert([typed, said.message].filter(Boolean).join(' · ')),
      severity: severityOf(said),
    };
  };
  const hide = () => {
    shown = false;
    draw();
  };
  return new Promise((resolve) => {
    const end = (answer: SecretAnswer | undefined) => {
      resolve(answer);
      open.delete(cancel);
      box.value = '';
      for (const one of listening) one.dispose();
      box.dispose();
    };
    const cancel = () => end(undefined);
    const listening = [
      options.eye?.hide(hide),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) hide();
      }),
      box.onDidChangeValue(draw),
      box.onDidTriggerButton((button) => {
        const other = others.find((one) => one === button);
        if (other) return end({ button: other.id, typed: box.value });
        shown = !shown;
        draw();
      }),
      box.onDidAccept(() => {
        tried = true;
        draw();
        if (!blocked) end({ text: box.value });
      }),
      box.onDidHide(cancel),
    ].flatMap((one) => one ?? []);
    open.add(cancel);
    draw();
    box.show();
  });
}

function hiddenBox({ title, value = '' }: SecretOptions): vscode.InputBox {
  const box = vscode.window.createInputBox();
  box.title = inert(title);
  box.value = value;
  // Browsers keep what is in a field of text on the disk: the eye does not make it one.
  box.password = true;
  box.ignoreFocusOut = true;
  return box;
}

const buttonOf = (icon: string, tooltip: string) => ({ iconPath: new vscode.ThemeIcon(icon), tooltip });

function typedText(value: string): string {
  const shown = revealText({ type: 'str', value });
  return shown.kind === 'text' ? shown.text : vscode.l10n.t('(empty)');
}

function severityOf({ block, info }: Judgement): vscode.InputBoxValidationSeverity {
  if (block) return vscode.InputBoxValidationSeverity.Error;
  return info ? vscode.InputBoxValidationSeverity.Info : vscode.InputBoxValidationSeverity.Warning;
}
