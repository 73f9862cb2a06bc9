import { relative, resolve } from 'node:path';
import { type Reading, readingOf } from '../../../core/backup/check.ts';
import { utf8, wipe } from '../../../core/bytes.ts';
import { formatOfBytes } from '../../../core/format/which.ts';
import { maxSurveyed } from '../../../core/survey/facts.ts';
import { visible } from '../../../core/tree/path.ts';
import { readBytes } from '../../../node/files.ts';
import { recordAccess } from '../../access/record.ts';
import type { Call, Run } from '../../call.ts';
import { about, exit, Failure } from '../../failure.ts';
import { surveyFolder } from '../../files/survey.ts';
import { type OpenedBackUp, openBackUp } from '../../keys/backup.ts';
import { placeKey } from '../../keys/newkey.ts';

/** Larger than any file of keys. */
const maxBackUp = 16 * 1024 * 1024;

/**
 * Opens a backup and says which encrypted files here it opens, and which not; with `--output` it becomes a key file again. Exit code 128
 * when it opens none of them, or without `--output` not all. Throws Failure, AboutFile.
 */
export const restore: Run = async (call) => {
  const { io, flags, args } = call;
  const [file] = args;
  if (file === undefined) throw new Failure(exit.generic, 'There is no backup named.', 'lockstep restore FILE');
  const bytes =
    file === '-'
      ? await io.readStdin()
      : (await about(file, () => readBytes(resolve(io.cwd, file), maxBackUp), exit.cannotRead)).bytes;
  const backUp = await about(file, () => openBackUp(call, bytes));
  try {
    const { opened, all } = await tell(call, backUp);
    const output = flags.text('output');
    if (output === undefined) return opened === all ? 0 : exit.noDataKey;
    const key = backUp.keys.map(({ recipient }) => recipient).join(', ');
    recordAccess(call, { purpose: 'key-export', key, to: resolve(io.cwd, output) });
    const keys = utf8(backUp.text);
    await placeKey(call, resolve(io.cwd, output), keys).finally(() => wipe(keys));
    io.writeStderr(`lockstep: ${visible(output)}: The keys are here, for you alone.\n`);
    return all > 0 && opened === 0 ? exit.noDataKey : 0;
  } finally {
    backUp.wipe();
  }
};

const words: Readonly<Record<Exclude<Reading, 'plain'>, string>> = {
  opens: 'opens',
  damaged: 'opens, and is damaged',
  shut: 'does not open',
  broken: 'no key opens it as it is',
};

/** The keys on standard output, one a line, then each file and what becomes of it. */
async function tell(call: Call, { keys, keyring }: OpenedBackUp): Promise<{ opened: number; all: number }> {
  const { io } = call;
  const lines = keys.map(({ recipient, label }) => `key\t${recipient}\t${visible(label)}\n`);
  const { files, cut } = await surveyFolder(call, io.cwd);
  let opened = 0;
  let all = 0;
  for (const { path, facts } of files) {
    if (facts.kind !== 'encrypted') continue;
    const { text } = formatOfBytes(path, (await readBytes(path, maxSurveyed)).bytes);
    const reading = await readingOf(path.replaceAll('\\', '/'), text, keyring);
    if (reading === 'plain') continue;
    all++;
    if (reading === 'opens' || reading === 'damaged') opened++;
    lines.push(`${words[reading]}\t${visible(relative(io.cwd, path))}\n`);
  }
  await io.writeStdout(lines.join(''));
  io.writeStderr(`lockstep: ${verdict(opened, all)}\n`);
  if (cut) io.writeStderr('lockstep: There are too many files here to look at all of them.\n');
  return { opened, all };
}

function verdict(opened: number, all: number): string {
  if (all === 0) return 'The pass phrase opens the backup. There is no encrypted file here to try its keys with.';
  if (opened === 0) return `This is a backup of other keys: it opens none of the ${all} encrypted files here.`;
  return `This backup opens ${opened === all ? `all ${all}` : `${opened} of the ${all}`} encrypted files here.`;
}
