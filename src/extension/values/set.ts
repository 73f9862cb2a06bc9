import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { lostKey } from '../../core/enckeys/keys.ts';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { requireOpen } from '../../core/session/state.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { flatText } from '../../core/tree/flattext.ts';
import { showPath } from '../../core/tree/path.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { commands } from '../ids.ts';
import { mayReplaceKey } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { applyChange, requireEditable } from '../session/apply.ts';
import { findTarget, sameEntry, type Target } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { openedOf } from '../surface.ts';
import { askValue, type Given, generateFor } from './ask.ts';

const { t } = vscode.l10n;

/** Gives an entry a value that is typed without being shown, generated, or taken from the clipboard or a file. */
export const setValue = (services: Services, ids: readonly unknown[]): Promise<void> =>
  replace(services, ids, t('Set Value'), ({ leaf }, format) =>
    askValue(services, t('Set {0}', showPath(leaf.path)), leaf.type, format),
  );

/** Gives an entry a new random value. */
export const generateValue = (services: Services, ids: readonly unknown[]): Promise<void> =>
  replace(services, ids, t('Generate Value'), ({ leaf }, format) =>
    generateFor(services, showPath(leaf.path), leaf.type, format),
  );

async function replace(
  services: Services,
  ids: readonly unknown[],
  title: string,
  ask: (target: Target, format: FormatId) => Promise<Given | undefined>,
): Promise<void> {
  const target = await findEditable(services, ids, title);
  if (!target) return;
  requireText(target);
  if (!(await confirmClear(services, target.leaf))) return;
  const given = await ask(target, requireOpen(target.tracked.state).sealed.format);
  if (given && (await mayTake(services, target, given))) await store(services, target, given);
}

/** Only another key takes the place of a named encryption key, after a question. Throws BAD_ENCRYPTION_KEY. */
async function mayTake(services: Services, { document, tracked, leaf }: Target, { value }: Given): Promise<boolean> {
  const opened = openedOf(tracked.state);
  return mayReplaceKey(services, document.uri, opened && lostKey(opened, leaf, flatText(value)));
}

/** What is typed is text: over an image or a key store it would be a mistake. */
function requireText({ tracked, leaf }: Target): void {
  const value = openedOf(tracked.state)?.value(leaf.id);
  if (value && textOfScalar(value) === undefined)
    throw new LockstepError('BAD_VALUE', { path: leaf.path, what: 'bytes' });
}

/** Somebody without a key can change what a file's rules choose; nobody should find that out by typing a secret. */
async function confirmClear({ ui }: Services, leaf: Leaf): Promise<boolean> {
  if (leaf.selected) return true;
  return ui.confirm(
    t('{0} is not encrypted.', showPath(leaf.path)),
    t('By the file’s own rules this entry stays plaintext: everybody who sees the file can read its value.'),
    t('Set as Plaintext'),
  );
}

/** The entry that a command is about, in a file that may be changed. Throws why it may not. */
export async function findEditable(
  services: Services,
  ids: readonly unknown[],
  title: string,
): Promise<Target | undefined> {
  if (!(await mayWrite(services))) return undefined;
  const target = await findTarget(services, ids, title);
  if (target) await requireEditable(services, target.document, target.tracked.state);
  return target;
}

async function store(services: Services, { document, leaf }: Target, { value, generated }: Given): Promise<void> {
  await applyChange(services, document, (opened) => {
    const { id } = sameEntry(opened.sealed, leaf);
    return change(opened, { kind: 'set', id, value }, services.clock);
  });
  if (generated) tellGenerated(services, document.uri, leaf);
}

/** Nobody has seen the new value, and whoever checks it has to get it. */
function tellGenerated({ ui }: Services, uri: vscode.Uri, leaf: Leaf): void {
  const copy = t('Copy Value');
  void ui.info(t('{0} has a new value.', showPath(leaf.path)), copy).then((verb) => {
    if (verb === copy) void vscode.commands.executeCommand(commands.copyValue, uri.toString(), leaf.id);
  });
}
