import { assignments, withLf } from '../env/npm.ts';
import { dotenvxPublicKey } from '../tokens/dotenvx.ts';

/** `.env.keys` of dotenvx: lines `DOTENV_PRIVATE_KEY…=`, each with one private key, or several with commas between them. */
interface KeyLine {
  readonly name: string;
  /** As it stands there; what `openDotenvx` takes. */
  readonly secret: string;
  readonly publicKeys: readonly string[];
}

/** The lines of a keys file that hold private keys; others are passed over. */
export function readKeysFile(text: string): KeyLine[] {
  return [...assignments(withLf(text))].flatMap(({ name, value }): KeyLine[] => {
    if (!/^DOTENV_PRIVATE_KEY(?:_|$)/.test(name)) return [];
    const secret = value.trim();
    const publicKeys = secret.split(',').flatMap((one) => publicOf(one) ?? []);
    return publicKeys.length > 0 ? [{ name, secret, publicKeys }] : [];
  });
}

function publicOf(secret: string): string | undefined {
  try {
    return dotenvxPublicKey(secret);
  } catch {
    return undefined;
  }
}

/** The private keys of a public one; undefined where the text has none. */
export function secretFor(text: string, publicKey: string): string | undefined {
  return readKeysFile(text).find(({ publicKeys }) => publicKeys.includes(publicKey))?.secret;
}

/** The text without the lines whose keys are those of a public one. `left`: whether more than comments is still in it. `gone`: these lines. */
export function withoutKey(
  text: string,
  publicKey: string,
): { readonly text: string; readonly left: boolean; readonly gone: readonly KeyLine[] } {
  const gone = readKeysFile(text).filter((one) => one.publicKeys.includes(publicKey));
  const names = new Set(gone.map(({ name, secret }) => `${name} ${secret}`));
  const kept = text
    .split(/(?<=\n)/)
    .filter((line) => !readKeysFile(line).some(({ name, secret }) => names.has(`${name} ${secret}`)))
    .join('');
  return { text: kept, left: /^[ \t]*[^#\s]/m.test(kept), gone };
}

/**
 * Where a file says that its keys are: dotenvx writes ` # -fk ../.env.keys` behind the public key where they are not beside it. Undefined where
 * it says nothing, and for a file of another name: the text may come from anybody.
 */
export function keysPathIn(text: string): string | undefined {
  const said = /^[ \t]*(?:export[ \t]+)?DOTENV_PUBLIC_KEY\w*[ \t]*=[^\n#]*#[ \t]*-fk[ \t]+(\S+)[ \t]*\r?$/m.exec(
    text,
  )?.[1];
  return said && /(?:^|\/)\.env\.keys[\w.-]*$/.test(said) ? said : undefined;
}

/** The variable that dotenvx looks for: that of the public key in the file. */
export const privateName = (text: string): string =>
  (/^[ \t]*(?:export[ \t]+)?(DOTENV_PUBLIC_KEY\w*)[ \t]*=/m.exec(text)?.[1] ?? 'DOTENV_PUBLIC_KEY').replace(
    'PUBLIC',
    'PRIVATE',
  );
