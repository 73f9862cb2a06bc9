import * as vscode from 'vscode';
import type { Wanted } from '../../core/debug/configuration.ts';
import { staysBehind } from '../../core/enckeys/given.ts';
import type { Found } from '../../core/env/environments.ts';
import { type Handed, handedOf } from '../../core/env/nested.ts';
import { parseReference, printReference } from '../../core/env/references.ts';
import { findSecret, lastOnes, type SecretName, withVariables } from '../../core/env/secretnames.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { requireOpened } from '../../core/session/state.ts';
import { showPath } from '../../core/tree/path.ts';
import { readAnywhere } from '../elsewhere.ts';
import { fetchSecrets } from '../person/fetched.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';

/** A value that a program is to be given, and where it comes from. */
export interface Given extends Handed, SecretName {
  readonly file: vscode.Uri;
}

/** What a session asks for, found: names, files and their ciphertext. */
export interface Asked {
  /** For `lockstep run`, in front of `--`. Names and paths. */
  readonly flags: readonly string[];
  readonly files: readonly vscode.Uri[];
  /** The values, decrypted now, of the files as they were when this was found. Throws why they are not open, and NO_SUCH_SECRET. */
  open(): Promise<readonly Given[]>;
}

/** An environment, with the text of each file. */
interface Taken {
  readonly found: Found<vscode.Uri>;
  readonly texts: readonly { readonly file: vscode.Uri; readonly text: string }[];
}

/**
 * Finds what a configuration asks for, and lets a person unlock where that is needed; undefined when they do not. Nothing is opened
 * yet. Throws BAD_REFERENCE, NO_ENVIRONMENT, BAD_ENVIRONMENTS and what reading a file throws.
 */
export async function findAsked(services: Services, folder: vscode.Uri, wanted: Wanted): Promise<Asked | undefined> {
  const { environments } = services;
  const references = Object.entries(wanted.references).map(([variable, text]) => ({
    variable,
    ...parseReference(text),
  }));
  const takesAll = wanted.environment !== undefined;
  const own = takesAll ? wanted.environment || undefined : references[0]?.environment;
  const taken = new Map<string | undefined, Taken>();
  for (const name of [...(takesAll ? [own] : []), ...references.map(({ environment }) => environment)])
    if (!taken.has(name)) taken.set(name, await take(services, folder, name));
  const files = [...taken.values()].flatMap(({ texts }) => texts.map(({ file }) => file));
  for (const file of files) if (!(await askToUnlock(services, file))) return undefined;

  const stored = async () => {
    const values = new Map<string | undefined, readonly Given[]>();
    for (const [name, one] of taken) values.set(name, await openTaken(services, one));
    const named = references.map(({ variable, environment, name }) => ({
      ...findSecret(values.get(environment) ?? [], name),
      variable,
    }));
    const rest = takesAll ? (values.get(own) ?? []).filter((one) => !staysBehind(one)) : [];
    return [...rest.filter(({ variable }) => !Object.hasOwn(wanted.references, variable)), ...named];
  };
  const base = taken.get(own)?.found;
  const secrets = references.map(({ variable, environment, name }) => {
    const from = taken.get(environment)?.found.name || undefined;
    return `${variable}=${environment === own ? name : printReference({ environment: from, name })}`;
  });
  // Beside `--secret` a program gets nothing else: the others are named, too.
  const others = takesAll && secrets.length > 0 ? (await stored()).slice(0, -secrets.length) : [];
  const all = [...others.map(({ variable, path }) => `${variable}=${showPath(path)}`), ...secrets];
  return {
    files,
    open: async () => fetchAll(services, await stored()),
    flags: [...(base ? environments.flags(base) : []), ...all.flatMap((one) => ['--secret', one])],
  };
}

/** With the secrets of other managers, as the program has them. Throws as `fetchSecrets`. */
async function fetchAll(services: Services, all: readonly Given[]): Promise<readonly Given[]> {
  const folders = all.map(({ file }) => vscode.Uri.joinPath(file, '..'));
  const found = await fetchSecrets(services, all, folders);
  return all.map((one, i) => ({ ...one, value: found[i]?.value ?? one.value }));
}

async function take(
  { environments, platform }: Services,
  folder: vscode.Uri,
  name: string | undefined,
): Promise<Taken> {
  const found = await environments.find(folder, name);
  // Whether what is written down fits what is in the files.
  await environments.names(found);
  const texts = found.files.map(async (one) => {
    const file = vscode.Uri.joinPath(found.folder, one);
    return { file, text: formatOfBytes(file.path, await readAnywhere(platform, file)).text };
  });
  return { found, texts: await Promise.all(texts) };
}

/** As `lockstep run` reads the files, but for what a `.env` takes from the environment of the program. */
async function openTaken({ sessions }: Services, { found, texts }: Taken): Promise<readonly Given[]> {
  const all: Given[] = [];
  for (const { file, text } of texts)
    await sessions.with(file, text, async (session) => {
      const opened = requireOpened(session.state);
      if (!opened.verdict.ok) throw new LockstepError(opened.verdict.code);
      const handed = await handedOf(opened, found.loader ?? 'dotenv', {});
      all.push(...handed.map((one) => ({ ...one, file })));
    });
  const { named } = withVariables(all, found.variables);
  return found.inOrder ? lastOnes(named, ({ file }) => file) : named;
}
