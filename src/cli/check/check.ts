import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { tryUtf8 } from '../../core/bytes.ts';
import { check } from '../../core/check/check.ts';
import { type Finding, keepsBack } from '../../core/check/finding.ts';
import { missingIn } from '../../core/check/revision.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { LockstepError } from '../../core/errors.ts';
import { type Names, namesIn } from '../../core/people/names.ts';
import { OwnValues } from '../../core/scan/values.ts';
import { mayHoldSecrets } from '../../core/survey/candidates.ts';
import { visible } from '../../core/tree/path.ts';
import { isConfigName } from '../../core/view/names.ts';
import { commitOf } from '../../node/git/at.ts';
import { workTree } from '../../node/git/driver.ts';
import { gitHere } from '../../node/git/run.ts';
import type { Call, Run } from '../call.ts';
import { contradiction, exit, Failure } from '../failure.ts';
import { openerFor, repositoryRoot } from '../files/repository.ts';
import { askingKeyring, quietKeyring } from '../keys/keyring.ts';
import { unreadWords } from '../words/checkwords.ts';
import { listed } from '../words/clearnote.ts';
import { type Format, formats, report } from './report.ts';
import { diskSource, gitSource, pathIn, type Source, stagedIn } from './sources.ts';

/**
 * Looks for what should not be committed: in all files of the repository, in those that are named, or in what the next commit changes; or
 * whether a commit has the secrets that its code names. 0 when nothing of the kind is found but warnings, else `exit.found`.
 */
export const checkAll: Run = async (call) => {
  const { flags } = call;
  const format = formatOf(call);
  // A variable of a script that is not set would mean the files on the disk.
  if (flags.list('rev').includes(''))
    throw new Failure(exit.generic, '--rev names no commit.', 'Name one, such as a tag, or leave the flag out.');
  if (flags.on('staged') && flags.text('rev') !== undefined)
    throw contradiction('staged', 'rev', 'Error: cannot use both');
  if (flags.text('rev') !== undefined) return checkRevision(call, format);
  const root = flags.on('staged') ? await gitRoot(call) : await repositoryRoot(call);
  const named = namedOperands(call, root);
  const staged = flags.on('staged') ? await stagedIn(root) : undefined;
  const isNamed = (path: string) => named.length === 0 || named.some((one) => isWithin(one, path));
  const disk = staged ? undefined : await diskSource(call, root);
  const wanted = (path: string) => (staged?.has(path) ?? !disk?.outside.has(path)) && isNamed(path);
  const source = disk ?? (await gitSource(call, root, 'index', wanted));
  requireFiles(source, named, root, disk?.leftOut);
  const names = await namesOfAll(source);
  const found = await check({
    ...{ ...source, wanted, names, values: new OwnValues() },
    open: openerFor(call, quietKeyring(call)),
    // A hook comes with every commit: nobody is asked for a pass phrase or a touch each time.
    ...(staged ? {} : { ask: openerFor(call, askingKeyring(call)) }),
  });
  tellUnopened(call, found.unopened, staged !== undefined);
  tellUnread(call, found.unread);
  const leftOut = [...(disk?.leftOut ?? [])];
  tellFiles(call, 'Files that a sparse checkout leaves out were not looked into', leftOut.filter(isNamed));
  tellFiles(
    call,
    'Links that lead out of the repository were not followed',
    [...(disk?.outside ?? [])].filter(isNamed),
  );
  // A secret may be in a file that is not here.
  const findings = leftOut.some(mayHoldSecrets)
    ? found.findings.filter(({ code }) => code !== 'missing')
    : found.findings;
  return printed(
    call,
    root,
    format,
    findings,
    names,
    [...found.unread].filter(([path]) => wanted(path)),
  );
};

async function checkRevision(call: Call, format: Format): Promise<number> {
  const root = await gitRoot(call);
  const rev = call.flags.text('rev') ?? '';
  const commit = await commitOf(call.io.cwd, rev, gitHere);
  if (!commit)
    throw new Failure(exit.noFile, `${visible(rev)}: git has no such commit here.`, 'git log --oneline lists commits.');
  const named = namedOperands(call, root);
  const then = await gitSource(call, root, commit, () => true);
  requireFiles(then, named, root);
  requireContents(then, rev);
  const { findings, unread } = await missingIn(then, await diskSource(call, root));
  tellUnread(call, unread);
  const wanted = findings.filter(({ path }) => named.length === 0 || named.some((one) => isWithin(one, path)));
  return printed(call, root, format, wanted, new Map(), [...unread]);
}

function formatOf({ flags }: Call): Format {
  const format = flags.text('format') ?? 'text';
  if (isFormat(format)) return format;
  throw new Failure(exit.generic, `--format takes ${formats.join(', ')}.`, 'For example: --format json');
}

const isFormat = (format: string): format is Format => (formats as readonly string[]).includes(format);

