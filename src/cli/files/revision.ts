import { contentOf, type FileContent } from '../../core/platform/disk.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { visible } from '../../core/tree/path.ts';
import { type AtRevision, Revision } from '../../node/git/revision.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';

/** A file as a commit has it. */
interface Past {
  /** Of the file, with the commit as a person calls it; fit for a terminal. */
  readonly label: string;
  /** Its hash, shortened. */
  readonly commit: string;
  readonly content: FileContent;
}

/** The commit of `--rev`; undefined without it. Throws Failure for an empty one. */
export function revisionOf({ flags }: Pick<Call, 'flags'>): Revision | undefined {
  // A variable of a script that is not set would mean the files on the disk.
  if (flags.list('rev').includes(''))
    throw new Failure(exit.generic, '--rev names no commit.', 'Name one, such as a tag, or leave the flag out.');
  const rev = flags.text('rev');
  return rev === undefined ? undefined : new Revision(rev);
}

/** @param file as a person names it. @param path absolute. Throws Failure for what the commit does not have. */
export async function readPast(revision: Revision, file: string, path: string): Promise<Past> {
  const found = await revision.read(path);
  if (found.kind !== 'file') throw notInPast(revision, file, found.kind);
  return { label: labelOf(revision, file), commit: abbreviated(found.commit), content: contentOf(found.bytes) };
}

const labelOf = ({ name }: Revision, file: string) => `${visible(file)} at ${visible(name)}`;

/** @param file as a person names it */
export function notInPast(revision: Revision, file: string, kind: Exclude<AtRevision['kind'], 'file'>): Failure {
  const code = kind === 'no-file' || kind === 'commit' ? exit.noFile : exit.cannotRead;
  const [what, next] = reasons(visible(revision.name))[kind];
  return new Failure(code, `${labelOf(revision, file)} ${what}`, next);
}

const reasons = (rev: string): Record<Exclude<AtRevision['kind'], 'file'>, [string, string]> => ({
  outside: ['is not to be had: this is no git repository, or git does not run here.', 'Leave --rev out.'],
  commit: [
    `is not there: git knows no commit ${rev}.`,
    'git tag and git branch --all list names. A shallow clone has few commits: git fetch --unshallow gets the others.',
  ],
  'no-file': ['is not there as a file.', 'git log --all -- FILE lists the commits that have it.'],
  'no-content': [
    'is not to be had: git has no content for it here, or it is too large.',
    'In a clone without all contents, git fetch --refetch gets them. Lockstep fetches nothing by itself.',
  ],
});

/** What the access log says of a part of a file, or of all of it, that comes from a commit. */
export function keyAt(key: string | undefined, commit: string | undefined): string | undefined {
  if (commit === undefined) return key;
  return key === undefined ? `at ${commit}` : `${key} at ${commit}`;
}
