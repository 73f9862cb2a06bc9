/** Where git's configuration is written: for one repository, or for this user. */
export type Scope = 'local' | 'global';

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** git's settings for our merge driver, and the program that they name. */
export interface GitDriver {
  /** What git's configuration has for it. */
  configured(folder: string, scope: Scope): Promise<readonly Setting[]>;
  /** Writes settings. False where git does not. */
  configure(folder: string, scope: Scope, settings: readonly Setting[]): Promise<boolean>;
  /** Takes them away. False where git does not. */
  unconfigure(folder: string, scope: Scope): Promise<boolean>;
  /** Those of some files, by their paths from `folder`, that git merges with it. */
  drivenIn(folder: string, files: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether `lockstep` is on the PATH of this process, which git gets from it. */
  isOnPath(): boolean;
  /** Whether git's shell finds a program of ours by a folder that is added to its PATH: not where that is a batch file. */
  readonly takesFolder: boolean;
}
