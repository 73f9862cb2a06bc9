import type { Effect } from '../../core/merge/three.ts';
import type { Conflict, Merged } from '../../core/merge/versions.ts';
import { shellWord } from '../../core/shell.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { named, namesOf } from '../keys/names.ts';

type OfEntry = Extract<Conflict, { kind: 'entry' }>;

/**
 * What a merge could not settle, on standard error: key paths, and names of readers.
 * @param chosen flags that `git repair` was given: the next call has to have them, too
 */
export async function tellConflicts(
  call: Call,
  label: string,
  { conflicts }: Merged,
  chosen: readonly string[] = [],
): Promise<void> {
  const [file, word] = [visible(label), shellWord(visible(label))];
  const repair = ['lockstep git repair', word, ...chosen].join(' ');
  const say = (line: string) => call.io.writeStderr(`lockstep: ${file}: ${line}\n`);
  const entries = conflicts.filter((one): one is OfEntry => one.kind === 'entry');
  for (const one of conflicts)
    if (one.kind !== 'entry') for (const line of await wordsOf(call, { repair, word }, one)) say(line);
  if (entries.length === 0) return;
  const both = entries.filter((one) => one.ours !== 'same');
  const count = entries.length === 1 ? 'one entry' : `${entries.length} entries`;
  say(
    `${both.length === entries.length ? `Both sides changed ${count}.` : `You decide about ${count}.`} The file has ours there, and all else is merged.`,
  );
  for (const entry of entries) call.io.writeStderr(`  ${nameOf(entry)}\t${effects(entry)}\n`);
  if (entries.some(({ isKey }) => isKey))
    say(
      'An encryption key is lost with the side that is not taken: what was encrypted with it, in databases and files anywhere, cannot be decrypted without it.',
    );
  const [first] = entries;
  const choice = first && first.path.length > 0 ? `--theirs ${shellWord(nameOf(first))}` : '--take theirs';
  say(`To take the other side: ${repair} ${choice}. Then: git add ${word}`);
  if (entries.length + chosen.length > 1)
    say('Name all of them in one call: each begins again with the versions that git has.');
}

/** An entry as `git repair` takes it. A binary file has no entries. */
export function nameOf({ path, document }: Pick<OfEntry, 'path' | 'document'>): string {
  const name = path.length === 0 ? 'the whole file' : showPath(path);
  return document === 0 ? name : `${document}:${name}`;
}

const effects = ({ ours, theirs }: OfEntry) => `${said(ours)} in ours, ${said(theirs)} in theirs`;
const said = (effect: Effect) => (effect === 'same' ? 'unchanged' : effect);

async function wordsOf(
  call: Call,
  { repair, word }: { readonly repair: string; readonly word: string },
  conflict: Exclude<Conflict, OfEntry>,
): Promise<string[]> {
  const untouched = 'Nothing is merged: the file is ours.';
  const choose = `To choose a side: git checkout --ours ${word}, or --theirs. Then repeat the change of the other one, and: git add ${word}`;
  switch (conflict.kind) {
    case 'readers':
      return [
        'More people could read the merged file than one side says:',
        ...(await linesOf(call, conflict.added)),
        `${untouched} If they may read it: ${repair} --accept-readers`,
      ];
    case 'groups':
      return [`Both sides changed the key groups, each in another way. ${untouched}`, choose];
    case 'nobody':
      return [`Nobody in a key group would be left, because each side removed others. ${untouched}`, choose];
    case 'selector':
      return [`Both sides changed what is encrypted, each in another way. ${untouched}`, choose];
    case 'comments':
      return [
        'Both sides changed comments at one place. Only those of one side are in the file; the values are merged.',
        `If they are as they should be: git add ${word}`,
      ];
  }
}

/** Who comes to read what the other side has. */
export async function tellJoining(call: Call, label: string, { joining }: Merged): Promise<void> {
  if (joining.length === 0) return;
  const lines = await linesOf(call, joining);
  call.io.writeStderr(
    `lockstep: ${visible(label)}: These people are readers on our side, and can read what the other side changed:\n${lines.map((line) => `${line}\n`).join('')}`,
  );
}

async function linesOf(call: Call, keys: readonly KeyName[]): Promise<string[]> {
  const names = await namesOf(call);
  return keys.map((key) => `  ${visible(`${key.kind === 'age' ? '' : `${key.kind} `}${named(names, key)}`)}`);
}
