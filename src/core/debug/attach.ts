import { shellWord } from '../shell.ts';
import type { Configuration } from './configuration.ts';

/**
 * The words of a command by which somebody starts a program with secrets by hand, so that a debugger can be attached to it. PROGRAM is for
 * the person to fill in, where the configuration does not say it.
 * @param flags for `lockstep run`
 */
export function attachCommand(c: Configuration, flags: readonly string[]): string {
  const program = typeof c.program === 'string' && !c.program.includes('${') ? c.program : 'PROGRAM';
  const words = ['lockstep', 'run', ...flags, '--', ...(starters.get(c.type) ?? []), program];
  return words.map(shellWord).join(' ');
}

const python = ['python3', '-m', 'debugpy', '--listen', '5678', '--wait-for-client'];

/** How programs are started that a debugger can be attached to, by the type of its configuration. */
const starters: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['node', ['node', '--inspect-brk=9229']],
  ['pwa-node', ['node', '--inspect-brk=9229']],
  ['python', python],
  ['debugpy', python],
  ['go', ['dlv', 'exec', '--headless', '--listen=127.0.0.1:2345']],
  ['java', ['java', '-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:5005']],
  ['rdbg', ['rdbg', '--open', '--port', '12345']],
  ['php', ['php', '-dxdebug.mode=debug', '-dxdebug.start_with_request=yes']],
]);
