import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { keysPathIn, secretFor } from '../../core/dotenvx/keys.ts';
import { diskOf, readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** Private keys of dotenvx: in SecretStorage, each under its public key, or in the `.env.keys` that dotenvx writes. */

type Outside = Pick<Services, 'context' | 'platform'>;

/** Bytes of a keys file at most. */
const limit = 1024 * 1024;

const nameOf = (publicKey: string) => `lockstep.dotenvx.${publicKey}`;

/** The private key that SecretStorage has for a public one. */
export const storedSecret = ({ context }: Outside, publicKey: string): Thenable<string | undefined> =>
  context.secrets.get(nameOf(publicKey));

export const storeSecret = ({ context }: Outside, publicKey: string, secret: string): Thenable<void> =>
  context.secrets.store(nameOf(publicKey), secret);

export const forgetSecret = ({ context }: Outside, publicKey: string): Thenable<void> =>
  context.secrets.delete(nameOf(publicKey));

/** A keys file that has the private key for a public one. */
export interface KeysFile {
  readonly uri: vscode.Uri;
  readonly text: string;
  readonly secret: string;
}

/** Where dotenvx may have put the keys of a file: beside it, where the file says, in the workspace folder; nowhere outside that folder. */
export function keysPlaces(file: vscode.Uri, text: string): vscode.Uri[] {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri;
  const beside = vscode.Uri.joinPath(file, '..', '.env.keys');
  const said = keysPathIn(text);
  const isRelative = said !== undefined && !/^(?:[\\/]|[A-Za-z]:)/.test(said);
  const there = isRelative ? [vscode.Uri.joinPath(file, '..', said)] : [];
  const inside = there.filter(({ path }) => root && path.startsWith(`${root.path.replace(/\/$/, '')}/`));
  const all = [beside, ...inside, ...(root ? [vscode.Uri.joinPath(root, '.env.keys')] : [])];
  return all.filter((one, i) => all.findIndex((other) => other.path === one.path) === i);
}

/** The keys file that has the private key of a file; undefined without one. Links that lead out of the workspace folder are not followed. */
export async function findKeysFile(
  { platform }: Outside,
  file: vscode.Uri,
  text: string,
  publicKey: string,
): Promise<KeysFile | undefined> {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath;
  for (const uri of keysPlaces(file, text)) {
    const disk = diskOf(platform, uri);
    if (root !== undefined && (await disk?.leadsOut(uri.fsPath, root))) continue;
    const bytes = await readAnywhere(platform, uri, limit).catch(() => undefined);
    if (!bytes) continue;
    const found = textOf(bytes);
    const secret = found === undefined ? undefined : secretFor(found, publicKey);
    if (found !== undefined && secret !== undefined) return { uri, text: found, secret };
  }
  return undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return fromUtf8(bytes);
  } catch {
    return undefined;
  }
}

/** The private key of a file of dotenvx, wherever it is; undefined where it is nowhere. */
export async function dotenvxSecret(outside: Outside, file: vscode.Uri, text: string, publicKey: string) {
  return (await storedSecret(outside, publicKey)) ?? (await findKeysFile(outside, file, text, publicKey))?.secret;
}
