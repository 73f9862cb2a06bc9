import { keysOf } from '../../core/enckeys/keys.ts';
import { sizeOf } from '../../core/enckeys/payload.ts';
import { visible } from '../../core/tree/path.ts';
import type { Run } from '../call.ts';
import { openInput } from '../files/opening.ts';
import { keyFiles } from './file.ts';

/** The named encryption keys of some files: their names and sizes, and never a key. */
export const listKeys: Run = async (call) => {
  const found = [];
  for (const input of await keyFiles(call)) {
    const opened = await openInput(call, input);
    for (const { name, key, isClear } of keysOf(opened))
      found.push({ name, bits: sizeOf(key) ?? null, file: input.label, encrypted: !isClear });
    opened.dispose();
  }
  await call.io.writeStdout(
    call.flags.on('json') ? `${JSON.stringify(found)}\n` : found.map((one) => `${lineOf(one)}\n`).join(''),
  );
  return 0;
};

interface Listed {
  readonly name: string;
  readonly bits: number | null;
  readonly file: string;
  readonly encrypted: boolean;
}

function lineOf({ name, bits, file, encrypted }: Listed): string {
  const size = bits === null ? 'no key: 16 or 32 bytes in base64 are one' : String(bits);
  return [visible(name), size, file, ...(encrypted ? [] : ['not encrypted'])].join('\t');
}
