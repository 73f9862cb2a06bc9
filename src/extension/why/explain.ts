import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { type Names, namedRecipient } from '../../core/people/names.ts';
import type { FileState } from '../../core/session/state.ts';
import { showPath } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { isConfigName } from '../../core/view/names.ts';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { editorOf, goToEntry, requireDocument } from '../session/target.ts';
import { isOffered } from '../session/trust.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import type { Step } from './looked.ts';
import { readerItems, separator } from './readers.ts';
import { unreadableSteps } from './unreadable.ts';

const { t } = vscode.l10n;

/** Says what a file is to us, why, and what can be done: for lenses, problems and the palette. */
export async function explainFile(services: Services, uri: unknown): Promise<void> {
  const held = editorOf(services, uri);
  const document = typeof uri === 'string' ? findDocument(uri) : vscode.window.activeTextEditor?.document;
  const file = held ?? document;
  if (!file) return uri === undefined ? requireDocument() : undefined;
  const state = await (held?.ready() ?? stateOf(services, document));
  switch (state.kind) {
    case 'none':
      return explainNone(services, file.uri);
    case 'plain':
      return explainPlain(services, file.uri);
    case 'locked':
      return offer(
        services,
        t('{0} is encrypted, and Lockstep is locked.', fileName(file.uri)),
        file.uri,
        t('Unlock'),
        commands.unlock,
      );
    case 'unsupported':
    case 'broken':
      return showError(services, state.error, file.uri);
    case 'unreadable':
      return choose(services, file.uri, wordsOf(state.error).message, await unreadableSteps(services, file.uri, state));
    default:
      return showList(services, file.uri, state);
  }
}

async function stateOf({ sessions }: Services, document: vscode.TextDocument | undefined): Promise<FileState> {
  return document ? (await sessions.ready(document)).state : { kind: 'none' };
}

function findDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** What looks like no secret may be one: the person knows. */
async function explainNone(services: Services, uri: vscode.Uri): Promise<void> {
  const message = t('There are no secrets in this file.');
  const possible = uri.scheme === 'file' && !isConfigName(uri.path) && isOffered({ command: commands.encryptFile });
  if (possible) await offer(services, message, uri, t('Encrypt File'), commands.encryptFile);
  else await services.ui.info(message);
}

async function explainPlain(services: Services, uri: vscode.Uri): Promise<void> {
  const why = t(
    'The values in {0} can be read by everything that can read the file: backups, search, other extensions, AI assistants. If it is committed, everybody with the repository can read them for ever. Encrypted, it can be committed, and only the people you name can read it.',
    fileName(uri),
  );
  await offer(services, why, uri, t('Encrypt File'), commands.encryptFile);
}

async function showError(services: Services, error: LockstepError, uri: vscode.Uri): Promise<void> {
  const { message, next } = wordsOf(error, fileName(uri));
  const text = `${message} ${next}`;
  if (error.place.what === 'several-lines') await offer(services, text, uri, t('Encrypt File'), commands.encryptFile);
  else await services.ui.info(text);
}

async function offer({ ui }: Services, message: string, uri: vscode.Uri, verb: string, id: CommandId): Promise<void> {
  if ((await ui.info(message, verb)) === verb) await vscode.commands.executeCommand(id, uri.toString());
}

type Listed = Extract<FileState, { kind: 'open' | 'damaged' }>;

async function showList(services: Services, uri: vscode.Uri, listed: Listed): Promise<void> {
  const readers: Step[] = await readerItems(services, uri, listed);
  const next = nextSteps(uri, listed);
  // Who has a damaged file wants to know what to do; who has a good one, who else can read it.
  const steps =
    listed.kind === 'open'
      ? [...labelSteps(listed, await services.rules.names(uri)), ...readers, ...next]
      : [...troubleSteps(services, uri, listed), ...next, ...readers];
  await choose(services, uri, headline(listed), steps);
}

async function choose({ ui }: Services, uri: vscode.Uri, placeholder: string, steps: readonly Step[]): Promise<void> {
  await (await ui.pick<Step>(steps, { title: fileName(uri), placeholder }))?.run?.();
}

/** Short enough for the one line above the list. */
function headline(state: Listed): string {
  if (state.kind === 'open') return t('This file is verified: its MAC matches.');
  const failures = state.opened.verdict.ok ? [] : state.opened.verdict.failures;
  const count = failures.filter((failure) => failure.leaf).length;
  if (count === 0) return wordsOf(new LockstepError(failures[0]?.code ?? 'MAC_MISMATCH')).message;
  return count === 1 ? t('1 entry fails verification.') : t('{0} entries fail verification.', count);
}

/** The entry that one's key opened, when it names somebody else. */
function labelSteps({ opened }: Extract<Listed, { kind: 'open' }>, names: Names): Step[] {
  const wrong = opened.mislabelled;
  if (!wrong) return [];
  return [
    separator(t('Does not fit your key')),
    {
      icon: 'warning',
      label: t(
        'Your key {0} opens the entry of {1}',
        shortRecipient(wrong.recipient),
        namedRecipient(names, wrong.label),
      ),
      description: t('somebody may have changed who can read this file'),
    },
  ];
}

/** The entries that fail; choosing one goes there. */
function troubleSteps(services: Services, uri: vscode.Uri, state: Listed): Step[] {
  if (state.opened.verdict.ok) return [];
  const failed = state.opened.verdict.failures.flatMap(({ code, leaf }) => (leaf ? [{ code, leaf }] : []));
  if (failed.length === 0) return [];
  const items = failed.map(({ code, leaf }): Step => {
    const description = wordsOf(new LockstepError(code)).message;
    return { icon: 'warning', label: showPath(leaf.path), description, run: () => goToEntry(services, uri, leaf) };
  });
  return [separator(t('Fails verification')), ...items];
}

function nextSteps(uri: vscode.Uri, state: Listed): Step[] {
  const command = (icon: string, label: string, id: string, ...args: unknown[]): Step => ({
    icon,
    label,
    run: () => vscode.commands.executeCommand(id, ...args),
  });
  const next = separator(t('What you can do'));
  switch (state.kind) {
    case 'open':
      return [
        next,
        command('copy', t('Copy My Public Key'), commands.copyPublicKey),
        command('organization', t('Update Who Can Read This File'), commands.updateReaders, uri.toString()),
        command('sync', t('Rotate the Data Key'), commands.rotateDataKey, uri.toString()),
      ];
    case 'damaged':
      return [
        next,
        command('lock', t('Encrypt Edits…'), commands.encryptEdits, uri.toString()),
        command('git-compare', t('Compare with the Last Commit'), 'git.openChange', uri),
        // Without git it is the only place with an older version.
        command('history', t('Look for an Older Version in the Timeline'), 'timeline.focus'),
      ];
  }
}
