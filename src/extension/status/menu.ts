import * as vscode from 'vscode';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { isOffered } from '../session/trust.ts';
import type { Choice } from '../ui/ui.ts';

const { t } = vscode.l10n;

interface Item extends Choice {
  readonly command: CommandId;
}

/** What the status bar offers: a few steps, those first that fit the moment. */
export async function showMenu(services: Services): Promise<void> {
  const { vault, presentation, sessions, ui } = services;
  const active = vscode.window.activeTextEditor?.document.uri;
  const kind = active && sessions.current(active)?.state.kind;
  const hasKey = (await vault.keys()).length > 0;
  const item = (icon: string, label: string, command: CommandId): Item => ({ icon, label, command });
  const items = [
    ...(vault.locked ? [item('unlock', t('Unlock'), commands.unlock)] : []),
    ...(hasKey && !vault.locked ? [item('lock', t('Lock'), commands.lock)] : []),
    presentation.on
      ? item('eye', t('End Presentation Mode'), commands.togglePresentation)
      : item('eye-closed', t('Start Presentation Mode'), commands.togglePresentation),
    ...(kind === 'open' ? [item('add', t('Add Secret'), commands.addSecret)] : []),
    ...(kind === 'plain' ? [item('shield', t('Encrypt This File'), commands.encryptFile)] : []),
    ...(hasKey ? [] : [item('rocket', t('Set Up Secrets in This Workspace'), commands.setUp)]),
    hasKey ? item('key', t('Manage Keys'), commands.manageKeys) : item('key', t('Import Key'), commands.importKey),
    ...(hasKey ? [item('copy', t('Copy My Public Key'), commands.copyPublicKey)] : []),
  ];
  const chosen = await ui.pick(items.filter(isOffered), { title: 'Lockstep' });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}
