/**
 * Comes before everything else: on SIGUSR1 Node would open its inspector, through which every program of this machine could read
 * this process. Here the signal does what it does to other programs.
 */
export function endByUsr1(): void {
  process.off('SIGUSR1', endByUsr1);
  process.kill(process.pid, 'SIGUSR1');
}

if (process.platform !== 'win32') process.on('SIGUSR1', endByUsr1);

/** For a signal that came while Node itself was starting. An inspector that a person asked for stays. */
export function closeInspector(): void {
  const asked = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some(
    (word) => word.includes('--inspect') && /--inspect(?!-port|-publish)/.test(word),
  );
  if (asked) return;
  const close = inspectorClose();
  close();
  // One signal opens it twice: at once, and in the next turn of the event loop.
  setImmediate(close);
}

/** What `node:inspector` has as `close`, which does nothing where none is open. Loading that for it takes a tenth of a short run. */
function inspectorClose(): () => void {
  const { _debugEnd: close } = process as { _debugEnd?: () => void };
  return close ? () => close.call(process) : require('node:inspector').close;
}
