/** Names that programs give to copies of a file which are to go, and do not always go. */
const names = [
  // vscode-sops and its kin; sops edit.
  /\.decrypted~[^/]*$/,
  /(?:^|[./])(?:tmp|temp)\.[^/]*$|\.(?:tmp|temp)(?:\.[^/]*|~)?$/i,
  // Editors and people.
  /\.(?:bak|bkp|backup|old|orig|save|copy|rej)\d*$/i,
  /[^/]~$|(?:^|\/)#[^/]+#$|(?:^|\/)\.#[^/]+$|\.sw[a-p]$|\.un~$/,
  // helm-secrets, sops-edit, and a decrypted file beside an encrypted one.
  /\.(?:dec|decrypted|plain|plaintext|clear|unencrypted)(?:\.[A-Za-z0-9]+)?$/i,
  / copy(?: \d+)?(?:\.[^/.]+)?$|\.env[^/]*[-_.](?:bak|backup|old|copy|\d{6,})$/i,
  /(?:^|\/)\.?env\.dec$/i,
];

/** What vscode-sops writes beside an encrypted file: it is plaintext, whatever its values are. */
export const isDecrypted = (path: string, bytes: Uint8Array): boolean =>
  /(?:^|\/)\.decrypted~[^/]*$/.test(path) &&
  bytes.length > 0 &&
  !new TextDecoder().decode(bytes).includes('ENC[AES256_GCM,');

/** Whether a file looks like a copy that was left behind, by its name. @param path with forward slashes */
export const isLeftOver = (path: string): boolean => names.some((one) => one.test(path));

/** A file of VS Code's Local History: the entries of one file of the workspace. */
interface LocalHistory {
  /** The address of the file that they are of. */
  readonly resource: string;
  /** Names of files beside the list. */
  readonly ids: readonly string[];
}

/** Reads an `entries.json` of VS Code's Local History; undefined for anything else. */
export function readLocalHistory(text: string): LocalHistory | undefined {
  try {
    const { resource, entries }: { resource?: unknown; entries?: unknown } = JSON.parse(text) ?? {};
    if (typeof resource !== 'string' || !Array.isArray(entries)) return undefined;
    const ids = entries.flatMap((one: { id?: unknown } | null) => (typeof one?.id === 'string' ? [one.id] : []));
    // They are names of files, and lead nowhere else.
    return { resource, ids: ids.filter((id) => /^[\w-]+(?:\.[\w-]+)*$/.test(id)) };
  } catch {
    return undefined;
  }
}
