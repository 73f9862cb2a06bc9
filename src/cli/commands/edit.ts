import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { change } from '../../core/change/change.ts';
import { readLiteral } from '../../core/env/read.ts';
import { LockstepError } from '../../core/errors.ts';
import { bytesOfText, textOfFile } from '../../core/format/encoding.ts';
import { sealBeside, sealBytes } from '../../core/seal/seal.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { defaultSelector } from '../../core/sops/selection.ts';
import type { Child } from '../../node/spawn.ts';
import { recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { agreeOnEdit } from '../enckeys/loss.ts';
import { AboutFile, about, exit, Failure } from '../failure.ts';
import { clearText, inOutputFormat, storeIndents } from '../files/emitting.ts';
import { examples } from '../files/examples.ts';
import { inPrivate } from '../files/hideout.ts';
import { readFileOperand, requireFile } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { replace, replaceOrKeep, writing } from '../files/output.ts';
import { recipeFor } from '../files/recipe.ts';
import { plainFormat } from '../files/store.ts';
import { keepBeside, offerUnsaved, type Unsaved } from '../files/unsaved.ts';
import type { Io } from '../io.ts';
import { agreeOnNewFile } from '../keys/readers.ts';
import { withMetadata, withoutMetadata } from '../keys/shown.ts';
import { runEditor } from '../run/editor.ts';
import { tellDifferences } from '../run/envvalues.ts';
import { tellClear, tellLeft } from '../words/clearnote.ts';
import { spelledBytes } from '../words/spelling.ts';
import { describe } from '../words/words.ts';

/** What is edited: its plaintext, and how the edited one is encrypted. */
interface Subject {
  readonly label: string;
  /** Absolute. */
  readonly path: string;
  readonly text: Uint8Array;
  /** What was typed in an earlier run and is to be gone on with. */
  readonly unsaved?: Unsaved | undefined;
  /** Asks about what an edit would lose for good. Throws Failure when the person does not agree. */
  agree?(edited: Uint8Array): Promise<void>;
  seal(edited: Uint8Array, allowPlain: boolean): Promise<Uint8Array>;
  /** An edit as a file of its own, whatever it holds. */
  sealKept(edited: Uint8Array): Promise<Uint8Array>;
  save(sealed: Uint8Array): Promise<void>;
}

/** Lets a person edit the plaintext of a file, or of a new one, in an editor. */
export const edit: Run = async (call) => {
  const file = requireFile(call);
  if (!existsSync(resolve(call.io.cwd, file))) return editSubject(call, await newFile(call, file));
  const input = await readFileOperand(call, exit.cannotRead);
  const found = await openInput(call, input);
  try {
    const opened = await inOutputFormat(call, input, found);
    // A binary file has its metadata in an envelope, which no editor sees.
    const shown = call.flags.on('show-master-keys') && opened.sealed.format !== 'binary';
    const { format, metadata } = opened.sealed;
    const text = shown
      ? await about(file, () => withMetadata(opened), exit.cannotEmit)
      : await clearText(call, { ...input, name: '' }, opened);
    recordAccess(call, { purpose: 'edit', input, to: 'an editor' });
    return await editSubject(call, {
      label: file,
      path: input.path,
      unsaved: shown ? undefined : await offerUnsaved(call.io, input.path, opened),
      text,
      agree: (edited) => agreeOnEdit(call, file, opened, edited),
      seal: async (edited, allowPlain) => {
        const bytes = shown ? withoutMetadata(opened, edited) : edited;
        const kept = spelledBytes(call, file, { bytes, format }, metadata.selector, text);
        return bytesOfText((await change(opened, { kind: 'bytes', bytes: kept }, call.io.clock, { allowPlain })).text);
      },
      sealKept: (edited) => sealBeside(opened, edited, call.io.clock),
      save: async (sealed) => {
        await replaceOrKeep(input, sealed);
        tellClear(call.io, input.label, opened.sealed, textOfFile(sealed, opened.sealed.format));
      },
    });
  } finally {
    found.dispose();
  }
};

/** A file that is not there yet starts as an example. */
async function newFile(call: Call, file: string): Promise<Subject> {
  const path = resolve(call.io.cwd, file);
  const format = plainFormat(call, path);
  const recipe = { ...(await recipeFor(call, path)), indents: await storeIndents(call, format) };
  await agreeOnNewFile(call, file, path, recipe);
  return {
    label: file,
    path,
    text: Buffer.from(examples[format]),
    seal: async (edited) => {
      const kept = spelledBytes(call, file, { bytes: edited, format }, recipe.selector ?? defaultSelector);
      const { bytes } = await sealBytes(kept, format, recipe, call.io.clock);
      if (format === 'dotenv') tellDifferences(call.io, file, readLiteral(textOfFile(edited, format)));
      return bytes;
    },
    sealKept: async (edited) => (await sealBytes(edited, 'binary', recipe, call.io.clock)).bytes,
    save: async (sealed) => {
      await replace({ label: file, path, name: path, content: { bytes: Buffer.alloc(0), hash: '' } }, sealed);
      tellLeft(call.io, file, readSealed(textOfFile(sealed, format), format));
    },
  };
}

async function editSubject(call: Call, subject: Subject): Promise<number> {
  const { io } = call;
  let editor: Child | undefined;
  let path = '';
  return inPrivate(
    io,
    async (folder) => {
      path = join(folder.path, shownName(io, subject.label));
      const first = subject.unsaved?.text ?? subject.text;
      await writing('temporary file', async () => writeFileSync(path, first, { mode: 0o600, flag: 'wx' }));
      for (;;) {
        const failed = await runEditor(io, path, (child) => {
          editor = child;
        });
        if (await settle(call, subject, path, failed)) return 0;
      }
    },
    {
      // A terminal sends those of the keyboard to the editor as well, and what they mean there is the editor's business.
      answers: (signal) => editor !== undefined && (signal === 'SIGINT' || signal === 'SIGQUIT'),
      async last(signal) {
        editor?.kill(signal === 'SIGHUP' ? signal : 'SIGTERM');
        const edited = path !== '' && existsSync(path) ? readFileSync(path) : undefined;
        if (!edited || edited.equals(subject.text)) return;
        const where = await keptWhere(subject, edited).catch(() => `${subject.label}: Your edit could not be kept.`);
        io.writeStderr(`lockstep: ${where}\n`);
      },
    },
  );
}

/** Saves what the editor left. False when the person goes back to the editor; throws Failure when nothing was saved. */
async function settle(call: Call, subject: Subject, path: string, failed: Failure | undefined): Promise<boolean> {
  const { io } = call;
  const edited = readEdited(path);
  if (edited.equals(subject.text)) {
    await subject.unsaved?.forget();
    throw (
      failed ??
      new Failure(
        exit.notModified,
        'The text was not changed, so the file was not changed.',
        'If you did change it: does your editor wait until you close the file? (code --wait)',
        'File has not changed, exiting.',
      )
    );
  }
  let problem: Failure | AboutFile | undefined =
    failed ?? (await disagreement(subject, edited)) ?? (await save(subject, edited, false));
  while (problem) {
    const { lines, exit: code } = describe(problem, call.flags.on('verbose'));
    io.writeStderr(`lockstep: ${lines.join('\n')}\n`);
    const mayBePlain = problem instanceof AboutFile && isUnselected(problem.cause);
    const choice = io.interactive ? await choose(io, mayBePlain) : 'stop';
    if (choice === 'again') return false;
    if (choice === 'discard') {
      await subject.unsaved?.forget();
      throw new Failure(exit.generic, 'Your edit is discarded; the file is unchanged.');
    }
    problem = choice === 'plain' ? await save(subject, edited, true) : await stop(call, subject, edited, code);
  }
  return true;
}

/** Throws Failure once the edit is kept; what kept it from that comes back where a person can still do something about it. */
async function stop({ io }: Call, subject: Subject, edited: Uint8Array, code: number): Promise<AboutFile> {
  const where = await keptWhere(subject, edited).catch((error) => {
    if (!io.interactive) throw error;
    return new AboutFile(subject.label, error);
  });
  if (where instanceof AboutFile) return where;
  throw new Failure(code, where, 'edit offers it again.');
}

/** Encrypts an edit and puts it beside the file; a sentence about where it is. */
async function keptWhere({ label, path, sealKept, unsaved }: Subject, edited: Uint8Array): Promise<string> {
  const place = await keepBeside(path, await sealKept(edited), unsaved !== undefined);
  return `${label}: Your edit is not saved; it is kept beside the file, encrypted: ${place}`;
}

type Choice = 'again' | 'plain' | 'discard' | 'stop';

/** Only a whole word gives an edit up: everything else is asked again. */
async function choose(io: Io, mayBePlain: boolean): Promise<Choice> {
  const answers: Record<string, Choice> = {
    '': 'again',
    q: 'stop',
    discard: 'discard',
    ...(mayBePlain && { w: 'plain' }),
  };
  for (;;) {
    const answer = await io.ask(
      `Enter: back to the editor. ${mayBePlain ? 'w: write it as plaintext. ' : ''}q: stop, and keep your edit beside the file, encrypted. discard: delete it. `,
    );
    if (answer === undefined) return 'stop';
    const choice = answers[answer.trim()];
    if (choice) return choice;
  }
}

/** The editor tells by its name what the file is. Windows would put a variable's value in the place of `%NAME%`. */
function shownName({ platform }: Io, file: string): string {
  return platform === 'win32' ? basename(file).replaceAll('%', '_') : basename(file);
}

/** Throws Failure when the editor left no file. */
function readEdited(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new Failure(exit.generic, 'The editor left no file.', 'Your changes are not saved; the file is unchanged.');
  }
}

/** Undefined when nothing stands against saving an edit. */
async function disagreement(subject: Subject, edited: Uint8Array): Promise<Failure | undefined> {
  try {
    await subject.agree?.(edited);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Undefined when the edit is in the file, encrypted; else why it is not. Throws Failure where it is beside the file already. */
async function save(subject: Subject, edited: Uint8Array, allowPlain: boolean): Promise<AboutFile | undefined> {
  try {
    await subject.save(await subject.seal(edited, allowPlain));
    await subject.unsaved?.forget();
    return undefined;
  } catch (error) {
    if (error instanceof AboutFile) return error;
    if (error instanceof LockstepError) return new AboutFile(subject.label, error, exit.generic);
    throw error;
  }
}

const isUnselected = (error: unknown) => error instanceof LockstepError && error.code === 'NOT_SELECTED';
