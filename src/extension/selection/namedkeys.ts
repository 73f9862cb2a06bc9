import * as vscode from 'vscode';
import { keyPlaces, keysOf } from '../../core/enckeys/keys.ts';
import { findKey } from '../../core/enckeys/names.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { type FileState, requireOpened } from '../../core/session/state.ts';
import { readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { visible } from '../../core/tree/path.ts';
import { readAnywhere } from '../elsewhere.ts';
import { fetchSecret } from '../person/fetched.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { sealedOf } from '../surface.ts';

const { t } = vscode.l10n;

/** A named encryption key of the workspace. */
interface NamedKey {
  readonly name: string;
  readonly file: vscode.Uri;
}

/**
 * One of the keys in the encrypted files of the workspace, those that are nearest to a document first; undefined when the person picks none, or
 * there is none.
 */
export async function chooseKey(
  services: Services,
  document: vscode.TextDocument,
  title: string,
): Promise<NamedKey | undefined> {
  const { ui, inventory } = services;
  const search = { location: vscode.ProgressLocation.Window, title: t('Looking for encryption keys') };
  await vscode.window.withProgress(search, () => inventory.ready());
  const all: NamedKey[] = [];
  for (const { uri, facts } of inventory.files) {
    if (facts.kind !== 'encrypted') continue;
    const sealed = await sealedAt(services, uri);
    all.push(...(sealed ? keyPlaces(sealed) : []).map(({ name }) => ({ name, file: uri })));
  }
  if (all.length === 0) {
    void ui.info(
      t('There is no encryption key in this workspace. Open an encrypted file, and run Generate Encryption Key.'),
    );
    return undefined;
  }
  const away = (uri: vscode.Uri) => -sharedFolders(uri.path, document.uri.path);
  const items = all
    .sort((a, b) => away(a.file) - away(b.file))
    .map((one) => ({
      ...one,
      icon: 'key',
      label: visible(one.name),
      description: visible(vscode.workspace.asRelativePath(one.file)),
    }));
  return ui.pick(items, { title, placeholder: t('With which key?') });
}

/**
 * The key itself, of the file as it is now, or from the manager that has it; undefined when Lockstep stays locked. Throws why the file cannot be
 * opened, NO_ENCRYPTION_KEY, and as `fetchSecret`.
 */
export async function keyText(services: Services, { name, file }: NamedKey): Promise<string | undefined> {
  if (!(await askToUnlock(services, file))) return undefined;
  const find = (state: FileState) => findKey(keysOf(requireOpened(state)), name);
  const state = stateIn(services, file);
  const fetched = ({ path, key }: ReturnType<typeof find>) => fetchSecret(services, { path, value: key }, file);
  if (state) return fetched(find(await state));
  const { text } = formatOfBytes(file.path, await readAnywhere(services.platform, file, maxFileSize));
  return fetched(await services.sessions.with(file, text, async (session) => find(session.state)));
}

/** Where a file is open: in the Secrets Editor, or as text. */
function stateIn({ sessions }: Services, uri: vscode.Uri): Promise<FileState> | undefined {
  const editor = sessions.editors.get(uri.toString());
  if (editor) return editor.ready();
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return document && sessions.ready(document).then(({ state }) => state);
}

/** A file as it stands, which needs no key; undefined for one that cannot be read. */
async function sealedAt(services: Services, uri: vscode.Uri): Promise<Sealed | undefined> {
  const state = await stateIn(services, uri);
  if (state) return sealedOf(state);
  try {
    const { text, format } = formatOfBytes(uri.path, await readAnywhere(services.platform, uri, maxFileSize));
    return readSealed(text, format);
  } catch {
    return undefined;
  }
}

/** How many folders two files have in common. */
function sharedFolders(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  const differs = a.findIndex((part, i) => part !== b[i]);
  return differs === -1 ? a.length : differs;
}
