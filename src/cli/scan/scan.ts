import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { type ErrorCode, LockstepError } from '../../core/errors.ts';
import { ignoredPath, NotSecrets } from '../../core/scan/ignored.ts';
import { isScanned, type Located, maxScanned, scanFile } from '../../core/scan/scan.ts';
import { OwnValues } from '../../core/scan/values.ts';
import { visible } from '../../core/tree/path.ts';
import { fileError, readBytes, readIfThere } from '../../node/files.ts';
import { walk } from '../../node/walk.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { encryptedFiles, openerFor, repositoryRoot } from '../files/repository.ts';
import { listed } from '../words/clearnote.ts';

type Found = Located & { readonly file: string };

/** More files than any repository has. */
const most = 1_000_000;
/** Files that are read at the same time. */
const together = 16;

/** Secrets that are written down in files that are not encrypted. Their values are not printed. */
export const scan: Run = async (call) => {
  const { io, flags } = call;
  const root = await repositoryRoot(call);
  const ignored = await about(ignoredPath, () => readIfThere(resolve(root, ignoredPath)), exit.cannotRead);
  const not = await about(ignoredPath, () => new NotSecrets(ignored && fromUtf8(ignored.bytes)), exit.generic);
  const own = await ownValues(call, root);
  const files = await filesOf(call);
  const found: Found[] = [];
  const shut: string[] = [];
  let passed = 0;
  for (let at = 0; at < files.length; at += together) {
    const some = files.slice(at, at + together);
    for (const [i, result] of (await Promise.all(some.map((path) => scanned(path, root, own, not)))).entries())
      if (typeof result !== 'string') found.push(...result);
      else if (result === 'TOO_LARGE' || result === 'NOT_A_FILE') passed++;
      else if (result !== 'GONE') shut.push(some[i] as string);
  }
  if (passed > 0)
    io.writeStderr(
      `lockstep: ${passed === 1 ? '1 file was' : `${passed} files were`} not looked into: over 2 MB, or no ordinary file.\n`,
    );
  if (shut.length > 0) {
    const names = listed(shut.map((path) => visible(relative(io.cwd, path))));
    io.writeStderr(`lockstep: ${shut.length === 1 ? '1 file' : `${shut.length} files`} could not be read: ${names}.\n`);
  }
  if (flags.on('json')) await io.writeStdout(`${JSON.stringify(found.map(asJson))}\n`);
  else await io.writeStdout(found.map((one) => `${lineOf(one, call)}\n`).join(''));
  if (found.length > 0) return exit.found;
  return shut.length > 0 ? exit.generic : 0;
};

/** The files that are named, and those below the folders that are; without one below the current folder. */
async function filesOf({ io, args }: Call): Promise<string[]> {
  const all = new Set<string>();
  for (const name of args.length > 0 ? args : ['.']) {
    const path = resolve(io.cwd, name);
    if (!existsSync(path)) throw new Failure(exit.noFile, `${visible(name)} is not there.`, 'Name a file or a folder.');
    for (const one of statSync(path).isDirectory() ? (await walk(path, most, true)).files : [path]) all.add(one);
  }
  return [...all];
}

/** The code of the error for a file that is too large, or cannot be read. */
async function scanned(path: string, root: string, own: OwnValues, not: NotSecrets): Promise<Found[] | ErrorCode> {
  const name = relative(root, path).split(sep).join('/');
  if (!isScanned(name)) return [];
  const content = await readBytes(path, maxScanned).catch((error: unknown) => fileError(error).code);
  if (typeof content === 'string') return content;
  return scanFile(name, content.bytes, own, not).map((one) => ({ ...one, file: path }));
}

/** The values of the encrypted files that open here; says so where one does not. */
async function ownValues(call: Call, root: string): Promise<OwnValues> {
  const own = new OwnValues();
  const open = openerFor(call);
  const shut: string[] = [];
  for (const file of await encryptedFiles(call, root)) {
    try {
      const isOpen = await open(file, (opened) => {
        own.add(file.path, opened);
        return true;
      });
      if (!isOpen) shut.push(file.path);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'NO_IDENTITY') throw error;
      shut.push(file.path);
    }
  }
  if (shut.length > 0) {
    const names = listed(shut.map((path) => visible(relative(call.io.cwd, resolve(root, path)))));
    call.io.writeStderr(
      `lockstep: ${shut.length === 1 ? '1 encrypted file does' : `${shut.length} encrypted files do`} not open here, so copies of their values were not looked for: ${names}. lockstep why FILE says the reason.\n`,
    );
  }
  return own;
}

const whatOf = ({ own, name }: Found) => (own ? `${own.file}: ${own.entry}` : (name ?? ''));

function lineOf(one: Found, { io }: Call): string {
  const place = `${visible(relative(io.cwd, one.file))}:${one.line}:${one.column}`;
  return [place, one.rule, visible(whatOf(one))].join('\t').trimEnd();
}

const asJson = ({ file, rule, line, column, name, own }: Found) => ({ file, line, column, rule, name, own });
