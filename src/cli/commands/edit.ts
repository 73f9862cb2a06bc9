import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readLiteral } from '../../core/env/read.ts';
import { LockstepError } from '../../core/errors.ts';
import { bytesOfText, textOfFile } from '../../core/format/encoding.ts';
import { editBytes } from '../../core/sops/edit.ts';
import { sealBytes } from '../../core/sops/seal.ts';
import { tellClear } from '../clearnote.ts';
import { runEditor } from '../editor.ts';
import { clearText, requireOwnFormat } from '../emitting.ts';
import { tellDifferences } from '../envvalues.ts';
import { examples } from '../examples.ts';
import { AboutFile, about, exit, Failure } from '../failure.ts';
import { inPrivate } from '../hideout.ts';
import { readFileOperand, requireFile } from '../input.ts';
import type { Child, Io } from '../io.ts';
import { openInput } from '../opening.ts';
import { replace, replaceOrKeep, writing } from '../output.ts';
import { recipeFor } from '../recipe.ts';
import { withMetadata, withoutMetadata } from '../shownkeys.ts';
import { plainFormat } from '../store.ts';
import type { Call, Run } from '../verbs.ts';
import { describe } from '../words.ts';

/** What is edited: its clear text, and how the edited one is encrypted. */
interface Subject {
  readonly label: string;
  readonly text: Uint8Array;
  seal(edited: Uint8Array, allowPlain: boolean): Promise<Uint8Array>;
  save(sealed: Uint8Array): Promise<void>;
}

/** Lets a person edit the clear text of a file, or of a new one, in an editor. */
export const edit: Run = async (call) => {
  const file = requireFile(call);
  if (!existsSync(resolve(call.io.cwd, file))) return editSubject(call, await newFile(call, file));
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  // A binary file has its metadata in an envelope, which no editor sees.
  const shown = call.flags.on('show-master-keys') && opened.sealed.format !== 'binary';
  try {
    requireOwnFormat(call, input, opened);
    return await editSubject(call, {
      label: file,
      text: shown
        ? await about(
            file,
            () => withMetadata(opened),
            () => exit.cannotEmit,
          )
        : await clearText(call, input, opened),
      seal: async (edited, allowPlain) =>
        bytesOfText(
          (await editBytes(opened, shown ? withoutMetadata(opened, edited) : edited, call.io.clock, { allowPlain }))
            .text,
        ),
      save: async (sealed) => {
        await replaceOrKeep(input, sealed);
        tellClear(call.io, input.label, opened.sealed, textOfFile(sealed, opened.sealed.format));
      },
    });
  } finally {
    opened.dispose();
  }
};

/** A file that is not there yet starts as an example. */
async function newFile(call: Call, file: string): Promise<Subject> {
  const path = resolve(call.io.cwd, file);
  const recipe = await recipeFor(call, path);
  const format = plainFormat(call, path);
  return {
    label: file,
    text: Buffer.from(examples[format]),
    seal: async (edited) => {
      const { bytes } = await sealBytes(edited, format, recipe, call.io.clock);
      if (format === 'dotenv') tellDifferences(call.io, file, readLiteral(textOfFile(edited, format)));
      return bytes;
    },
    save: (sealed) => replace({ label: file, path, name: path, content: { bytes: Buffer.alloc(0), hash: '' } }, sealed),
  };
}

async function editSubject(call: Call, subject: Subject): Promise<number> {
  const { io } = call;
  let editor: Child | undefined;
  return inPrivate(
    io,
    async (folder) => {
      const path = join(folder.path, shownName(io, subject.label));
      await writing('temporary file', async () => writeFileSync(path, subject.text, { mode: 0o600, flag: 'wx' }));
      for (;;) {
        await runEditor(io, path, (child) => {
          editor = child;
        });
        const edited = readEdited(path);
        if (edited.equals(subject.text))
          throw new Failure(exit.notModified, 'The text was not changed, so the file was not either.');
        const sealed = await sealEdited(call, subject, edited);
        if (sealed === undefined) continue;
        await subject.save(sealed);
        return 0;
      }
    },
    (signal) => {
      editor?.kill(signal === 'SIGINT' ? 'SIGTERM' : signal);
      return false;
    },
  );
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
    throw new Failure(exit.generic, 'The editor left no file.', 'Your changes are not saved; the file is as it was.');
  }
}

/** The encrypted text; undefined when it cannot be encrypted as it stands and the person goes back to the editor. */
async function sealEdited(call: Call, subject: Subject, edited: Uint8Array): Promise<Uint8Array | undefined> {
  const attempt = (allowPlain: boolean) => subject.seal(edited, allowPlain);
  try {
    return await attempt(false);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { lines } = describe(new AboutFile(subject.label, error), call.flags.on('verbose'));
    if (!call.io.interactive) throw new AboutFile(subject.label, error, exit.generic);
    call.io.writeStderr(`${lines.join('\n')}\n`);
    const plainToo = error.code === 'NOT_SELECTED';
    const answer = await call.io.ask(
      plainToo
        ? 'Enter: back to the editor. w: write it in clear text. q: leave the file as it was. '
        : 'Enter: back to the editor. q: leave the file as it was. ',
    );
    if (answer?.trim() === '') return undefined;
    if (plainToo && answer?.trim() === 'w') return attempt(true);
    throw new Failure(exit.generic, 'Your changes are not saved; the file is as it was.');
  }
}
