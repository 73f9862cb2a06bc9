import assert from 'node:assert/strict';
import type { KeptDraft } from '../../../src/core/document/draft.ts';
import type { Kept, OnDisk } from '../../../src/core/document/file.ts';
import { DocumentModel } from '../../../src/core/document/model.ts';
import {
  type Ask,
  type Effects,
  type Event,
  isDirty,
  isDoubtful,
  keptOf,
  type Note,
  type TextEditor,
} from '../../../src/core/document/state.ts';
import { differenceOf, sameLines } from '../../../src/core/document/steps.ts';
import { isOurs, LockstepError, Refusal } from '../../../src/core/errors.ts';
import { applyEdits } from '../../../src/core/format/document.ts';
import { type UnknownText, unknownText } from '../../../src/core/seal/prove.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import { CustomModel } from './vscode.ts';

/** A text editor on the file. */
interface Editor {
  text: string;
  /** What it loaded or saved last, and the version of the file that it knows. */
  saved: string;
  knows: string | undefined;
}

const damaged = (text: string) => text.startsWith('damaged');

/**
 * A document model in a simulated VS Code, with a simulated disk and text editor, and a person whose texts must not be lost.
 * Nothing happens by itself: what is under way goes on by `proceed`, so chance may put anything in between.
 */
export class World {
  disk: string | undefined = 'v0\n';
  model!: DocumentModel;
  code!: CustomModel;
  editor: Editor | undefined;
  locked = false;
  trusted = true;
  /** The page of the document is in front. */
  active = true;
  /** What fails when it is tried next. */
  failing = new Set<'readDisk' | 'writeDisk' | 'writeText'>();
  backup: Kept | undefined;
  /** How often each thing happened, so that a test can tell that it happened at all. */
  readonly happened = new Map<string, number>();

  #ask: Ask | undefined;
  #ticket = 0;
  #names = 0;
  /** What VS Code waits for, by ticket. */
  #calls = new Map<number, (ok: boolean) => void>();
  /** Those of them that are calls of VS Code. */
  readonly #vscode = new Set<number>();
  #replies: (() => void)[] = [];
  #soon: Event[] = [];
  #reload = false;
  /** Somebody's texts that are neither saved nor given up. */
  #owed = new Set<string>();
  #draft: KeptDraft | undefined;
  /** Versions of the file that others wrote, and that nobody brought together with a text of the document. */
  #others = new Set<string>();
  #saved = new Set<string>();
  /** Versions of the file that nobody has but the document. */
  #emptied = new Set<string>();

  constructor() {
    this.#open(undefined, false);
    this.rest();
  }

  // What happens.