/** As git itself would find it: a hook of git is told by variables. */
async function gitRoot({ io }: Call): Promise<string> {
  const root = await workTree(io.cwd);
  if (root !== undefined) return root;
  throw new Failure(
    exit.generic,
    'This folder is in no git repository, or git does not run here.',
    'Without --staged and --rev, files are checked as they are.',
  );
}

/** Files and folders, from the root. */
function namedOperands({ io, args }: Call, root: string): string[] {
  return args.map((name) => {
    const path = pathIn(root, resolve(io.cwd, name));
    if (path !== '..' && !path.startsWith('../')) return path;
    throw new Failure(exit.noFile, `${visible(name)} is not in this repository.`, 'Go to its folder first.');
  });
}

const isWithin = (folder: string, path: string) => folder === '' || path === folder || path.startsWith(`${folder}/`);

/** A name that is mistyped would be checked without a finding. */
function requireFiles(
  { files }: Source,
  named: readonly string[],
  root: string,
  leftOut: ReadonlySet<string> = new Set(),
): void {
  const isThere = (one: string) => files.paths.some((path) => isWithin(one, path) && !leftOut.has(path));
  const missing = named.find((one) => !isThere(one));
  if (missing !== undefined)
    throw new Failure(
      exit.noFile,
      `${visible(missing)}: There is no such file to check.`,
      'git may ignore it, or a sparse checkout leaves it out.',
    );
  // git lists a submodule as it lists a file.
  const other = named.find((one) => files.paths.includes(one) && existsSync(join(root, one, '.git')));
  if (other !== undefined)
    throw new Failure(exit.noFile, `${visible(other)} is a repository of its own.`, 'Check it from its own folder.');
}

/** What a secret file has that is not to be read would seem to be missing. */
function requireContents({ secret }: Source, rev: string): void {
  const unread = secret.filter(({ facts }) => facts.kind === 'unread').map(({ path }) => path);
  if (unread.length > 0)
    throw new Failure(
      exit.cannotRead,
      `git has no content here for ${visible(listed(unread, 5))} at ${visible(rev)}, or it is too large.`,
      'In a clone without all contents, git fetch --refetch gets them. Lockstep fetches nothing by itself.',
    );
}

/** What the `.sops.yaml` files say; the first name of a key counts. */
async function namesOfAll({ files }: Source): Promise<Names> {
  const texts = files.paths.filter(isConfigName).map(async (path) => {
    try {
      return tryUtf8(await files.read(path)) ?? '';
    } catch (error) {
      if (error instanceof LockstepError) return '';
      throw error;
    }
  });
  return namesIn((await Promise.all(texts)).join('\n'));
}

async function printed(
  { io }: Call,
  root: string,
  format: Format,
  all: readonly Finding[],
  names: Names,
  unread: readonly (readonly [path: string, code: ErrorCode])[],
): Promise<number> {
  const label = (path: string) => relative(io.cwd, join(root, path));
  await io.writeStdout(report(format, all, names, label));
  const errors = all.filter(keepsBack).length;
  const [few, warnings] = [new Set(all.map(({ path }) => path)).size, all.length - errors];
  const counted = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;
  io.writeStderr(
    all.length === 0
      ? `lockstep: Nothing was found${unread.length > 0 ? ' in what could be read' : ''}.\n`
      : `lockstep: ${counted(errors, 'error')} and ${counted(warnings, 'warning')} in ${counted(few, 'file')}.\n`,
  );
  if (errors > 0) return exit.found;
  // Too large is what Lockstep decides; what it could not look at may hold anything.
  return unread.some(([, code]) => code !== 'TOO_LARGE') ? exit.generic : 0;
}

/** @param isQuiet nobody was asked, nor gpg, nor a key service: one that has such a key is not to think that it was tried */
function tellUnopened({ io }: Call, paths: readonly string[], isQuiet: boolean): void {
  if (paths.length === 0) return;
  const files = visible(listed(paths, 5));
  const what = isQuiet
    ? 'No key opens this without a pass phrase, gpg or a key service'
    : `No key at hand opens ${files}`;
  const next = isQuiet ? ' lockstep check uses those, too.' : '';
  io.writeStderr(
    `lockstep: note: ${isQuiet ? `${files}: ` : ''}${what}: MAC and values are not verified, and the values are not searched for.${next}\n`,
  );
}

function tellFiles({ io }: Call, what: string, paths: readonly string[]): void {
  if (paths.length > 0) io.writeStderr(`lockstep: note: ${what}: ${visible(listed(paths, 5))}.\n`);
}

function tellUnread({ io }: Call, unread: ReadonlyMap<string, ErrorCode>): void {
  for (const [path, code] of [...unread].slice(0, 10))
    io.writeStderr(`lockstep: note: ${visible(path)} was not searched: ${unreadWords(code)}\n`);
  if (unread.size > 10) io.writeStderr(`lockstep: note: ${unread.size - 10} more files were not searched.\n`);
}
