import * as vscode from 'vscode';
import type { Copied } from '../clipboard.ts';
import type { Services } from '../services.ts';
import { inert } from '../ui/inert.ts';

/** A name as status bar text: one that looks like an icon is no icon, a long one is cut. */
export function copiedText({ name, until }: Copied, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const points = [...inert(name)];
  const short = points.length > 40 ? `${points.slice(0, 39).join('')}…` : points.join('');
  return `$(clippy) ${vscode.l10n.t('{0} · clears in {1} s', short, seconds)}`;
}

/** How long a copied value will stay on the clipboard. */
export function showCopied({ clipboard, clock }: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.copied', vscode.StatusBarAlignment.Right, 101);
  item.name = vscode.l10n.t('Lockstep: Copied Value');
  item.tooltip = vscode.l10n.t('The value is on the clipboard. It is cleared unless you copy something else.');
  let ticking: NodeJS.Timeout | undefined;
  const draw = () => {
    const { copied } = clipboard;
    clearTimeout(ticking);
    if (!copied) {
      item.hide();
      return;
    }
    item.text = copiedText(copied, clock.now().getTime());
    // Said once, not every second.
    item.accessibilityInformation = {
      label: vscode.l10n.t('{0} is on the clipboard for a short time', copied.name),
      role: 'status',
    };
    item.show();
    ticking = setTimeout(draw, 1000);
    ticking.unref?.();
  };
  draw();
  return vscode.Disposable.from(item, clipboard.onDidChange(draw), { dispose: () => clearTimeout(ticking) });
}