  edit(): void {
    const text = this.#fresh('mine');
    const make = async () => assert.fail();
    const reverts = this.#reverts;
    this.#made.set(make, () => {
      // What was on its way when somebody reverted is given up, too.
      if (reverts === this.#reverts) this.#owe(text);
      return text;
    });
    this.#send({ type: 'change', label: 'Set Value', make }, (ok) => {
      if (!ok) this.#owed.delete(text);
    });
  }

  typeText(text = this.#fresh('typed')): void {
    const { editor } = this;
    if (!editor) return;
    // Who types into the empty file before the document has looked at it wants it so.
    if (editor.saved === '' && this.model.state.file.gone !== 'emptied') this.#release();
    this.#owe(text);
    this.#setText(editor, text);
  }

  openText(): void {
    if (this.editor || this.disk === undefined) return;
    this.editor = { text: this.disk, saved: this.disk, knows: this.disk };
    this.#news('text');
  }

  /** What is not saved there is given up, but for what the document holds too. */
  closeText(): void {
    const { editor } = this;
    if (!editor) return;
    this.editor = undefined;
    this.code.forgetText();
    // What VS Code knew of the version that it started from is gone with it, also where the document, out of a backup, has not met it yet.
    const { borrowed, met, text } = this.model.state;
    if (borrowed || (met === undefined && editor.text === text)) this.#others.clear();
    // A revert that waits takes along what the document has taken from there.
    this.#keepOwed(this.#reverting ? new Set() : this.code.reachable(this.model.state.text));
    this.#send({ type: 'textClosed' });
  }

  saveText(): boolean {
    const { editor } = this;
    if (!editor || editor.text === editor.saved) return editor !== undefined;
    // VS Code does not save over a version that it did not load, but makes a file that is gone anew.
    if (this.disk !== undefined && this.disk !== editor.knows && this.disk !== editor.text) return false;
    this.#release();
    this.#write(editor.text);
    Object.assign(editor, { saved: editor.text, knows: editor.text });
    this.#soon.push({ type: 'textSaved' });
    return true;
  }

  save(done: () => void = () => undefined): void {
    const ticket = this.#ticket + 1;
    this.#saving = ticket;
    this.#send({ type: 'save' }, (ok) => {
      if (ok && this.#saving === ticket) this.code.saved();
      done();
    });
  }

  saveAs(): void {
    this.#send({ type: 'saveAs', to: 'elsewhere' }, (ok) => {
      if (ok) this.code.saved();
    });
  }

  revert(): void {
    if (!this.code.revert()) return;
    const { editor } = this;
    this.#reverts++;
    this.#owed = new Set(
      editor && editor.text !== editor.saved && this.model.state.met === undefined ? [editor.text] : [],
    );
    this.#reverting = true;
    this.#send({ type: 'revert' }, () => {
      this.#reverting = false;
      this.#draft = this.model.state.drafts.now;
    });
  }

  undo(): void {
    this.#history('undo');
  }

  redo(): void {
    this.#history('redo');
  }

  outside(): void {
    this.#release();
    this.disk = this.#fresh('other');
    this.#others.add(this.disk);
    this.#soon.push({ type: 'disk' });
    this.#reload = true;
  }

  /** Another program leaves the file empty. Nobody's text is in it: what the document holds is not given up for it. */
  empty(): void {
    if (this.disk === undefined) return;
    const { text } = this.model.state;
    const edited = this.editor && this.editor.text !== this.editor.saved;
    const isLast = text === this.disk && !isDirty(this.model.state) && !edited && !this.#reverting;
    this.disk = '';
    if (isLast && !this.#owed.has(text)) {
      this.#owe(text);
      this.#emptied.add(text);
    }
    this.#soon.push({ type: 'disk' });
    this.#reload = true;
  }

  remove(): void {
    this.#release();
    this.disk = undefined;
    this.#soon.push({ type: 'disk' });
  }

  lock(locked: boolean): void {
    this.locked = locked;
    this.#soon.push({ type: 'keys' });
  }

  keepDraft(): void {
    this.#draft = { sealed: this.#fresh('draft'), line: 1 };
    this.#send({ type: 'draft', to: this.#draft });
  }

  moveDraft(to: 'none' | 'undo' | 'redo'): void {
    this.#send({ type: 'draft', to });
    this.#draft = this.model.state.drafts.now;
  }

  /** Brings both versions of a conflict together. */
  resolve(): void {
    const { text: mine, file } = this.model.state;
    const theirs = file.theirs?.text;
    if (theirs === undefined) return;
    const text = this.#fresh('merged') as string;
    this.#owe(text);
    this.#send({ type: 'resolve', label: 'Bring Together', mine, theirs, text: text as never }, (ok) => {
      if (ok) this.#others.delete(theirs);
      else this.#owed.delete(text);
    });
  }

  /** The window ends, also in a crash, and starts again. */
  restart(): void {
    const keepsText = this.editor;
    this.#close();
    this.editor = keepsText;
    this.#open(this.backup, this.backup !== undefined);
    if (keepsText) this.#news('text');
  }

  /** The document closes and opens again at another place, with the same content. */
  rename(): void {
    // Nobody can rename a file that is gone.
    if (this.disk === undefined) return;
    const { state } = this.model;
    const kept = isDirty(state) ? keptOf(state) : undefined;
    if (state.borrowed) this.#others.clear();
    this.editor = undefined;
    this.#close();
    this.#open(kept, false);
  }

  /** A backup as somebody damaged it. */
  damage(): void {
    if (!this.backup) return;
    this.backup = { ...this.backup, text: unknownText(this.#fresh('damaged')) };
    this.#owed.clear();
  }

  /** Goes on by one step. */
  proceed(): boolean {
    const ask = this.#ask;
    if (ask) {
      this.#ask = undefined;
      this.#perform(this.model.outcome(this.#outcome(ask)));
      return true;
    }
    const event = this.#soon.shift();
    if (event) this.#send(event);
    else if (this.#reload) this.#reloadText();
    else return false;
    return true;
  }

  /** Everything that is under way comes to its end, timers too; then everything has to be right. */
  rest(): void {
    this.failing.clear();
    this.active = true;
    // The window gets the focus, and shows its editors.
    this.#soon.push({ type: 'disk' });
    if (this.editor) this.#news('text');
    for (let n = 0; ; n++) {
      assert.ok(n < 1000, 'it comes to no rest');
      if (this.proceed()) continue;
      if (!this.#waits) break;
      this.#waits = false;
      this.#send({ type: 'calm', textSaved: false });
    }
    this.#check();
    // VS Code makes a backup of what it takes for unsaved, a moment after it changed.
    this.backup = this.code.dirty ? keptOf(this.model.state) : undefined;
  }

  // How it is brought about.

  readonly #made = new Map<unknown, () => string>();
  #saving = 0;
  /** Every step from one text to another that was made. */
  readonly #steps: [before: string, after: string][] = [];
  #reverts = 0;
  #reverting = false;
  #waits = false;
  /** Undo waits for the undo before it. */
  #undoing = false;

  #open(kept: Kept | undefined, restored: boolean): void {
    this.model = new DocumentModel((text) => text);
    this.code = new CustomModel(restored);
    // Nobody can do anything with it before.
    let open = false;
    this.#send({ type: 'opened', kept, restored }, () => {
      open = true;
    });
    while (!open) this.proceed();
  }

  #close(): void {
    this.#keepOwed(new Set([this.model.state.text, ...(this.editor ? [this.editor.text] : [])]));
    this.#send({ type: 'closed' });
    this.#ask = undefined;
    this.#soon = [];
    this.#calls.clear();
    this.#replies = [];
    this.#undoing = false;
    this.#reverting = false;
    this.#waits = false;
  }

  #history(way: 'undo' | 'redo'): void {
    if (this.#undoing) return;
    const { code, editor } = this;
    const [from, to] = way === 'undo' ? [code.done, code.undone] : [code.undone, code.done];
    const element = from.pop();
    if (!element) return;
    to.push(element);
    this.#owed.delete(this.model.state.text);
    if (editor && this.model.state.met !== undefined) this.#owed.delete(editor.text);
    if (element.of === 'text') {
      const [now, then] = way === 'undo' ? [element.after, element.before] : [element.before, element.after];
      if (!editor || editor.text !== now) return;
      editor.text = then;
      this.#steps.push([now, then]);
      this.#owed.delete(now);
      this.#news('text');
      return;
    }
    const step = code[way]();
    if (!step) return;
    this.#undoing = true;
    this.#send({ type: 'travel', step, forth: way === 'redo', beside: this.#beside() }, () => {
      this.#undoing = false;
    });
  }

  #setText(editor: Editor, text: string): void {
    this.code.push({ of: 'text', before: editor.text, after: text });
    this.#steps.push([editor.text, text]);
    editor.text = text;
    this.#news('text');
  }

  /** A text editor without edits follows the file. */
  #reloadText(): void {
    this.#reload = false;
    const { editor, disk } = this;
    if (!editor || disk === undefined || editor.text !== editor.saved || editor.text === disk) return;
    this.code.push({ of: 'text', before: editor.text, after: disk });
    Object.assign(editor, { text: disk, saved: disk, knows: disk });
    this.#news('text');
  }

  #write(text: string): void {
    assert.ok(!text.startsWith('draft'), 'a draft is written');
    this.disk = text;
    this.#saved.add(text);
    // The way to a text that was saved need not outlive what others write over it.
    for (const one of [...this.code.reachable(text), ...this.#ancestors(text)]) this.#owed.delete(one);
    this.#soon.push({ type: 'disk' });
    this.#reload = true;
  }

  /** The texts out of which a text was made, step by step. */
  #ancestors(text: string): Set<string> {
    const found = new Set([text]);
    for (const [before, after] of this.#steps.toReversed()) if (found.has(after)) found.add(before);
    return found;
  }

  #fresh(word: string): string {
    return `${word}${++this.#names}\n`;
  }

  /** What the document alone held of a file that was emptied counts no more where the file is another one by somebody's will. */
  #release(): void {
    for (const text of this.#emptied) this.#owed.delete(text);
    this.#emptied.clear();
  }

  #owe(text: string): void {
    this.#owed.add(text);
  }

  #keepOwed(texts: ReadonlySet<string>): void {
    this.#owed = new Set([...this.#owed].filter((text) => texts.has(text)));
  }

  #news(type: 'text'): void {
    if (!this.#soon.some((event) => event.type === type)) this.#soon.push({ type });
  }

  #send(event: Event, done: (ok: boolean) => void = () => undefined): void {
    const ticket = ++this.#ticket;
    this.#calls.set(ticket, done);
    if (['opened', 'save', 'saveAs', 'revert', 'travel'].includes(event.type)) this.#vscode.add(ticket);
    this.#count(event.type);
    this.#perform(this.model.send(event, ticket));
  }

  #count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1);
  }

  #perform({ notes, ask }: Effects): void {
    for (const note of notes) this.#note(note);
    if (ask) {
      assert.equal(this.#ask, undefined, 'two questions at a time');
      this.#ask = ask;
    }
  }

  #note(note: Note): void {
    this.#count(note.do);
    switch (note.do) {
      case 'answer':
      case 'refuse': {
        const call = this.#calls.get(note.ticket);
        assert.ok(call || note.do === 'refuse', 'answered twice');
        this.#calls.delete(note.ticket);
        // VS Code takes it in a little later, at the end of the turn.
        if (note.do === 'answer' && this.#vscode.delete(note.ticket)) this.#replies.push(() => call?.(true));
        else call?.(note.do === 'answer');
        break;
      }
      case 'tellEdit':
        assert.equal(this.#replies.length, 0, 'VS Code was told before it had its answer');
        this.code.pushEdit(note.step);
        this.#steps.push([note.step.before, note.step.after]);
        break;
      case 'tellChange':
        assert.equal(this.#replies.length, 0, 'VS Code was told before it had its answer');
        this.code.changed = true;
        break;
      case 'wait':
        this.#waits = true;
        break;
      case 'clean':
        this.#clean(note.textSaved);
        break;
      case 'changed':
    }
  }

  #beside(): TextEditor | undefined {
    const { editor } = this;
    return editor && { text: unknownText(editor.text), dirty: editor.text !== editor.saved };
  }

  #opens(text: string): boolean {
    return !this.locked && text !== '' && !damaged(text);
  }

  #change(text: string): Change {
    return { edits: differenceOf(this.model.state.text, text), text: text as Change['text'] };
  }

  #reply(): void {
    for (const reply of this.#replies.splice(0)) reply();
  }

  /** As the provider does it. */
  #clean(textSaved: boolean): void {
    if (!this.active && !textSaved && this.editor) return;
    this.#send({ type: 'cleaning', on: true });
    if (!this.active) this.saveText();
    this.save(() => this.#send({ type: 'cleaning', on: false }));
  }

  #outcome(ask: Ask): { readonly value: unknown } | { readonly error: unknown } {
    this.#count(ask.do);
    try {
      return { value: this.#answer(ask) };
    } catch (error) {
      if (!isOurs(error)) throw error;
      return { error };
    }
  }

  #fails(what: 'readDisk' | 'writeDisk' | 'writeText'): boolean {
    return this.failing.delete(what);
  }

  #answer(ask: Ask): unknown {
    switch (ask.do) {
      case 'readDisk':
        if (this.#fails('readDisk')) return new LockstepError('READ_ONLY');
        return this.disk === undefined ? new LockstepError('GONE') : onDisk(this.disk);
      case 'writeDisk':
        if (this.#fails('writeDisk')) throw new LockstepError('DISK_FULL');
        if (this.disk === undefined) throw new LockstepError('GONE');
        if (onDisk(this.disk).hash !== ask.over) throw new LockstepError('CHANGED_ON_DISK');
        assert.ok(!damaged(ask.text), 'a damaged backup is written');
        assert.ok(this.trusted, 'written in Restricted Mode');
        assert.ok(
          !this.#others.has(this.disk) || this.#ancestors(ask.text).has(this.disk),
          `${ask.text} goes over ${this.disk}, which it does not come from`,
        );
        this.#write(ask.text);
        return onDisk(ask.text);
      case 'writeCopy':
        this.#saved.add(ask.text);
        return undefined;
      case 'textEditor':
        return this.#beside();
      case 'writeText': {
        if (!this.editor || this.editor.text !== ask.over) return undefined;
        if (this.#fails('writeText')) {
          // Somebody typed meanwhile, and took it back.
          this.#news('text');
          return undefined;
        }
        // Steps that the document made alone become one of the text editor's history.
        const text = applyEdits(ask.over, ask.edits);
        if (text === this.model.state.text) this.#keepOwed(this.code.reachable(ask.over).add(text));
        if (ask.edits.length > 0) this.#setText(this.editor, text);
        return this.editor.text as UnknownText;
      }
      case 'saveText':
        assert.ok(!damaged(this.editor?.text ?? ''), 'a damaged backup is written by way of the text editor');
        return this.saveText();
      case 'look':
        return { open: this.#opens(this.model.state.text), carried: undefined };
      case 'make':
        if (!this.#opens(this.model.state.text)) throw new LockstepError('EDIT_LOCKED', { verdict: 'MAC_MISMATCH' });
        return this.#change(this.#made.get(ask.make)?.() ?? assert.fail());
      case 'requireTrust':
        if (!this.trusted) throw new Refusal('UNTRUSTED');
        return undefined;
      case 'requireOpen':
        if (!this.#opens(this.model.state.text)) throw new LockstepError('EDIT_LOCKED', { verdict: 'MAC_MISMATCH' });
        return undefined;
      case 'turn':
        this.#reply();
        return undefined;
      case 'work':
        return undefined;
    }
  }

  // What has to be right at rest.

  #check(): void {
    const { model, code, editor, disk } = this;
    const { state } = model;
    const { text, file, drafts, belief } = state;
    const known = file.theirs?.text ?? file.base?.text;
    const emptied = disk === '' && file.base?.text !== '';
    assert.equal(file.gone, disk === undefined ? 'deleted' : emptied && 'emptied', 'gone');
    const there = disk !== undefined && !emptied;
    if (there) assert.equal(known, disk, 'what is known of the disk');
    if (disk !== undefined) assert.equal(isDirty(state), text !== disk || drafts.now !== undefined, 'dirty');
    assert.equal(drafts.now, this.#draft, 'the draft');
    assert.deepEqual([belief.at - 1, belief.changed], [code.at, code.changed], 'the count of edits');
    assert.equal(code.dirty, isDirty(state) && !state.copied, 'what VS Code believes');
    const edited = editor && editor.text !== editor.saved;
    if (edited && there && !file.theirs && !isDoubtful(state))
      assert.ok(sameLines(editor.text, text), 'the text editor');
    const kept = new Set([...code.reachable(text), ...this.#saved, ...(editor ? code.reachable(editor.text) : [])]);
    if (file.theirs) kept.add(file.theirs.text);
    for (const one of this.#owed) assert.ok(kept.has(one), `${one} is lost`);
  }
}

function onDisk(text: string): OnDisk {
  return { text: unknownText(text), hash: `hash of ${text}`, mark: false };
}
