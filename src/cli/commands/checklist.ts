import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { tryUtf8, utf8 } from '../../core/bytes.ts';
import { checklistFolder, dayOf } from '../../core/checklist/checklist.ts';
import { compare, type Finding, isToDo, ticksFor } from '../../core/checklist/compare.ts';
import { type Checklist, readChecklist, withTicks } from '../../core/checklist/form.ts';
import { visible } from '../../core/tree/path.ts';
import { isLink, leadsOut, readBytes, writeAtomically } from '../../node/files.ts';
import { nodePlatform } from '../../node/platform.ts';
import { walk } from '../../node/walk.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { encryptedFiles, openerFor, repositoryRoot } from '../files/repository.ts';
import { standingWords } from '../words/standings.ts';

/** A checklist on the disk. */
interface Found {
  /** The folder that it is about: the one that holds `.lockstep`. */
  readonly root: string;
  /** As a person names it. */
  readonly label: string;
  readonly path: string;
  readonly text: string;
  readonly hash: string;
  readonly list: Checklist;
}

/** The values that are still to be replaced. Needs no key. */
export const listChecklists: Run = async (call) => {
  const found = await checklists(call);
  const left = found.flatMap(({ label, list }) =>
    list.items.filter(({ tick }) => !tick).map(({ file, entry }) => [label, file, entry]),
  );
  await print(call, left);
  return left.length > 0 ? exit.found : 0;
};

/** Compares every item with what git's history holds. */
export const verifyChecklists: Run = async (call) => {
  let open = 0;
  await eachCompared(call, async ({ label }, findings) => {
    open += findings.filter(isToDo).length;
    await print(
      call,
      findings.map((finding) => [label, finding.item.file, finding.item.entry, standingWords(finding)]),
    );
  });
  return open > 0 ? exit.found : 0;
};

/** Ticks off what changed, and takes ticks away that are not true. */
export const tickChecklists: Run = async (call) => {
  let open = 0;
  await eachCompared(call, async ({ label, path, text, hash }, findings) => {
    const next = withTicks(text, ticksFor(findings), dayOf(call.io.clock.now()));
    if (next !== text) await about(label, () => writeAtomically(path, utf8(next), hash));
    const left = (readChecklist(next)?.items ?? []).filter(({ tick }) => !tick);
    open += left.length;
    await print(
      call,
      left.map(({ file, entry }) => [label, file, entry]),
    );
  });
  return open > 0 ? exit.found : 0;
};

async function eachCompared(
  call: Call,
  work: (found: Found, findings: readonly Finding[]) => Promise<void>,
): Promise<void> {
  for (const found of await checklists(call)) {
    const { root, label, list } = found;
    const files = await encryptedFiles(call, root);
    const { findings, missing } = await compare(list, { git: nodePlatform.git, root, files, open: openerFor(call) });
    if (missing) call.io.writeStderr(`lockstep: ${visible(label)}: ${missingWords[missing]}\n`);
    await work(found, findings);
  }
}

const missingWords = {
  shallow: 'This clone has a part of the history only. Fetch all of it, and compare again: git fetch --unshallow',
  more: 'The history is longer than Lockstep reads. Values that are only in its oldest commits were not compared.',
};

const print = ({ io }: Call, rows: readonly (readonly string[])[]) =>
  io.writeStdout(rows.map((row) => `${row.map(visible).join('\t')}\n`).join(''));

const maxSize = 5 * 1024 * 1024;

/** Those that are named, else all of the repository. Throws Failure for a named file that is no checklist. */
async function checklists(call: Call): Promise<Found[]> {
  const { io, args } = call;
  const paths = args.length > 0 ? args.map((name) => resolve(io.cwd, name)) : await allPaths(call);
  const found: Found[] = [];
  for (const [i, path] of paths.entries()) {
    const label = args[i] ?? relative(io.cwd, path);
    const { bytes, hash } = await about(label, () => readBytes(path, maxSize), exit.cannotRead);
    const text = tryUtf8(bytes) ?? '';
    const list = readChecklist(text);
    if (list) found.push({ root: resolve(path, '../../..'), label, path, text, hash, list });
    else if (args.length > 0)
      throw new Failure(exit.generic, `${visible(label)} is no checklist.`, `Checklists are in ${checklistFolder}.`);
  }
  return found;
}

async function allPaths(call: Call): Promise<string[]> {
  const root = await repositoryRoot(call);
  const all = (await walk(root)).files.filter((path) => inChecklistFolder.test(path.split(sep).join('/')));
  const own: string[] = [];
  for (const path of all) {
    // What a repository has lead elsewhere is not ours to write.
    const elsewhere = (await isLink(path)) || (await leadsOut(path, root)) !== undefined;
    if (!elsewhere && existsSync(path)) own.push(path);
  }
  return own;
}

const inChecklistFolder = /\/\.lockstep\/leavers\/[^/]+\.md$/;
