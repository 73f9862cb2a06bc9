import type { TextEdit } from '../format/document.ts';
import { believe, believesDirty } from './belief.ts';
import { loneDraft } from './draft.ts';
import { afterLook, type DocumentText, fileIs, type KnownFile } from './file.ts';
import { fileOfTyped, meeting } from './meeting.ts';
import {
  type Answers,
  type Ask,
  hasEdits,
  isDirty,
  isDoubtful,
  isStale,
  type Note,
  newState,
  type State,
  type TextEditor,
} from './state.ts';
import { type Digest, differenceOf, sameLines, stepOf } from './steps.ts';

/** What is done for an event: it asks one thing after the other, and goes on with the answers. */
export type Course<T = void> = Generator<Ask, T, unknown>;

export function* ask<A extends Ask>(what: A): Course<Answers[A['do']]> {
  return (yield what) as Answers[A['do']];
}

/** The state of a document, and what every event may do to it: look around, take a text, make a step, inform VS Code. */
export class Held {
  readonly digest: Digest;
  state: State = newState;
  /** Steps that VS Code counts as undone or done again, and that wait for their turn. */
  travels = 0;
  /** Saves that VS Code waits for: of those only the last one counts for it. */
  saves = 0;
  /** Of the event that runs; undefined once it is answered. */
  ticket: number | undefined;
  #notes: Note[] = [];

  constructor(digest: Digest) {
    this.digest = digest;
  }

  note(note: Note): void {
    this.#notes.push(note);
  }

  takeNotes(): readonly Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /**
   * Both the document and the text editor of its file are looked at, and brought together, whichever went on. Not while VS Code
   * is at an undo: the text editor's history is the same one.
   */
  *meet(): Course {
    let editor = yield* ask({ do: 'textEditor' });
    if (editor && !editor.dirty && !sameLines(editor.text, this.state.text)) {
      yield* this.readDisk();
      editor = yield* ask({ do: 'textEditor' });
    }
    if (!editor) return this.put({ met: undefined });
    const what = meeting(this.state, editor);
    if (what === 'apart' || (what === 'step' && this.travels > 0)) return;
    // From the text editor what may be damaged would be saved without a question.
    if (what === 'push') return isDoubtful(this.state) ? undefined : yield* this.push();
    if (!this.state.met) this.put({ borrowed: editor.dirty });
    if (what === 'same') return this.met(editor.text);
    yield* this.takeTyped(editor, what === 'step');
  }

  *takeTyped(editor: TextEditor, asStep: boolean): Course {
    this.put({ file: fileOfTyped(this.state, editor) });
    this.met(editor.text);
    if (asStep) yield* this.step(undefined, differenceOf(this.state.text, editor.text), editor.text);
    else yield* this.take(editor.text);
  }

  /** The text editor is shown, and held our text. */
  *inStep(): Course<boolean> {
    const { met, text } = this.state;
    return met !== undefined && sameLines(met.text, text) && (yield* ask({ do: 'textEditor' })) !== undefined;
  }

  /** Puts our text into the text editor. With the text of the file as it is, that has nothing to save. */
  *push(): Course {
    const before = yield* ask({ do: 'textEditor' });
    if (!before) return;
    const { text, file } = this.state;
    const written = yield* ask({ do: 'writeText', over: before.text, edits: differenceOf(before.text, text) });
    if (written === undefined) return;
    this.met(written);
    const editor = yield* ask({ do: 'textEditor' });
    const isFile = file.base && !file.gone && !file.theirs && sameLines(editor?.text ?? '', file.base.text);
    if (editor?.dirty && isFile) yield* ask({ do: 'saveText' });
  }

  met(text: string): void {
    this.put({ met: { text, base: this.state.file.base } });
  }

  /** The file is known to be this. What the text editor held may be what is on the disk now. */
  known(file: KnownFile): void {
    const { met } = this.state;
    const same = met && file.base && sameLines(met.text, file.base.text);
    this.put({ file, met: same ? { ...met, base: file.base } : met });
  }

  *readDisk(): Course {
    const found = yield* ask({ do: 'readDisk' });
    const { file, text } = this.state;
    const now = afterLook(file, found, text, hasEdits(this.state));
    this.known(now.file);
    if (now.take !== undefined) yield* this.take(now.take);
    else if (!sameFile(file, now.file)) yield* this.look();
  }

  /** A step of our own, which VS Code can undo. */
  *step(label: string | undefined, edits: readonly TextEdit[], after: DocumentText): Course {
    if (after === this.state.text) return;
    this.believe('edit');
    this.note({ do: 'tellEdit', label, step: stepOf(this.state.text, edits, after, this.digest) });
    yield* this.take(after, true);
  }

  /** `text` is the present one now. `known`: VS Code knows of the change. */
  *take(text: DocumentText, known = false): Course {
    const { file, drafts, untold } = this.state;
    const { theirs, base } = file;
    // Nothing of ours is left that could be set against the version on the disk.
    const settled = theirs !== undefined && (text === theirs.text || (text === base?.text && drafts.now === undefined));
    this.put({
      text: settled ? theirs.text : text,
      file: settled ? { ...fileIs(theirs), gone: file.gone } : file,
      untold: untold || !known,
      copied: false,
    });
    yield* this.look();
  }

  /** What the text is to us, with the keys of now. */
  *look(): Course {
    const { open, carried } = yield* ask({ do: 'look' });
    const { text, doubt } = this.state;
    if (open && doubt) this.put({ doubt: text === doubt.text ? undefined : { ...doubt, any: false } });
    if (carried && carried.from !== carried.to && this.state.drafts.now === carried.from) {
      this.put({ drafts: loneDraft(carried.to) });
    }
    this.note({ do: 'changed' });
  }

  put(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
  }

  believe(what: 'edit' | 'save' | 'change'): void {
    this.put({ belief: believe(this.state.belief, what) });
  }

  /** Corrects VS Code where it has the wrong idea, and reports every change that it does not know of. */
  mark(): void {
    const { belief, untold, copied } = this.state;
    if (isDirty(this.state) && !copied && (untold || !believesDirty(belief))) {
      this.believe('change');
      this.note({ do: 'tellChange' });
    } else if (isStale(this.state)) this.note({ do: 'wait', textSaved: false });
    this.put({ untold: false });
  }

  /** VS Code gets its answer, and takes it in before anything else happens. */
  *answered(): Course {
    if (this.ticket === undefined) return;
    this.note({ do: 'answer', ticket: this.ticket, value: undefined });
    this.ticket = undefined;
    yield* ask({ do: 'turn' });
  }
}

function sameFile(a: KnownFile, b: KnownFile): boolean {
  return a.base === b.base && a.theirs?.hash === b.theirs?.hash && a.gone === b.gone && a.failure === b.failure;
}
