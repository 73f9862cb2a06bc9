import { fromBase64 as bytesOf, tryUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Manager } from './kinds.ts';

/** What programs of managers print, read. Nothing of it is in an error. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const failed = (manager: Manager, what: 'field' | 'failed' | 'bytes') =>
  new LockstepError('MANAGER', { what, manager });

function parse(manager: Manager, text: string, what: 'field' | 'failed'): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw failed(manager, what);
  }
}

const member = (json: Json | undefined, name: string): Json | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && Object.hasOwn(json, name)
    ? (json as { readonly [name: string]: Json })[name]
    : undefined;

/** The text at a path of a JSON output. Throws MANAGER: `failed` for what is no such output, `bytes` where there is no text there. */
export function memberOf(manager: Manager, output: string, path: readonly string[]): string {
  const found = path.reduce<Json | undefined>(member, parse(manager, output, 'failed'));
  if (typeof found !== 'string') throw failed(manager, 'bytes');
  return found;
}

/** The same in the base64 of a URL, or the other. Throws MANAGER (`bytes`). */
export function fromBase64(manager: Manager, text: string): string {
  const bytes = bytesOf(text.replaceAll('-', '+').replaceAll('_', '/'));
  const found = bytes && tryUtf8(bytes);
  if (found === undefined) throw failed(manager, 'bytes');
  return found;
}

/**
 * One value of a secret that is a JSON object; without a name all of it, as it is. Throws MANAGER (`field`) where there is none of that name,
 * and for what is no text and has more than one spelling, such as 1.50.
 */
export function fieldOf(manager: Manager, secret: string, name: string | undefined): string {
  if (name === undefined) return secret;
  const found = member(parse(manager, secret, 'field'), name);
  if (typeof found === 'string') return found;
  if (typeof found === 'boolean' || Number.isSafeInteger(found)) return String(found);
  throw failed(manager, 'field');
}

/** A field of an item as Bitwarden prints it: one of a login, the notes, or one that somebody made. Throws as `fieldOf`. */
export function itemField(output: string, name: string): string {
  const item = parse('bw', output, 'failed');
  const custom = member(item, 'fields');
  const own = Array.isArray(custom) ? custom.find((one) => member(one, 'name') === name) : undefined;
  const found = own
    ? member(own, 'value')
    : name === 'notes'
      ? member(item, name)
      : member(member(item, 'login'), name);
  if (typeof found !== 'string') throw failed('bw', 'field');
  return found;
}
