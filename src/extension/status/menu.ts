import * as vscode from 'vscode';
import { isInConflict } from '../../core/session/state.ts';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { editorOf } from '../session/target.ts';
import { isOffered } from '../session/trust.ts';
import { sealedOf } from '../surface.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { canEncrypt } from './contexts.ts';

const { t } = vscode.l10n;

interface Item extends Choice {
  readonly command: CommandId;
}

const item = (icon: string, label: string, command: CommandId): Item => ({ icon, label, command });

/** What the status bar offers: the steps that work now, those for the file in front first. */
export async function showMenu(services: Services): Promise<void> {
  const hasKey = (await services.vault.keys()).length > 0;
  const items = [
    ...leave(services),
    ...(await ofFile(services)),
    ...ofWorkspace(services, hasKey),
    ...(await ofKeys(services, hasKey)),
  ];
  const presenting = item('eye-closed', t('Start Presentation Mode'), commands.togglePresentation);
  const all = services.presentation.on ? items : [...items, presenting];
  const chosen = await services.ui.pick(all.filter(isOffered), { title: 'Lockstep' });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

function leave({ presentation, vault }: Services): Item[] {
  return [
    ...(presentation.on ? [item('eye', t('End Presentation Mode'), commands.togglePresentation)] : []),
    ...(vault.locked ? [item('unlock', t('Unlock'), commands.unlock)] : []),
  ];
}

async function ofFile(services: Services): Promise<Item[]> {
  const uri = activeFile();
  if (!uri) return [];
  const readers = item('organization', t('Who Can Read {0}', fileName(uri)), commands.explainFile);
  const compare = item('diff', t('Compare Secrets…'), commands.compareSecrets);
  const inEditor = editorOf(services, undefined);
  if (inEditor) {
    const sealed = sealedOf(await inEditor.ready());
    return [
      ...(sealed ? [readers] : []),
      ...(sealed && !sealed.dotenvx ? [compare] : []),
      ...exporting(services, sealed !== undefined),
      item('go-to-file', t('Open as Text'), commands.openAsText),
    ];
  }
  const tracked = services.sessions.current(uri);
  const kind = tracked?.state.kind ?? 'none';
  const readable = kind === 'open' || kind === 'damaged';
  const shown = vscode.window.activeTextEditor !== undefined;
  return [
    ...(readable ? [item('copy', t('Copy Value'), commands.copyValue)] : []),
    ...(readable && !services.presentation.on ? [item('eye', t('Reveal Value'), commands.revealValue)] : []),
    ...(kind === 'open' ? [item('add', t('Add Secret'), commands.addSecret)] : []),
    ...(readable ? [item('table', t('Open Secrets Editor'), commands.openEditor)] : []),
    ...(readable || kind === 'unreadable' ? [readers] : []),
    ...(tracked && isInConflict(tracked.state) ? [item('git-merge', t('Resolve by Secret'), commands.resolve)] : []),
    ...(readable ? [compare] : []),
    ...exporting(services, kind === 'open'),
    ...(shown && canEncrypt(uri, tracked)
      ? [item('shield', t('Encrypt {0}', fileName(uri)), commands.encryptFile)]
      : []),
  ];
}

function exporting({ presentation }: Services, open: boolean): Item[] {
  return open && !presentation.on ? [item('export', t('Export Secrets…'), commands.exportSecrets)] : [];
}

function ofWorkspace({ platform }: Services, hasKey: boolean): Item[] {
  if (!vscode.workspace.workspaceFolders?.length) return [];
  const label = hasKey ? t('Find Files to Encrypt in This Workspace') : t('Set Up Secrets in This Workspace');
  const run = item('play', t('Run With Secrets…'), commands.runWithSecrets);
  const find = item('search', t('Find Hard-Coded Secrets in Workspace'), commands.findSecrets);
  const bring = item('cloud-download', t('Import Secrets…'), commands.importSecrets);
  return [
    ...(hasKey && platform.shims ? [run] : []),
    ...(hasKey ? [bring] : []),
    item('rocket', label, commands.setUp),
    ...(hasKey ? [find] : []),
  ];
}

async function ofKeys({ vault, backUps }: Services, hasKey: boolean): Promise<Item[]> {
  const restore = item('history', t('Restore Keys From a Backup'), commands.restoreKeys);
  if (!hasKey) return [item('key', t('Import Key'), commands.importKey), restore];
  const missing = (await backUps.missing()).length > 0 ? { description: t('there is no backup of it yet') } : {};
  return [
    { ...item('save', t('Back Up Key'), commands.backUpKey), ...missing },
    item('copy', t('Copy My Public Key'), commands.copyPublicKey),
    item('key', t('Manage Keys'), commands.manageKeys),
    ...(vault.locked ? [] : [item('lock', t('Lock'), commands.lock)]),
  ];
}
