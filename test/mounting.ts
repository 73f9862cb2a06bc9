import { execFileSync } from 'node:child_process';
import { missing, notLinux, type WhyNot } from './skip.ts';

/** Why a disk in memory, or a file in the place of another, cannot be mounted here; undefined where it can. */
export const cannotMount = (): WhyNot => notLinux ?? missing('right to mount', mayMount());

function mayMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
