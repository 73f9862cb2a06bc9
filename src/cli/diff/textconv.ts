import { basename, resolve } from 'node:path';
import { Fingerprints, shortMark } from '../../core/compare/fingerprints.ts';
import { closedSide, type Entry, openedSide, type Read, readVersion, type Side } from '../../core/compare/side.ts';
import { LockstepError } from '../../core/errors.ts';
import { hashOf } from '../../core/hash.ts';
import { type Opened, open } from '../../core/open/open.ts';
import { labelOf } from '../../core/sops/label.ts';
import { selectorText } from '../../core/sops/selection.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call, Run } from '../call.ts';
import { exit } from '../failure.ts';
import { readPath, requireFile } from '../files/input.ts';
import { inPassing, keyringOf } from '../keys/keyring.ts';

/**
 * What git shows of an encrypted file in its diffs (gitattributes, "Performing text diffs of binary files"): names, kinds and fingerprints. git
 * runs this once for each side, so both must come to the same fingerprints: their key is made of the file's data key, which whoever can try
 * values out against them does not have. git stops when this fails, so what cannot be read is printed as it is in git.
 */
export const textconv: Run = async (call) => {
  const { io } = call;
  const file = requireFile(call);
  const { bytes } = await readPath(call, file, exit.noFile);
  // It would be in a document that every extension reads, and beside the ciphertext of the file on the disk.
  if (io.env.VSCODE_GIT_COMMAND === 'show') await io.writeStdout(bytes);
  else await io.writeStdout((await shownOf(call, nameFor(resolve(io.cwd, file)), bytes)) ?? bytes);
  return 0;
};

/** git puts six letters and an underscore before the name of a blob (`git-blob-XXXXXX/` since 2.36). */
const nameFor = (path: string): string => basename(path).replace(/^[A-Za-z0-9]{6}_(?=.)/, '');

/** Undefined for what cannot be read as a file of its format, and for one that has no ciphertext: git shows those without us, too. */
async function shownOf(call: Call, name: string, bytes: Uint8Array): Promise<string | undefined> {
  try {
    const read = readVersion(name, bytes);
    if (read.kind === 'plain') return textOf(closedSide(read, new Fingerprints()));
    return await opened(call, read);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

async function opened(call: Call, read: Extract<Read, { kind: 'sealed' }>): Promise<string> {
  let version: Opened;
  try {
    version = await open(read.sealed, inPassing(keyringOf(call), call.io));
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return textOf(closedSide(read, ofPublicText));
  }
  try {
    const key = new Fingerprints(version.dataKey.raw).ofText('lockstep textconv');
    return textOf(await openedSide(version, new Fingerprints(Buffer.from(key, 'hex'))));
  } finally {
    version.dispose();
  }
}

function textOf(side: Side): string {
  const { metadata, how, dataKey } = side;
  const head =
    how === 'opened'
      ? [
          '# Names, kinds and fingerprints. Equal fingerprints are equal values under one data key.',
          `data key ${shortMark(dataKey ?? '')}`,
        ]
      : how === 'sealed'
        ? ['# Names, kinds and fingerprints of ciphertext: no key here opens this version.']
        : ['# Not encrypted. Names and kinds; values are left out.'];
  const readers = (metadata?.groups ?? []).flatMap((group, i, { length }) =>
    group.map(
      ({ kind, name }) =>
        `reader ${length > 1 ? `of group ${i + 1} ` : ''}${kind === 'age' ? '' : `${kind} `}${visible(name)}`,
    ),
  );
  const selector = metadata ? [`${metadata.selector.kind} ${visible(selectorText(metadata.selector))}`] : [];
  const entries = side.entries.flatMap((entry) => lineOf(entry, side));
  return [...head, ...readers, ...selector, '', ...entries, ''].join('\n');
}

/** Ciphertexts and unencrypted values are public, so their fingerprints need no secret. */
const ofPublicText = new Fingerprints(new Uint8Array(32));

function lineOf(entry: Entry, { how }: Side): string[] {
  const { kind, sealed, mark, cipher, comments } = entry;
  const print = how === 'opened' ? mark : how === 'sealed' ? (cipher ? hashOf(cipher) : mark) : undefined;
  const words = [
    visible(labelOf(entry)),
    kind,
    print ? shortMark(print) : '',
    sealed || how === 'plain' ? '' : 'not encrypted',
  ];
  const line = words.join('\t').trimEnd();
  return comments && how === 'opened' ? [`${visible(labelOf(entry))}\tcomment\t${shortMark(comments)}`, line] : [line];
}
