import { LockstepError, Refusal } from '../errors.ts';
import { believe, newBelief } from './belief.ts';
import { keepDraft, loneDraft, noDrafts, redoDraft, undoDraft } from './draft.ts';
import { fileIs, startedFrom } from './file.ts';
import { ask, type Course, type Held } from './held.ts';
import { meeting } from './meeting.ts';
import { type Event, isDirty, isDoubtful, isStale, type State } from './state.ts';
import { differenceOf, sameLines, travel as textAfter } from './steps.ts';

/** While somebody types in the text editor, the text may change under a change; after this many times we say so. */
const attempts = 3;

/** The event has to wait for others once more. */
const again = Symbol('again');

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>;

/** Throws DRAFT, with the line, while a text that does not parse waits. */
export function requireNoDraft({ drafts: { now } }: State): void {
  if (now !== undefined) throw new Refusal('DRAFT', { line: now.line });
}

/** What an event does before its turn; whether that is all. VS Code has already counted a step or a revert that it reports. */
export function atOnce(held: Held, event: Event): boolean {
  const { belief, cleaning } = held.state;
  switch (event.type) {
    case 'draft':
      draft(held, event.to);
      return false;
    case 'textClosed':
      held.put({ met: undefined, ahead: false });
      return true;
    case 'textSaved':
      // It goes along when VS Code is asked to save only to learn that nothing is unsaved.
      return cleaning;
    case 'cleaning':
      held.put({ cleaning: event.on });
      return true;
    case 'closed':
      held.put({ closed: true });
      return true;
    case 'save':
      held.saves++;
      return false;
    case 'travel':
      held.travels++;
      held.put({ belief: believe(belief, event.forth ? 'redo' : 'undo'), copied: false });
      return false;
    case 'revert':
      held.put({ belief: believe(belief, 'revert') });
      return false;
    default:
      return false;
  }
}

/**
 * All the rest. Whatever happens, the event is answered, and VS Code knows in the end whether something is unsaved. False
 * where it has to come again behind those that wait.
 */
export function* run(
  held: Held,
  { event, ticket, clean }: { event: Event; ticket: number; clean: boolean },
): Course<boolean> {
  held.ticket = ticket;
  const conflict = held.state.file.theirs !== undefined;
  try {
    const value = yield* course(held, event, clean);
    if (value === again) return false;
    if (event.type !== 'calm') held.mark();
    if (held.ticket !== undefined) held.note({ do: 'answer', ticket, value });
    held.ticket = undefined;
    const { met, text, file } = held.state;
    // The text editor has to follow, or may again.
    if ((met && !sameLines(met.text, text)) || (conflict && !file.theirs)) {
      yield* held.meet();
      held.mark();
    }
  } catch (error) {
    held.mark();
    held.note({ do: 'refuse', ticket, error });
  }
  return true;
}

function course(held: Held, event: Event, clean: boolean): Course<unknown> {
  switch (event.type) {
    case 'opened':
      return open(held, event);
    case 'work':
      return ask({ do: 'work', work: event.work });
    case 'change':
      return change(held, event);
    case 'resolve':
      return resolve(held, event);
    case 'save':
      return save(held, clean);
    case 'saveAs':
      return saveAs(held, event);
    case 'revert':
      return revert(held);
    case 'travel':
      return travel(held, event);
    default:
      return news(held, event);
  }
}

/** What nobody waits for. */
function* news(held: Held, event: Event): Course {
  if (held.state.closed) return;
  const { file } = held.state;
  // Without a draft nothing may be left that could be set against the version on the disk.
  const settled = event.type === 'draft' && file.theirs !== undefined && !isDirty(held.state);
  if (event.type === 'disk' || event.type === 'textSaved' || settled) yield* held.readDisk();
  if (event.type === 'text' || event.type === 'textSaved') yield* held.meet();
  if (event.type === 'keys') yield* held.look();
  if (!isStale(held.state)) return;
  if (event.type === 'textSaved') held.note({ do: 'wait', textSaved: true });
  if (event.type === 'calm') held.note({ do: 'clean', textSaved: event.textSaved });
}

function* open(held: Held, { kept, restored }: Of<'opened'>): Course {
  held.put({ belief: newBelief(restored) });
  yield* held.readDisk();
  if (kept) {
    held.put({
      file: startedFrom(held.state.file, kept),
      drafts: loneDraft(kept.draft),
      doubt: { text: kept.text, any: true },
    });
    yield* held.take(kept.text);
  }
  yield* held.answered();
  yield* held.meet();
}

