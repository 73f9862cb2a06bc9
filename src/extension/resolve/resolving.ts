import * as vscode from 'vscode';
import { tryUtf8 } from '../../core/bytes.ts';
import { change } from '../../core/change/change.ts';
import { idOfPath } from '../../core/change/locate.ts';
import { LockstepError } from '../../core/errors.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import { nodeValue } from '../../core/format/nodevalue.ts';
import { nodeAt } from '../../core/format/place.ts';
import { mergeVersions } from '../../core/merge/versions.ts';
import { unseal } from '../../core/open/unseal.ts';
import type { FileContent } from '../../core/platform/disk.ts';
import { requireOpen } from '../../core/session/state.ts';
import { showPath } from '../../core/tree/path.ts';
import { scalarOf, textOfValue } from '../../core/tree/typed.ts';
import type { Value } from '../../core/tree/value.ts';
import { lostSince } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { documentOf, hasUnsavedCustom } from '../session/tabs.ts';
import { requireTrust } from '../session/trust.ts';
import { requireOwnAccess } from '../vault/ownaccess.ts';
import { withTexts } from '../versions/opening.ts';
import type { Told } from '../versions/panel.ts';
import { type Entry, idOf, isEdited, look, type Picture } from './picture.ts';
import { type Side, SideFault, type Texts, withThree } from './three.ts';

const { t } = vscode.l10n;

type LostKeys = Awaited<ReturnType<typeof lostSince>>;

/** What was taken for an entry in conflict. */
type Choice = 'ours' | 'theirs' | 'typed';

/**
 * One file in conflict, and what a person has decided about it. It holds encrypted texts, names and decisions: a value that was typed is in
 * the text of a side, encrypted. Nothing is written before `save`.
 */
export class Resolving {
  readonly uri: vscode.Uri;
  readonly #services: Services;
  readonly #original: Texts;
  /** With the values that were typed. */
  #texts: Texts;
  /** Of the file on the disk as it was when this began; undefined where there was none. */
  readonly #hash: string | undefined;
  readonly #chosen = new Map<string, Choice>();
  #readers = false;
  picture: Picture;
  /** Somebody edited the file after the merge; saving replaces that. */
  readonly edited: boolean;

  private constructor(
    services: Services,
    uri: vscode.Uri,
    texts: Texts,
    { hash, picture, edited }: Pick<Resolving, 'picture' | 'edited'> & { readonly hash: string | undefined },
  ) {
    this.uri = uri;
    this.#services = services;
    this.#original = texts;
    this.#texts = texts;
    this.#hash = hash;
    this.picture = picture;
    this.edited = edited;
  }

  /** @param now the file as it is on the disk; undefined where there is none. Throws what `look` throws. */
  static async begin(
    services: Services,
    uri: vscode.Uri,
    texts: Texts,
    now: FileContent | undefined,
  ): Promise<Resolving> {
    const picture = await look(services, uri, texts, false);
    const text = now && tryUtf8(now.bytes);
    const edited =
      picture.kind === 'entries' && text !== undefined && (await isEdited(services, uri, text, picture.text));
    return new Resolving(services, uri, texts, { hash: now?.hash, picture, edited });
  }

