import { isDotenvxFile } from '../../core/dotenvx/file.ts';
import { LockstepError } from '../../core/errors.ts';
import { DataKey } from '../../core/keys/datakey.ts';
import { mislabelled, type OpenedEntry } from '../../core/keys/openedentry.ts';
import { UnwrapError, unwrapDataKey } from '../../core/keys/unwrap.ts';
import { type Opened, openWith } from '../../core/open/open.ts';
import { withoutStrayMark } from '../../core/sops/mark.ts';
import { isSealed, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { visible } from '../../core/tree/path.ts';
import { RefusedByAgent, refusedByAgent } from '../agent/refused.ts';
import type { Call } from '../call.ts';
import { about, exit } from '../failure.ts';
import { agentOf, checkDecryptionOrder, keyringOf } from '../keys/keyring.ts';
import { tellLooks } from '../keys/report.ts';
import { describe } from '../words/words.ts';
import type { Input } from './input.ts';
import { sealedText } from './store.ts';

/** What cannot be read as an encrypted file is exit code 1 for sops, whatever is wrong with it. Throws AboutFile. */
export function readEncrypted(call: Call, input: Input): Promise<Sealed> {
  return about(
    input.label,
    () => {
      const { text, format } = sealedText(call, input.name, input.content.bytes);
      // To encrypt it once more would end what dotenvx does with it.
      if (isDotenvxFile(input.name, text) && !isSealed(text, format))
        throw new LockstepError('NO_METADATA', { what: 'dotenvx' });
      return readSealed(text, format);
    },
    exit.generic,
  );
}

/** The data key of a file, the caller's to dispose of. Throws AboutFile. */
export async function unwrap(call: Call, input: Input, sealed: Sealed): Promise<DataKey> {
  checkDecryptionOrder(call);
  const keyring = keyringOf(call);
  return about(
    input.label,
    async () => {
      try {
        const { raw, entries } = await unwrapDataKey(sealed.metadata, keyring);
        if (call.flags.on('verbose')) {
          tellRecovered(call, input);
          await tellLooks(call, keyring);
        }
        tellLabel(call, input, mislabelled(entries));
        return await DataKey.from(raw, entries);
      } catch (error) {
        if (error instanceof UnwrapError) {
          const told = refusedByAgent(agentOf(call.io)?.code, error);
          tellFaults(call, input, told);
          await tellLooks(call, keyring);
          throw told;
        }
        throw error;
      }
    },
    (error) => (error instanceof LockstepError && error.code !== 'BAD_METADATA' ? exit.noDataKey : undefined),
  );
}

/** Why keys of other kinds than age failed, each reason once: the error itself says the first. */
function tellFaults({ io }: Call, { label }: Input, error: UnwrapError): void {
  const all = new Set(error.faults.map((fault) => describe(fault, false).lines.join(' ')));
  for (const said of error instanceof RefusedByAgent ? all : [...all].slice(1))
    io.writeStderr(`lockstep: ${label}: ${said}\n`);
}

/** As sops logs it, for programs that look for that. */
function tellRecovered({ io }: Call, { label }: Input): void {
  const time = io.clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const line =
    io.name === 'sops'
      ? `[SOPS]\t time="${time}" level=info msg="Data key recovered successfully"`
      : `lockstep: ${label}: Data key recovered successfully.`;
  io.writeStderr(`${line}\n`);
}

/** The values can be trusted, the list of readers cannot. */
function tellLabel({ io }: Call, { label }: Input, wrong: OpenedEntry | undefined): void {
  if (wrong)
    io.writeStderr(
      `lockstep: ${label}: Your key ${visible(wrong.recipient)} opens an entry that names ${visible(wrong.label)}. Somebody may have changed who can read the file; it is not encrypted for anybody anew.\n`,
    );
}

/** Decrypts what was read. The MAC has to hold, unless `--ignore-mac`. Throws AboutFile. The caller disposes of it. */
export async function openInput(call: Call, input: Input): Promise<Opened> {
  const sealed = await readEncrypted(call, input);
  const key = await unwrap(call, input, sealed);
  const opened = await about(input.label, async () => openWith(await withoutStrayMark(sealed, key), key));
  const trusted = call.flags.on('ignore-mac') ? opened.ignoringMac() : opened;
  if (trusted.verdict.ok) return trusted;
  const [first] = trusted.verdict.failures;
  opened.dispose();
  const path = first?.leaf?.path;
  return about(input.label, () => {
    throw new LockstepError(first?.code ?? 'VALUE_DAMAGED', path ? { path } : {});
  });
}
