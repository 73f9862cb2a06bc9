/** How a program is started. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables that are added to the environment, or take the place of others. */
  readonly env: Readonly<Record<string, string>>;
}

/** The command line as a program on this machine. */
export interface Shims {
  /**
   * Writes programs of our names into a folder for the PATH of terminals: `lockstep` and `age-plugin-lockstep`. They run the command line
   * in the Node of this process, and keep Node from loading anything else there. Nothing is written where they are as they should be.
   * What comes back starts the command line. Throws what the file system throws.
   * @param folder made if missing, for this user alone
   * @param cli the file of the command line
   */
  install(folder: string, cli: string): Promise<CommandLine>;
  /** The program and words that read a line as this system's shell does. */
  shellWords(line: string): readonly string[];
  /** Between the folders of a PATH. */
  readonly pathSeparator: string;
}
