import { LockstepError } from '../errors.ts';

/** A secret by its name, in a text that may stand anywhere: it holds no value. */
interface Reference {
  /** Undefined for the active environment. */
  readonly environment: string | undefined;
  /** A key path as people read it, `db.password` or `db.hosts[1]`, or the name of a variable. */
  readonly name: string;
}

const scheme = 'lockstep:';
/** Characters of a name; no format takes a key path that long. */
const longest = 4096;

/** Whether an environment can have this name: people type it, and it stands before the `#` of a reference. */
export const isEnvironmentName = (name: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]{0,99}$/u.test(name);

/** Whether a text is meant as a reference: any other text is a plain one. */
export const isReference = (text: string): boolean => text.startsWith(scheme);

/**
 * Reads `lockstep:production#db.url`, or `lockstep:#db.url` for the active environment. Everything behind the first `#` is the name, so it may
 * hold any sign. Throws BAD_REFERENCE.
 */
export function parseReference(text: string): Reference {
  const at = text.indexOf('#');
  if (!isReference(text) || at === -1) throw new LockstepError('BAD_REFERENCE');
  const environment = text.slice(scheme.length, at);
  const name = text.slice(at + 1);
  if (environment !== '' && !isEnvironmentName(environment))
    throw new LockstepError('BAD_REFERENCE', { what: 'environment' });
  if (!isSecretName(name)) throw new LockstepError('BAD_REFERENCE', { what: 'name' });
  return { environment: environment === '' ? undefined : environment, name };
}

/** The text of a reference; `parseReference` reads it back as the same. Throws BAD_REFERENCE for what no reference can name. */
export function printReference({ environment, name }: Reference): string {
  const text = `${scheme}${environment ?? ''}#${name}`;
  const read = parseReference(text);
  if (read.environment !== environment || read.name !== name) throw new LockstepError('BAD_REFERENCE');
  return text;
}

const isSecretName = (name: string) => name !== '' && name.length <= longest && !/\p{Cc}/u.test(name);
