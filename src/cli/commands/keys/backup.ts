import { resolve } from 'node:path';
import { sheetHtml } from '../../../core/backup/sheet.ts';
import { utf8 } from '../../../core/bytes.ts';
import { canOpen } from '../../../core/survey/access.ts';
import { visible } from '../../../core/tree/path.ts';
import { recordAccess } from '../../access/record.ts';
import type { Call, Run } from '../../call.ts';
import { surveyFolder } from '../../files/survey.ts';
import { type KeyFile, keysToBackUp, newPassphrase, sealedBackUp } from '../../keys/backup.ts';
import { placeKey } from '../../keys/newkey.ts';
import { sheetWords } from '../../words/sheet.ts';

/**
 * All age keys in one age file under a pass phrase: to standard output, or into a new file for its owner alone. Throws Failure as
 * `keysToBackUp` and `newPassphrase`, and for a file that is there already.
 */
export const backUp: Run = async (call) => {
  const { io, flags } = call;
  const keys = await keysToBackUp(call);
  const armored = await sealedBackUp(keys, await newPassphrase(call));
  const page = flags.text('sheet');
  const html = page === undefined ? undefined : await sheetOf(call, keys, armored);
  const output = flags.text('output') ?? '-';
  const places = [
    output === '-' ? 'standard output' : resolve(io.cwd, output),
    ...(page ? [resolve(io.cwd, page)] : []),
  ];
  const key = keys.keys.map(({ recipient }) => recipient).join(', ');
  for (const to of places) recordAccess(call, { purpose: 'back-up', key, to });
  if (output === '-') await io.writeStdout(armored);
  else await placeKey(call, resolve(io.cwd, output), utf8(armored));
  if (page !== undefined && html !== undefined) await placeKey(call, resolve(io.cwd, page), utf8(html));
  const count = keys.keys.length === 1 ? '1 key' : `${keys.keys.length} keys`;
  const where = output === '-' ? 'The backup' : visible(output);
  io.writeStderr(`lockstep: ${where}: ${count}, and the pass phrase opens it. Keep the two apart.\n`);
  if (page !== undefined)
    io.writeStderr(`lockstep: ${visible(page)}: Open it in a browser and print it. It loads nothing.\n`);
  return 0;
};

async function sheetOf(call: Call, { keys }: KeyFile, armored: string): Promise<string> {
  const { files } = await surveyFolder(call, call.io.cwd);
  const own = new Set(keys.map(({ recipient }) => recipient));
  const opened = files.filter(({ facts }) => facts.kind === 'encrypted' && canOpen(facts, own));
  const names = opened.map(({ path }) => path.slice(call.io.cwd.length + 1).replaceAll('\\', '/'));
  return sheetHtml({ keys, armored, files: names }, sheetWords(call.io.clock.now(), keys.length, names.length));
}
