import type { ChildProcess, SpawnOptions } from 'node:child_process';

export function start(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
export function kill(child: ChildProcess, signal?: NodeJS.Signals): void;
export function stop(child: ChildProcess, grace?: number): Promise<void>;
export function run(
  command: string,
  args: readonly string[],
  options?: SpawnOptions & { inherit?: false; allowFailure?: boolean; input?: string | Uint8Array },
): Promise<string>;
