import type { ChildProcess } from 'node:child_process';
import type { InstalledServer } from './setup.mjs';

export interface Folders {
  readonly userData: string;
  readonly extensions: string;
  readonly home?: string;
  readonly tmp?: string;
  readonly env?: Readonly<Record<string, string>>;
}
export interface ServerOptions extends Folders {
  readonly log: string;
  readonly port?: number;
  /** Ask for workspace trust; off unless set. */
  readonly trust?: boolean;
  readonly verbosity?: 'trace';
}
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}
export function freePort(): Promise<number>;
export function answers(url: string): Promise<boolean>;
export function startCodeServer(server: InstalledServer, options: ServerOptions): Promise<RunningServer>;
export function startTestServer(server: InstalledServer, options: ServerOptions): Promise<RunningServer>;
export function installExtension(server: InstalledServer, vsix: string, options: Folders): Promise<void>;
export function listExtensions(server: InstalledServer, options: Folders): Promise<string[]>;
export function addressOf(server: RunningServer, folder: string): string;
export function settingsFile(userData: string, test?: boolean): string;
