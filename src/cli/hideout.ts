import { makePrivateFolder, type PrivateFolder } from '../node/private.ts';
import { endingSignals, type Io } from './io.ts';
import { writing } from './output.ts';

/**
 * Lets `work` use a private folder, and wipes it on every way out: when the work is done or fails, when the process exits or
 * crashes, and when a signal would end it. Only SIGKILL and a power cut leave anything behind, and then in memory where the
 * system has such a place.
 * @param answers whether somebody else answers a signal now; else it ends the process.
 */
export async function inPrivate<T>(
  io: Io,
  work: (folder: PrivateFolder) => Promise<T>,
  answers: (signal: NodeJS.Signals) => boolean = () => false,
): Promise<T> {
  const folder = await writing('temporary files', async () => makePrivateFolder(io.env, io.platform));
  const wipe = () => folder.wipe();
  const forgetExit = io.onExit(wipe);
  const forgetSignals = io.onSignals(endingSignals, (signal) => {
    if (answers(signal)) return;
    wipe();
    io.endBy(signal);
  });
  try {
    return await work(folder);
  } finally {
    wipe();
    forgetSignals();
    forgetExit();
  }
}
