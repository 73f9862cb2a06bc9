import { LockstepError } from '../errors.ts';
import type { TextEdit } from '../format/document.ts';
import { believe, believesDirty, newBelief } from './belief.ts';
import { keepDraft, loneDraft, noDrafts, redoDraft, undoDraft } from './drafts.ts';
import { afterLook, type DocumentText, fileIs, type KnownFile, startedFrom } from './file.ts';
import { fileOfTyped, meeting } from './meeting.ts';
import {
  type Answers,
  type Ask,
  type Event,
  isDirty,
  isStale,
  type Note,
  newState,
  type State,
  type TextEditor,
} from './state.ts';
import { type Digest, differenceOf, sameLines, stepOf, travel } from './steps.ts';

/** While somebody types in the text editor, the text may change under a change; after this many times we say so. */
const attempts = 3;

/** The event has to wait for others once more. */
const again = Symbol('again');

/** What is done for an event: it asks one thing after the other, and goes on with the answers. */
export type Course<T = void> = Generator<Ask, T, unknown>;

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>;

/** Throws SYNTAX (`draft`), with the line, while a text that does not parse waits. */
export function requireNoDraft({ drafts: { now } }: State): void {
  if (now !== undefined) throw new LockstepError('SYNTAX', { what: 'draft', line: now.line });
}

function* ask<A extends Ask>(what: A): Course<Answers[A['do']]> {
  return (yield what) as Answers[A['do']];
}

