import * as vscode from 'vscode';
import { type AccessEvent, isExtraction } from '../../core/access/event.ts';
import { noticeFile, noticeLine } from '../../core/access/notice.ts';
import type { Head } from '../../core/access/record.ts';
import { check } from '../../core/access/verify.ts';
import { hashOf } from '../../core/hash.ts';
import type { AccessDisk } from '../../core/platform/accessdisk.ts';
import type { Clock } from '../../core/ports.ts';
import { commands } from '../ids.ts';
import { describeError } from '../log.ts';
import { repositoryOf } from '../outside.ts';
import type { Access, Accessed, AccessLogs, Services } from '../services.ts';
import { later } from '../surface.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import { purposeWords } from './words.ts';

const { t } = vscode.l10n;

type Given = Pick<Services, 'context' | 'platform' | 'settings' | 'ui' | 'log'> & { readonly clock: Clock };

/** After a record, this many milliseconds without another one before SecretStorage is told of it. */
const quiet = 500;

/**
 * Writes the access log of this user. Nobody waits for it: records are written one after the other, and what goes wrong is said, once
 * until it goes well again.
 */
export class Recorder implements Access, vscode.Disposable {
  readonly #given: Given;
  readonly #disk: AccessDisk | undefined;
  readonly #keepHead = later(quiet, () => void this.#storeHead());
  #queue: Promise<void> = Promise.resolve();
  #head: Head | undefined;
  #told = false;

  constructor(given: Given) {
    this.#given = given;
    this.#disk = given.platform.accessDisk;
  }

  record({ uri, ...about }: Accessed): void {
    const file = uri && (uri.scheme === 'file' ? uri.fsPath : uri.toString());
    const event: AccessEvent = { ...about, ...(file !== undefined && { file }) };
    const now = this.#given.clock.now();
    this.#queue = this.#queue.then(() => this.#write(event, uri, now)).catch((error) => this.#tell(error));
    if (isExtraction(event) && this.#given.settings.accessNotify) this.#notify(event, uri);
  }

  async settled(): Promise<void> {
    await this.#queue;
    await this.#storeHead();
  }

  dispose(): void {
    this.#keepHead.dispose();
  }

  async read(): Promise<AccessLogs | undefined> {
    const folder = this.#folder;
    if (!this.#disk || folder === undefined) return undefined;
    await this.#queue;
    // First: the log may grow meanwhile.
    const kept = await this.#keptHead();
    const { files, head } = this.#disk.read(folder);
    const other = this.#disk.ofCommandLine;
    const shell = other === undefined ? undefined : this.#disk.read(other);
    return {
      own: check(files, kept ? [head, kept] : [head]),
      commandLine: check(shell?.files ?? [], shell ? [shell.head] : []),
    };
  }

  async acceptEnd(): Promise<void> {
    await this.#queue;
    if (this.#head) await this.#put(this.#head);
  }

  /** The log's folder; undefined where there is none. */
  get #folder(): string | undefined {
    const { scheme, fsPath } = this.#given.context.globalStorageUri;
    return this.#disk && scheme === 'file' ? fsPath : undefined;
  }

  /** What the log is known to have reached, by what nobody without the keyring can change. */
  async #keptHead(): Promise<Head | undefined> {
    const text = await this.#given.context.secrets.get(this.#headKey());
    const [n, hash] = text?.split(' ') ?? [];
    return n && hash ? { n: Number(n), hash } : undefined;
  }

  async #write(event: AccessEvent, uri: vscode.Uri | undefined, now: Date): Promise<void> {
    const folder = this.#folder;
    if (!this.#disk || folder === undefined) return this.#tellNoPlace();
    const { head, lost } = await this.#disk.append(folder, event, now);
    this.#head = head;
    this.#told = false;
    this.#keepHead.start();
    if (lost > 0) {
      this.#warnLost(lost);
      // It is known, and recorded: the log goes on from here.
      await this.#put(head);
    }
    if (uri && isExtraction(event)) await this.#notice(event, uri, now);
  }

  /** For the owner of the repository, where the person or the repository wants that. */
  async #notice(event: AccessEvent, uri: vscode.Uri, now: Date): Promise<void> {
    const { platform, settings } = this.#given;
    const root = uri.scheme === 'file' && vscode.workspace.isTrusted ? await repositoryOf(uri) : undefined;
    if (!root) return;
    const name = uri.path.slice(root.path.length + 1);
    const line = noticeLine(event, name, now);
    const file = noticeFile(platform.keyLabel(), now);
    try {
      await this.#disk?.addNotice(root.fsPath, file, line, settings.accessNotices);
    } catch (error) {
      this.#tell(error, t('No notice of it can be written into the repository.'));
    }
  }

  #notify({ purpose, key }: AccessEvent, uri: vscode.Uri | undefined): void {
    const what = [purposeWords[purpose](), key].filter(Boolean).join(': ');
    void this.#say('info', uri ? t('{0} ({1})', what, fileName(uri)) : what);
  }

  #warnLost(lost: number): void {
    const message = t(
      'The access log has lost its last records ({0}): somebody removed them, or the machine lost power. A record says so.',
      lost,
    );
    void this.#say('warn', message);
  }

  async #say(how: 'info' | 'warn', message: string): Promise<void> {
    const show = t('Show Access Log');
    if ((await this.#given.ui[how](message, show)) === show)
      await vscode.commands.executeCommand(commands.showAccessLog);
  }

  #tell(error: unknown, what = t('What you do now is not recorded.')): void {
    const { ui, log } = this.#given;
    log.error(`access log: ${describeError(error)}`);
    if (this.#told) return;
    this.#told = true;
    const { message } = wordsOfAny(error, t('access log'));
    void ui.error(`${message} ${what}`);
  }

  #tellNoPlace(): void {
    if (this.#told) return;
    this.#told = true;
    void this.#given.ui.warn(t('There is no place for an access log here, so accesses are not recorded.'));
  }

  async #storeHead(): Promise<void> {
    const head = this.#head;
    if (!head) return;
    try {
      // Of two windows the one that wrote last need not be the one that stores last.
      if (((await this.#keptHead())?.n ?? 0) < head.n) await this.#put(head);
    } catch (error) {
      this.#tell(error);
    }
  }

  async #put({ n, hash }: Head): Promise<void> {
    await this.#given.context.secrets.store(this.#headKey(), `${n} ${hash}`);
  }

  /** SecretStorage is the same for every machine that this window works on; each has a log of its own. */
  #headKey(): string {
    return `lockstep.access.${hashOf(`${this.#given.platform.keyLabel()}\n${this.#folder}`).slice(0, 16)}`;
  }
}