function* change(held: Held, { label, make }: Of<'change'>): Course<unknown> {
  yield* held.meet();
  for (let n = 0; n < attempts; n++) {
    const made = yield* ask({ do: 'make', make });
    const from = held.state.text;
    if (made.text === from) return;
    const inStep = yield* held.inStep();
    // In VS Code's history a step of now would come behind one that it holds for undone already.
    if (held.travels > 0) return again;
    if (!inStep) return yield* held.step(label, made.edits, made.text);
    // The text editor's own undo history has the step then; one more of ours would have to be undone, too.
    const over = held.state.met?.text ?? from;
    const edits = over === from ? made.edits : differenceOf(over, made.text);
    const written = yield* ask({ do: 'writeText', over, edits });
    if (written !== undefined) {
      held.met(written);
      return yield* held.take(written);
    }
    yield* held.meet();
  }
  throw new LockstepError('CHANGED_ON_DISK');
}

/** `text` was made of both versions of a conflict, if they still are what they were. */
function* resolve(held: Held, { label, mine, theirs, text }: Of<'resolve'>): Course<unknown> {
  if (held.travels > 0) return again;
  const { file } = held.state;
  const found = file.theirs;
  if (!found || found.text !== theirs || held.state.text !== mine) throw new LockstepError('CHANGED_ON_DISK');
  held.put({ file: fileIs(found), ahead: true });
  yield* held.step(label, differenceOf(mine, text), text);
  yield* held.push();
  return held.note({ do: 'changed' });
}

function* save(held: Held, clean: boolean): Course {
  try {
    // That VS Code learns that nothing is unsaved is no wish to save what somebody edits meanwhile.
    if (!clean) yield* write(held);
    held.note({ do: 'changed' });
    yield* held.answered();
  } finally {
    held.saves--;
  }
  // VS Code counts when it has the answer, and lets go of a save when it begins another one.
  if (held.saves === 0) held.believe('save');
}

function* write(held: Held): Course {
  requireNoDraft(held.state);
  yield* held.meet();
  yield* held.readDisk();
  const { file, text, ahead } = held.state;
  if (file.gone === 'deleted') throw new LockstepError('GONE');
  if (file.gone || file.theirs) throw new LockstepError('CHANGED_ON_DISK');
  const differs = () => held.state.text !== held.state.file.base?.text;
  if (differs()) yield* ask({ do: 'requireTrust' });
  // What may be damaged may take its file's place only once it was seen to open.
  if (differs() && isDoubtful(held.state)) yield* ask({ do: 'requireOpen' });
  const editor = yield* ask({ do: 'textEditor' });
  const along = editor?.dirty === true && sameLines(editor.text, text);
  // One writer: VS Code may be saving that editor already. What it wrote is looked at, not believed.
  if (differs() && !ahead) {
    if (along && (yield* ask({ do: 'saveText' }))) yield* held.readDisk();
    else if (editor && held.state.borrowed) throw new LockstepError('CHANGED_ON_DISK');
  }
  const { base } = held.state.file;
  if (base && differs()) {
    const written = yield* ask({ do: 'writeDisk', text: held.state.text, mark: base.mark, over: base.hash });
    held.known(fileIs(written));
    // The file is as this editor has it; its save only takes its dot away.
    if (along) yield* ask({ do: 'saveText' });
  }
  held.put({ ahead: false, borrowed: false });
}

function* saveAs(held: Held, { to }: Of<'saveAs'>): Course {
  requireNoDraft(held.state);
  yield* ask({ do: 'requireTrust' });
  const { text, file } = held.state;
  yield* ask({ do: 'writeCopy', to, text, mark: file.base?.mark ?? false });
  held.put({ copied: held.state.drafts.now === undefined });
  yield* held.answered();
  held.believe('save');
}

/** Back to the file as it is on the disk, and the text editor with it. */
function* revert(held: Held): Course {
  const found = yield* ask({ do: 'readDisk' });
  if (!('hash' in found)) throw found;
  held.put({ drafts: noDrafts, file: fileIs(found), borrowed: false, ahead: false });
  yield* held.take(found.text);
  if (held.state.met) yield* held.push();
  yield* held.answered();
}

/** VS Code undoes a step, or does it again. After a reload the step belongs to another text: it is passed over. */
function* travel(held: Held, { step, forth, beside }: Of<'travel'>): Course {
  // What was typed before, and not looked at yet.
  if (held.state.met && beside && meeting(held.state, beside) === 'take') yield* held.takeTyped(beside, false);
  held.travels--;
  const text = textAfter(held.state.text, step, forth, held.digest);
  if (text !== undefined) yield* held.take(text, true);
  yield* held.answered();
  yield* held.meet();
}

function draft(held: Held, to: Of<'draft'>['to']): void {
  const { drafts, text } = held.state;
  const next =
    to === 'none'
      ? noDrafts
      : to === 'undo'
        ? undoDraft(drafts, text)
        : to === 'redo'
          ? redoDraft(drafts, text)
          : keepDraft(drafts, to, text);
  if (!next) return;
  held.put({ drafts: next });
  if (next.now === drafts.now) return;
  held.put({ untold: true, copied: false });
  held.note({ do: 'changed' });
}
