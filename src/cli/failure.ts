/** Exit codes of sops (cmd/sops/codes/codes.go) that a verb gives by itself, and `found`, which is ours. */
export const exit = {
  generic: 1,
  cannotRead: 2,
  cannotWrite: 3,
  cannotEmit: 4,
  badSetFormat: 7,
  conflictingFlags: 8,
  /** A check found something to do. */
  found: 10,
  encrypting: 23,
  noFileForKeys: 49,
  badTreePath: 91,
  emptyFile: 92,
  noFile: 100,
  noDataKey: 128,
  duplicateKeyType: 112,
  /** Of sops, for a MAC that does not match. */
  notVerified: 51,
  notModified: 200,
  noEditor: 201,
  alreadyEncrypted: 203,
} as const;

/** Two flags that cannot be used together. @param sops what sops says of it. */
export const contradiction = (one: string, other: string, sops?: string, code: number = exit.conflictingFlags) =>
  new Failure(code, `--${one} and --${other} contradict each other.`, 'Use one of the two.', sops);

/** A verb cannot go on: the exit code, and two sentences for a person, neither of which holds a value. */
export class Failure extends Error {
  readonly exit: number;
  readonly next: string;
  /** What sops says of it, for programs that look for that. */
  readonly sops: string | undefined;

  constructor(exit: number, what: string, next = '', sops?: string) {
    super(what);
    this.exit = exit;
    this.next = next;
    this.sops = sops;
  }
}

/** An error about one file, on its way to a person: `exit` wins over the exit code that sops has for the error. */
export class AboutFile extends Error {
  readonly file: string;
  override readonly cause: unknown;
  readonly exit: number | undefined;

  constructor(file: string, cause: unknown, exit?: number) {
    super('about a file');
    this.file = file;
    this.cause = cause;
    this.exit = exit;
  }
}

/** Does `work`, and says which file an error is about. `code`: the exit code of its errors where it is not the usual one. */
export async function about<T>(
  file: string,
  work: () => Promise<T> | T,
  code?: number | ((error: unknown) => number | undefined),
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AboutFile || error instanceof Failure) throw error;
    throw new AboutFile(file, error, typeof code === 'function' ? code(error) : code);
  }
}

/** Does `work`; an error of it gets this exit code. */
export function orFailWith<T>(code: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Failure ? error : new AboutFile('', error, code);
  }
}
