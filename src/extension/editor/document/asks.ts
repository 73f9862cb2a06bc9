import * as vscode from 'vscode';
import type { OnDisk } from '../../../core/document/file.ts';
import type { Outcome } from '../../../core/document/model.ts';
import type { Answers, Ask } from '../../../core/document/state.ts';
import { LockstepError } from '../../../core/errors.ts';
import type { Platform } from '../../../core/platform/platform.ts';
import type { Session } from '../../../core/session/session.ts';
import { requireOpen } from '../../../core/session/state.ts';
import { requireTrust } from '../../session/trust.ts';
import { readFile, writeFile } from './disk.ts';
import { shownText, textEditorOf, writeText } from './text.ts';

type Handlers = {
  readonly [D in Ask['do']]: (ask: Extract<Ask, { readonly do: D }>) => Answers[D] | Promise<Answers[D]>;
};

/** Does what the model of a file's document asks. `carried`: a draft under the data key that the last look found. */
export function asksOf(
  platform: Platform,
  uri: vscode.Uri,
  session: Session,
  carried: () => Answers['look']['carried'],
) {
  /** Something was in the file when it was last looked at. */
  let filled = false;
  const known = (found: OnDisk) => {
    filled = found.text !== '';
    return found;
  };
  const handlers: Handlers = {
    readDisk: () =>
      readFile(platform, uri, filled).then(known, (error: unknown) => {
        if (error instanceof LockstepError) return error;
        throw error;
      }),
    writeDisk: ({ text, mark, over }) => writeFile(platform, uri, text, mark, over).then(known),
    writeCopy: ({ to, text, mark }) => writeFile(platform, vscode.Uri.parse(to, true), text, mark, undefined),
    textEditor: () => textEditorOf(uri),
    writeText: (ask) => writeText(uri, ask),
    saveText: async () => (await shownText(uri)?.save()) ?? false,
    look: async () => {
      await session.look();
      return { open: session.state.kind === 'open', carried: carried() };
    },
    make: ({ make }) => make(requireOpen(session.state)),
    work: ({ work }) => work(),
    requireTrust: () => requireTrust(),
    requireOpen: () => requireOpen(session.state),
    // The only place where VS Code needs a later turn: it has its answer by then.
    turn: () => new Promise((resolve) => setTimeout(resolve, 0)),
  };
  return async (ask: Ask): Promise<Outcome> => {
    try {
      return { value: await (handlers[ask.do] as (ask: Ask) => unknown)(ask) };
    } catch (error) {
      return { error };
    }
  };
}
