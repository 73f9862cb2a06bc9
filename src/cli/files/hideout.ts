import { makePrivateFolder, type PrivateFolder } from '../../node/private.ts';
import { endingSignals } from '../../node/spawn.ts';
import type { Io } from '../io.ts';
import { writing } from './output.ts';

/** What a verb does about signals while it has a private folder. */
interface Answers {
  /** Whether somebody else answers a signal now; else it ends the process. */
  answers?(signal: NodeJS.Signals): boolean;
  /**
   * The last thing before a signal ends the process. What it needs of the folder it reads at once: the folder is wiped when this
   * returns, and the process ends when the promise does.
   */
  last?(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Lets `work` use a private folder, and wipes it on every way out: when the work is done or fails, when the process exits or
 * crashes, and when a signal would end it. After SIGKILL and a fault in Node the folder's guard removes it.
 */
export async function inPrivate<T>(
  io: Io,
  work: (folder: PrivateFolder) => Promise<T>,
  { answers, last }: Answers = {},
): Promise<T> {
  const folder = await writing('temporary files', async () => makePrivateFolder(io.env, io.platform));
  const wipe = () => folder.wipe();
  const forgetExit = io.onExit(wipe);
  let ending = false;
  const end = async (signal: NodeJS.Signals) => {
    const done = ending ? undefined : last?.(signal);
    ending = true;
    wipe();
    await done?.catch(() => undefined);
    io.endBy(signal);
  };
  const forgetSignals = io.onSignals(endingSignals, (signal) => {
    if (!answers?.(signal)) void end(signal);
  });
  try {
    return await work(folder).finally(() => (ending ? new Promise<never>(() => undefined) : undefined));
  } finally {
    wipe();
    forgetSignals();
    forgetExit();
  }
}
