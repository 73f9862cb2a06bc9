/**
 * Comes before everything else: on SIGUSR1 Node would open its inspector, through which every program of this machine could read
 * this process. Here the signal does what it does to other programs.
 */
export function endByUsr1(): void {
  process.off('SIGUSR1', endByUsr1);
  process.kill(process.pid, 'SIGUSR1');
}

if (process.platform !== 'win32') process.on('SIGUSR1', endByUsr1);
