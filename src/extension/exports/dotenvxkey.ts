import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { isDotenvxFile, readDotenvx } from '../../core/dotenvx/file.ts';
import { privateName, withoutKey } from '../../core/dotenvx/keys.ts';
import { LockstepError } from '../../core/errors.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { hashOf } from '../../core/hash.ts';
import { diskOf, readAnywhere } from '../elsewhere.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import {
  findKeysFile,
  forgetSecret,
  type KeysFile,
  keysPlaces,
  storedSecret,
  storeSecret,
} from '../vault/dotenvxkeys.ts';

const { t } = vscode.l10n;

/** A file of dotenvx, and the public key that its private key belongs to. */
interface Sealed {
  readonly uri: vscode.Uri;
  readonly text: string;
  readonly publicKey: string;
}

/** Moves the private key of a `.env` of dotenvx from its keys file into SecretStorage, or back. */
export async function moveDotenvxKey(services: Services, ids: readonly unknown[]): Promise<void> {
  const { ui, platform } = services;
  if (!(await mayWrite(services))) return;
  const choose = () => ui.openFile({ title: t('Choose a .env of dotenvx') });
  const uri = findFiles(ids)[0] ?? (ids[0] === undefined ? await choose() : undefined);
  if (!uri || !(await askToUnlock(services))) return;
  const text =
    documentOf(uri)?.getText() ?? formatOfBytes(uri.path, await readAnywhere(platform, uri, maxFileSize)).text;
  if (!isDotenvxFile(uri.path, text)) {
    void ui.info(t('{0} is no .env of dotenvx: it has no DOTENV_PUBLIC_KEY.', fileName(uri)));
    return;
  }
  const sealed = { uri, text, publicKey: readDotenvx(text).metadata.recipients[0] ?? '' };
  const found = await findKeysFile(services, uri, text, sealed.publicKey);
  if (found) await moveIn(services, sealed, found);
  else if (await storedSecret(services, sealed.publicKey)) await moveOut(services, sealed);
  else void ui.info(t('The private key of {0} is neither in SecretStorage nor in a .env.keys.', fileName(uri)));
}

/** The file loses its line only after SecretStorage has the key. */
async function moveIn(services: Services, { uri, publicKey }: Sealed, found: KeysFile): Promise<void> {
  const { ui, platform } = services;
  const disk = diskOf(platform, found.uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const sure = await ui.gesture(
    t('Move the private key of {0} from {1} into SecretStorage?', fileName(uri), fileName(found.uri)),
    [
      t('dotenvx itself then needs the key from elsewhere. This command can write it back.'),
      t('If you did not ask for this, another extension did.'),
    ].join('\n\n'),
    t('Move Key'),
  );
  if (!sure) return;
  const rest = withoutKey(found.text, publicKey);
  // A line may have keys of other files, too.
  for (const { secret, publicKeys } of rest.gone)
    for (const one of publicKeys) {
      await storeSecret(services, one, secret);
      if ((await storedSecret(services, one)) !== secret) throw new LockstepError('IO', { what: 'secret-storage' });
    }
  const now = await disk.read(found.uri.fsPath);
  if (hashOf(found.text) !== hashOf(formatOfBytes(found.uri.path, now.bytes).text))
    throw new LockstepError('CHANGED_ON_DISK');
  if (rest.left) await disk.write(found.uri.fsPath, utf8(rest.text), now.hash, { clear: true });
  else await vscode.workspace.fs.delete(found.uri);
  const tracked = await platform.git?.isTracked(found.uri.fsPath);
  const moved = t('The private key of {0} is in SecretStorage.', fileName(uri));
  if (tracked) void ui.warn(`${moved} ${t('Git has it, too: it tracks {0}. Rotate the key.', fileName(found.uri))}`);
  else void ui.info(moved);
}

/** SecretStorage loses it only after the file has it. */
async function moveOut(services: Services, { uri, text, publicKey }: Sealed): Promise<void> {
  const { ui, platform, access } = services;
  const [to] = keysPlaces(uri, text);
  const disk = to && diskOf(platform, to);
  if (!to || !disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const ignored = await platform.git?.isIgnored(to.fsPath);
  const sure = await ui.gesture(
    t('Write the private key of {0} to {1}?', fileName(uri), to.fsPath),
    [
      t('Every program on this machine can then read it.'),
      ...(ignored === false ? [t('Git does not ignore this file: the next commit can contain it.')] : []),
      t('If you did not ask for this, another extension did.'),
    ].join('\n\n'),
    t('Write Key'),
  );
  const secret = sure ? await storedSecret(services, publicKey) : undefined;
  if (secret === undefined) return;
  const there = await disk.readIfThere(to.fsPath);
  const before = there ? formatOfBytes(to.path, there.bytes).text : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const line = `${gap}# ${fileName(uri)}\n${privateName(text)}=${secret}\n`;
  access.record({ purpose: 'key-export', uri, key: publicKey, by: 'dotenvx Key', to: to.fsPath });
  await disk.write(to.fsPath, utf8(before + line), there?.hash, { newMode: 0o600, clear: true });
  await forgetSecret(services, publicKey);
  void ui.info(t('The private key of {0} is in {1}, and in SecretStorage no more.', fileName(uri), fileName(to)));
}
