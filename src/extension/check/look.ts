import * as vscode from 'vscode';
import { check } from '../../core/check/check.ts';
import type { SecretFile } from '../../core/check/files.ts';
import type { Finding } from '../../core/check/finding.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes, looksSealed } from '../../core/format/which.ts';
import type { Git } from '../../core/platform/git.ts';
import { isChosen, mayBeSealed, mayHoldSecrets } from '../../core/survey/candidates.ts';
import { maxSurveyed, surveyFile } from '../../core/survey/facts.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import type { NextCommit } from './next.ts';
import { mayOpen, type WorkspaceValues } from './values.ts';

/** Files of one commit that are looked at. */
const most = 2_000;
/** Bytes of what is staged that are read. */
const maxRead = 64 * 1024 * 1024;

/** What was found, and what tells the same commit from another one. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly state: string;
  /** From the root: what the commit changes. What is found elsewhere is a name of a secret that is gone. */
  readonly paths: ReadonlySet<string>;
}

/**
 * What should not be in the next commit of a repository. Nobody is asked for anything.
 * @param before what was found before, which is it where the commit is the same; undefined where something else has changed
 */
export async function findingsIn(
  services: Services,
  git: Git,
  root: vscode.Uri,
  next: NextCommit,
  values: WorkspaceValues,
  before: Looked | undefined,
): Promise<Looked> {
  const look = new Look(services, git, root, next);
  const { wanted } = look;
  if (wanted.size === 0) return { findings: [], state: '', paths: new Set() };
  const state = await look.list();
  if (before && before.state === state && next.from === 'index') return before;
  await look.readStaged();
  const opens = await mayOpen(services);
  const own = await values.now();
  const { findings } = await check({
    files: { paths: await look.paths(), read: (path) => look.read(path) },
    secret: await look.secret(),
    wanted: (path) => wanted.has(path),
    names: await services.rules.names(vscode.Uri.joinPath(root, 'x')),
    // The values are read already.
    values: { add: () => undefined, find: (bytes) => own.find(bytes) },
    open: ({ path, bytes }, work) => look.open(path, bytes, opens && wanted.has(path), work),
  });
  return { findings, state, paths: new Set(wanted.keys()) };
}

class Look {
  readonly #services: Services;
  readonly #git: Git;
  readonly #root: vscode.Uri;
  readonly #next: NextCommit;
  /** By their paths from the root. */
  readonly wanted: ReadonlyMap<string, vscode.Uri>;
  /** What git has: the paths of each content. */
  readonly #blobs = new Map<string, string[]>();
  readonly #staged = new Map<string, Uint8Array>();

  constructor(services: Services, git: Git, root: vscode.Uri, next: NextCommit) {
    this.#services = services;
    this.#git = git;
    this.#root = root;
    this.#next = next;
    const own = next.uris.slice(0, most).flatMap((uri) => {
      const path = this.#pathOf(uri);
      return path === undefined ? [] : [[path, uri] as const];
    });
    this.wanted = new Map(own);
  }

  /** Which contents are staged; what tells them from others. */
  async list(): Promise<string> {
    if (this.#next.from === 'disk') return '';
    const files = (await this.#git.filesAt(this.#root.fsPath, 'index')) ?? [];
    const own = files.filter(({ path }) => this.wanted.has(path));
    for (const { path, blob } of own) this.#blobs.set(blob, [...(this.#blobs.get(blob) ?? []), path]);
    return own.map(({ path, blob }) => `${path} ${blob}`).join('\n');
  }

  /** What git has of the files, read at once. */
  async readStaged(): Promise<void> {
    let size = 0;
    for await (const { blob, bytes } of this.#git.contents(this.#root.fsPath, [...this.#blobs.keys()])) {
      size += bytes.length;
      if (size > maxRead) return;
      for (const path of this.#blobs.get(blob) ?? []) this.#staged.set(path, bytes);
    }
  }

  /** Every file of the repository. */
  async paths(): Promise<string[]> {
    const all = (await this.#git.filesIn(this.#root.fsPath)) ?? [];
    return [...new Set([...all, ...this.wanted.keys()])].sort();
  }

  async read(path: string): Promise<Uint8Array> {
    if (this.#next.from === 'index' && this.wanted.has(path)) {
      const bytes = this.#staged.get(path);
      // It is deleted, or too large.
      if (!bytes) throw new LockstepError('GONE');
      return bytes;
    }
    return readAnywhere(this.#services.platform, vscode.Uri.joinPath(this.#root, path), maxSurveyed);
  }

  /** Those of the next commit as it has them, all others as they are. */
  async secret(): Promise<SecretFile[]> {
    const { inventory, rules } = this.#services;
    await inventory.ready();
    const found: SecretFile[] = [];
    const configOf = async (uri: vscode.Uri) => {
      const config = await rules.find(uri).catch(() => undefined);
      return config && this.#pathOf(config.config);
    };
    for (const { uri, facts } of inventory.files) {
      const path = this.#pathOf(uri);
      if (path !== undefined && !this.wanted.has(path)) found.push({ path, facts, config: await configOf(uri) });
    }
    for (const [path, uri] of this.wanted) {
      const rule = async () => (await rules.find(uri))?.rule;
      const isNamed = mayHoldSecrets(path) || isChosen(path, await rule().catch(() => undefined));
      if (!isNamed && !(mayBeSealed(path) && looksSealed(await this.read(path).catch(() => new Uint8Array()))))
        continue;
      const facts = await surveyFile(path, () => this.read(path), rule);
      if (isNamed ? facts.kind !== 'none' : facts.kind === 'encrypted')
        found.push({ path, facts, config: await configOf(uri) });
    }
    return found;
  }

  async open<T>(
    path: string,
    bytes: Uint8Array,
    may: boolean,
    work: Parameters<Parameters<typeof check>[0]['open']>[1],
  ): Promise<T | undefined> {
    if (!may) return undefined;
    const { text } = formatOfBytes(path, bytes);
    const uri = vscode.Uri.joinPath(this.#root, path);
    return this.#services.sessions.with(uri, text, async ({ state }) =>
      'opened' in state ? (work(state.opened) as T) : undefined,
    );
  }

  #pathOf(uri: vscode.Uri): string | undefined {
    const start = `${this.#root.path.replace(/\/$/, '')}/`;
    return uri.scheme === this.#root.scheme && uri.path.startsWith(start) ? uri.path.slice(start.length) : undefined;
  }
}