  /** Looks at the versions anew: keys came, or a lock is over. */
  async again(): Promise<void> {
    this.picture = await look(this.#services, this.uri, this.#original, this.#readers);
  }

  get entries(): readonly Entry[] {
    return this.picture.kind === 'entries' ? this.picture.entries : [];
  }

  get open(): readonly Entry[] {
    return this.entries.filter(({ id, state }) => state === 'conflict' && !this.#chosen.has(id));
  }

  choiceOf({ id }: Entry): Choice | undefined {
    return this.#chosen.get(id);
  }

  choose({ id }: Entry, side: 'ours' | 'theirs'): void {
    this.#chosen.set(id, side);
  }

  chooseRest(side: 'ours' | 'theirs'): void {
    for (const { id } of this.open) this.#chosen.set(id, side);
  }

  /** Takes a value that a person types unseen. */
  async type({ id, path, document, name, typeable }: Entry): Promise<void> {
    if (!typeable) throw new LockstepError('NO_SUCH_ENTRY');
    const { ui, clock } = this.#services;
    const { side, type } = typeable;
    const answer = await ui.secret({ title: t('Set {0}', name), prompt: t('The value for the merged file') });
    if (!answer || !('text' in answer)) return;
    const value = scalarOf(answer.text, type);
    const changed = await withThree(this.#services, this.uri, this.#texts, async (three) =>
      change(three[side], { kind: 'set', id: idOfPath(document, path), value }, clock),
    );
    this.#texts = { ...this.#texts, [side]: changed.text };
    this.#chosen.set(id, 'typed');
  }

  /** More people may read the merged file than one side says. */
  async acceptReaders(): Promise<void> {
    this.#readers = true;
    await this.again();
  }

  /** The value of an entry as a version has it; of what was typed, that. */
  reveal({ id, path, document, typeable }: Entry, side: Side): Promise<Told> {
    const isTyped = this.#chosen.get(id) === 'typed' && typeable?.side === side;
    const texts = isTyped ? this.#texts : this.#original;
    return withThree(this.#services, this.uri, texts, async (three) => {
      const opened = three[side];
      const root = opened && (await unseal(opened)).plain.doc.documents[document];
      const value = root && nodeAt<Value>(nodeValue(root), path);
      if (!value) throw new LockstepError('NO_SUCH_ENTRY');
      return { text: textOfValue(value), uri: this.uri, key: `${showPath(path)} (${side})` };
    });
  }

  /** The merged file: each entry in conflict is as it was decided. Throws NO_SUCH_ENTRY where one is not, and what merging throws. */
  async #merge(): Promise<string> {
    if (this.open.length > 0) throw new LockstepError('NO_SUCH_ENTRY', { what: 'conflict' });
    const sides = new Map(this.entries.map((entry) => [entry.id, this.#sideOf(entry)]));
    const merged = await withThree(this.#services, this.uri, this.#original, async (three) => ({
      ...(await mergeVersions(three, this.#services.clock, {
        side: (path, document) => sides.get(idOf(path, document)),
        readers: this.#readers,
      })),
      format: three.ours.sealed.format,
    }));
    if (merged.conflicts.some(({ kind }) => kind !== 'comments'))
      throw new LockstepError('NO_SUCH_ENTRY', { what: 'conflict' });
    if (merged.keysChanged) await requireOwnAccess(this.#services, this.uri, merged.text, merged.format);
    return this.#withTyped(merged.text);
  }

  #sideOf(entry: Entry): 'ours' | 'theirs' | undefined {
    const choice = this.#chosen.get(entry.id);
    return choice === 'typed' ? entry.typeable?.side : choice;
  }

  /** With typed values in the place of those that the merge took: one may be what the common ancestor has. */
  async #withTyped(text: string): Promise<string> {
    const typed = this.entries.filter(({ id }) => this.#chosen.get(id) === 'typed');
    if (typed.length === 0) return text;
    const steps = await withThree(this.#services, this.uri, this.#texts, async (three) =>
      typed.map(({ typeable, document, path }) => {
        const id = idOfPath(document, path);
        const value = typeable && three[typeable.side].value(id);
        if (!value) throw new LockstepError('NO_SUCH_ENTRY');
        return { kind: 'set' as const, id, value };
      }),
    );
    const { uri } = this;
    const { text: after } = await withTexts(this.#services, [{ uri, text }], async ([merged]) =>
      change(requireOpen(merged?.state ?? { kind: 'none' }), steps, this.#services.clock),
    );
    return after;
  }

  /** The named encryption keys that a side has and a text has not. */
  async #lost(text: string): Promise<LostKeys> {
    const { ours, theirs } = this.#original;
    const all: LostKeys[number][] = [];
    for (const side of [ours, theirs])
      for (const one of await lostSince(this.#services, this.uri, side, text))
        if (!all.some(({ name }) => name === one.name)) all.push(one);
    return all;
  }

  /**
   * Writes the merged file, unless the person does not want to lose a key; false then. Throws CHANGED_ON_DISK for one that changed meanwhile or has unsaved edits, LOCKED_OUT, what merging and writing
   * throw.
   */
  async save(mayLose: (lost: LostKeys) => Promise<boolean>): Promise<boolean> {
    requireTrust();
    const text = await this.#merge().catch((error) => {
      throw error instanceof SideFault ? error.cause : error;
    });
    if (!(await mayLose(await this.#lost(text)))) return false;
    await this.#write(bytesOfText(text));
    return true;
  }

  /** Puts a version in the file's place as git has it. Throws as `save`. */
  async take(side: 'ours' | 'theirs', mayLose: (lost: LostKeys) => Promise<boolean>): Promise<boolean> {
    requireTrust();
    if (!(await mayLose(await this.#lost(this.#original[side])))) return false;
    await this.#write(this.#original.bytes[side]);
    return true;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (documentOf(this.uri)?.isDirty || hasUnsavedCustom(this.uri))
      throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
    const { disk } = this.#services.platform;
    if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
    await disk.write(this.uri.fsPath, bytes, this.#hash);
  }
}