/** The state of a document, and what each event does to it. */
export class Courses {
  readonly #digest: Digest;
  #state: State = newState;
  #notes: Note[] = [];
  /** Saves that VS Code waits for: of those only the last one counts for it. */
  #saves = 0;
  /** Steps that VS Code counts as undone or done again, and that wait for their turn. */
  #travels = 0;
  /** Of the event that runs; undefined once it is answered. */
  #ticket: number | undefined;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  get state(): State {
    return this.#state;
  }

  note(note: Note): void {
    this.#notes.push(note);
  }

  takeNotes(): readonly Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** What an event does before its turn; whether that is all. VS Code has counted already where it tells of a step or of a revert. */
  atOnce(event: Event): boolean {
    const { belief, cleaning } = this.#state;
    switch (event.type) {
      case 'draft':
        this.#draft(event.to);
        return false;
      case 'textClosed':
        this.#put({ met: undefined });
        return true;
      case 'textSaved':
        // It goes along when VS Code is asked to save only to learn that nothing is unsaved.
        return cleaning;
      case 'cleaning':
        this.#put({ cleaning: event.on });
        return true;
      case 'closed':
        this.#put({ closed: true });
        return true;
      case 'save':
        this.#saves++;
        return false;
      case 'travel':
        this.#travels++;
        this.#put({ belief: believe(belief, event.forth ? 'redo' : 'undo'), copied: false });
        return false;
      case 'revert':
        this.#put({ belief: believe(belief, 'revert') });
        return false;
      default:
        return false;
    }
  }

  /**
   * All the rest. Whatever happens, the event is answered, and VS Code knows in the end whether something is unsaved. False
   * where it has to come again behind those that wait.
   */
  *run({ event, ticket, clean }: { event: Event; ticket: number; clean: boolean }): Course<boolean> {
    this.#ticket = ticket;
    const conflict = this.#state.file.theirs !== undefined;
    try {
      const value = yield* this.#course(event, clean);
      if (value === again) return false;
      if (event.type !== 'calm') this.#mark();
      if (this.#ticket !== undefined) this.note({ do: 'answer', ticket, value });
      this.#ticket = undefined;
      const { met, text, file } = this.#state;
      // The text editor has to follow, or may again.
      if ((met && !sameLines(met.text, text)) || (conflict && !file.theirs)) {
        yield* this.#meet();
        this.#mark();
      }
    } catch (error) {
      this.#mark();
      this.note({ do: 'refuse', ticket, error });
    }
    return true;
  }

  #course(event: Event, clean: boolean): Course<unknown> {
    switch (event.type) {
      case 'opened':
        return this.#open(event);
      case 'work':
        return ask({ do: 'work', work: event.work });
      case 'change':
        return this.#change(event);
      case 'resolve':
        return this.#resolve(event);
      case 'save':
        return this.#save(clean);
      case 'saveAs':
        return this.#saveAs(event);
      case 'revert':
        return this.#revert();
      case 'travel':
        return this.#travel(event);
      default:
        return this.#news(event);
    }
  }

  /** What nobody waits for. */
  *#news(event: Event): Course {
    if (this.#state.closed) return;
    const { file } = this.#state;
    // Without a draft nothing may be left that could be set against the version on the disk.
    const settled = event.type === 'draft' && file.theirs !== undefined && !isDirty(this.#state);
    if (event.type === 'disk' || event.type === 'textSaved' || settled) yield* this.#readDisk();
    if (event.type === 'text' || event.type === 'textSaved') yield* this.#meet();
    if (event.type === 'keys') yield* this.#look();
    if (!isStale(this.#state)) return;
    if (event.type === 'textSaved') this.note({ do: 'wait', textSaved: true });
    if (event.type === 'calm') this.note({ do: 'clean', textSaved: event.textSaved });
  }

  *#open({ kept, restored }: Of<'opened'>): Course {
    this.#put({ belief: newBelief(restored) });
    yield* this.#readDisk();
    if (kept) {
      this.#put({
        file: startedFrom(this.#state.file, kept),
        drafts: loneDraft(kept.draft),
        doubt: { text: kept.text, any: true },
      });
      yield* this.#take(kept.text);
    }
    yield* this.#answered();
    yield* this.#meet();
  }

  *#change({ label, make }: Of<'change'>): Course<unknown> {
    yield* this.#meet();
    for (let n = 0; n < attempts; n++) {
      const made = yield* ask({ do: 'make', make });
      const from = this.#state.text;
      if (made.text === from) return;
      const inStep = yield* this.#inStep();
      // In VS Code's history a step of now would come behind one that it holds for undone already.
      if (this.#travels > 0) return again;
      if (!inStep) return yield* this.#step(label, made.edits, made.text);
      // The text editor's own undo history has the step then; one more of ours would have to be undone, too.
      const over = this.#state.met?.text ?? from;
      const edits = over === from ? made.edits : differenceOf(over, made.text);
      const written = yield* ask({ do: 'writeText', over, edits });
      if (written !== undefined) {
        this.#met(written);
        return yield* this.#take(written);
      }
      yield* this.#meet();
    }
    throw new LockstepError('CHANGED_ON_DISK');
  }

  /** `text` was made of both versions of a conflict, if they still are what they were. */
  *#resolve({ label, mine, theirs, text }: Of<'resolve'>): Course<unknown> {
    if (this.#travels > 0) return again;
    const { file } = this.#state;
    const found = file.theirs;
    if (!found || found.text !== theirs || this.#state.text !== mine) throw new LockstepError('CHANGED_ON_DISK');
    this.#put({ file: fileIs(found), ahead: true });
    yield* this.#step(label, differenceOf(mine, text), text);
    yield* this.#push();
    return this.note({ do: 'changed' });
  }

  *#save(clean: boolean): Course {
    try {
      // That VS Code learns that nothing is unsaved is no wish to save what somebody edits meanwhile.
      if (!clean) yield* this.#write();
    } finally {
      this.#saves--;
    }
    if (this.#saves === 0) this.#believe('save');
    this.note({ do: 'changed' });
    yield* this.#answered();
  }

  *#write(): Course {
    requireNoDraft(this.#state);
    yield* this.#meet();
    yield* this.#readDisk();
    const { file, text, ahead, doubt } = this.#state;
    if (file.gone) throw new LockstepError('GONE');
    if (file.theirs) throw new LockstepError('CHANGED_ON_DISK');
    const differs = () => this.#state.text !== this.#state.file.base?.text;
    if (differs()) yield* ask({ do: 'requireTrust' });
    // What may be damaged may take its file's place only once it was seen to open.
    if (differs() && (doubt?.any || doubt?.text === text)) yield* ask({ do: 'requireOpen' });
    const editor = yield* ask({ do: 'textEditor' });
    const along = editor?.dirty === true && sameLines(editor.text, text);
    // One writer: VS Code may be saving that editor already. What it wrote is looked at, not believed.
    if (differs() && !ahead) {
      if (along && (yield* ask({ do: 'saveText' }))) yield* this.#readDisk();
      else if (editor && this.#state.borrowed) throw new LockstepError('CHANGED_ON_DISK');
    }
    const { base } = this.#state.file;
    if (base && differs()) {
      const written = yield* ask({ do: 'writeDisk', text: this.#state.text, mark: base.mark, over: base.hash });
      this.#known(fileIs(written));
      // The file is as this editor has it; its save only takes its dot away.
      if (along) yield* ask({ do: 'saveText' });
    }
    this.#put({ ahead: false, borrowed: false });
  }

  *#saveAs({ to }: Of<'saveAs'>): Course {
    requireNoDraft(this.#state);
    yield* ask({ do: 'requireTrust' });
    const { text, file } = this.#state;
    yield* ask({ do: 'writeCopy', to, text, mark: file.base?.mark ?? false });
    this.#believe('save');
    this.#put({ copied: this.#state.drafts.now === undefined });
    yield* this.#answered();
  }

  /** Back to the file as it is on the disk, and the text editor with it. */
  *#revert(): Course {
    const found = yield* ask({ do: 'readDisk' });
    if (!('hash' in found)) throw found;
    this.#put({ drafts: noDrafts, file: fileIs(found), borrowed: false });
    yield* this.#take(found.text);
    if (this.#state.met) yield* this.#push();
    yield* this.#answered();
  }

  /** VS Code undoes a step, or does it again. After a reload the step belongs to another text: it is passed over. */
  *#travel({ step, forth, beside }: Of<'travel'>): Course {
    // What was typed before, and not looked at yet.
    if (this.#state.met && beside && meeting(this.#state, beside) === 'take') yield* this.#takeTyped(beside, false);
    this.#travels--;
    const text = travel(this.#state.text, step, forth, this.#digest);
    if (text !== undefined) yield* this.#take(text, true);
    yield* this.#answered();
    yield* this.#meet();
  }

  #draft(to: Of<'draft'>['to']): void {
    const { drafts, text } = this.#state;
    const next =
      to === 'none'
        ? noDrafts
        : to === 'undo'
          ? undoDraft(drafts, text)
          : to === 'redo'
            ? redoDraft(drafts, text)
            : keepDraft(drafts, to, text);
    if (!next) return;
    this.#put({ drafts: next });
    if (next.now === drafts.now) return;
    this.#put({ untold: true, copied: false });
    this.note({ do: 'changed' });
  }

  /**
   * Both the document and the text editor of its file are looked at, and brought together, whichever went on. Not while VS Code
   * is at an undo: the text editor's history is the same one.
   */
  *#meet(): Course {
    let editor = yield* ask({ do: 'textEditor' });
    if (editor && !editor.dirty && !sameLines(editor.text, this.#state.text)) {
      yield* this.#readDisk();
      editor = yield* ask({ do: 'textEditor' });
    }
    if (!editor) return this.#put({ met: undefined });
    const what = meeting(this.#state, editor);
    if (what === 'apart' || (what === 'step' && this.#travels > 0)) return;
    if (what === 'push') return yield* this.#push();
    if (!this.#state.met) this.#put({ borrowed: editor.dirty });
    if (what === 'same') return this.#met(editor.text);
    yield* this.#takeTyped(editor, what === 'step');
  }

  *#takeTyped(editor: TextEditor, asStep: boolean): Course {
    this.#put({ file: fileOfTyped(this.#state, editor) });
    this.#met(editor.text);
    if (asStep) yield* this.#step(undefined, differenceOf(this.#state.text, editor.text), editor.text);
    else yield* this.#take(editor.text);
  }

  /** The text editor is shown, and held our text. */
  *#inStep(): Course<boolean> {
    const { met, text } = this.#state;
    return met !== undefined && sameLines(met.text, text) && (yield* ask({ do: 'textEditor' })) !== undefined;
  }

  /** Puts our text into the text editor. With the file's text it has nothing to save. */
  *#push(): Course {
    const before = yield* ask({ do: 'textEditor' });
    if (!before) return;
    const { text, file } = this.#state;
    const written = yield* ask({ do: 'writeText', over: before.text, edits: differenceOf(before.text, text) });
    if (written === undefined) return;
    this.#met(written);
    const editor = yield* ask({ do: 'textEditor' });
    if (editor?.dirty && sameLines(editor.text, file.base?.text ?? '')) yield* ask({ do: 'saveText' });
  }

  #met(text: string): void {
    this.#put({ met: { text, base: this.#state.file.base } });
  }

  /** The file is known to be this. What the text editor held may be what is on the disk now. */
  #known(file: KnownFile): void {
    const { met } = this.#state;
    const same = met && file.base && sameLines(met.text, file.base.text);
    this.#put({ file, met: same ? { ...met, base: file.base } : met });
  }

  *#readDisk(): Course {
    const found = yield* ask({ do: 'readDisk' });
    const { file, text } = this.#state;
    const now = afterLook(file, found, text, isDirty(this.#state));
    this.#known(now.file);
    if (now.take !== undefined) yield* this.#take(now.take);
    else if (!sameFile(file, now.file)) yield* this.#look();
  }

  /** A step of our own, which VS Code can undo. */
  *#step(label: string | undefined, edits: readonly TextEdit[], after: DocumentText): Course {
    if (after === this.#state.text) return;
    this.#believe('edit');
    this.note({ do: 'tellEdit', label, step: stepOf(this.#state.text, edits, after, this.#digest) });
    yield* this.#take(after, true);
  }

  /** `text` is the present one now. `known`: VS Code knows of the change. */
  *#take(text: DocumentText, known = false): Course {
    const { file, drafts, untold } = this.#state;
    const { theirs, base } = file;
    // Nothing of ours is left that could be set against the version on the disk.
    const settled = theirs !== undefined && (text === theirs.text || (text === base?.text && drafts.now === undefined));
    this.#put({
      text: settled ? theirs.text : text,
      file: settled ? fileIs(theirs) : file,
      untold: untold || !known,
      copied: false,
    });
    yield* this.#look();
  }

  /** What the text is to us, with the keys of now. */
  *#look(): Course {
    const { open, carried } = yield* ask({ do: 'look' });
    const { text, doubt } = this.#state;
    if (open && doubt) this.#put({ doubt: text === doubt.text ? undefined : { ...doubt, any: false } });
    if (carried && carried.from !== carried.to && this.#state.drafts.now === carried.from) {
      this.#put({ drafts: loneDraft(carried.to) });
    }
    this.note({ do: 'changed' });
  }

  #put(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
  }

  #believe(what: 'edit' | 'save' | 'change'): void {
    this.#put({ belief: believe(this.#state.belief, what) });
  }

  /** Where VS Code has the wrong idea it is told, and of every change that it does not know of. */
  #mark(): void {
    const { belief, untold, copied } = this.#state;
    if (isDirty(this.#state) && !copied && (untold || !believesDirty(belief))) {
      this.#believe('change');
      this.note({ do: 'tellChange' });
    } else if (isStale(this.#state)) this.note({ do: 'wait', textSaved: false });
    this.#put({ untold: false });
  }

  /** VS Code gets its answer, and takes it in before anything else is told or done. */
  *#answered(): Course {
    if (this.#ticket === undefined) return;
    this.note({ do: 'answer', ticket: this.#ticket, value: undefined });
    this.#ticket = undefined;
    yield* ask({ do: 'turn' });
  }
}

function sameFile(a: KnownFile, b: KnownFile): boolean {
  return a.base === b.base && a.theirs?.hash === b.theirs?.hash && a.gone === b.gone && a.failure === b.failure;
}
