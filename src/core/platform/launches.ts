/** Folders for the scripts of debug sessions. Nothing in them is secret, but for what goes through a pipe. */
export interface Launches {
  /** Scripts are batch files, and there are no pipes. */
  readonly isWindows: boolean;
  /**
   * A new folder that only this user can look into. Those of processes that are gone are removed. Throws what the file system throws.
   * @param place a folder, made if missing; programs in it can be run
   */
  make(place: string): Promise<LaunchFolder>;
}

export interface LaunchFolder {
  /** Writes a program of this name, which may have a folder; its path. Throws what the file system throws. */
  script(name: string, text: string): Promise<string>;
  /** Copies a file to this name; nothing happens where there is none. */
  copy(from: string, name: string): Promise<void>;
  /**
   * A pipe that is answered once, and gone then; its path. Nothing waits for a reader: the text is asked for when there is one, and nothing is
   * left after a while without. Throws where no pipe can be made.
   */
  pipe(name: string, text: () => Promise<string>): Promise<string>;
  /** Removes the folder. Never throws. */
  remove(): Promise<void>;
}
