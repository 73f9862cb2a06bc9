import type { DataKey } from '../../core/keys/datakey.ts';
import { type KeyChange, type KeyPlan, newWraps } from '../../core/keys/updatekeys.ts';
import type { Names } from '../../core/people/names.ts';
import type { SealedText } from '../../core/seal/prove.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit } from '../failure.ts';
import type { Input } from '../files/input.ts';
import { readEncrypted, unwrap } from '../files/opening.ts';
import { named } from './names.ts';
import { agreeOnReaders, requireOwnAccess } from './readers.ts';

/**
 * Lets `work` change who can read a file, with its data key. The new text; undefined when nothing changes. Whoever gets the
 * data key is named and looked for in the rule, and the keys at hand have to open the result, unless a person says otherwise.
 * @param typed the recipients that the command line names. @param known the file, if it has been read already.
 */
export async function changeKeys(
  call: Call,
  input: Input,
  work: (sealed: Sealed, key: DataKey) => Promise<KeyChange>,
  typed: readonly KeyName[] = [],
  known?: Sealed,
): Promise<{ readonly text: SealedText; readonly plan: KeyPlan } | undefined> {
  const sealed = known ?? (await readEncrypted(call, input));
  const key = await unwrap(call, input, sealed);
  try {
    const change = await about(input.label, () => work(sealed, key), exit.generic);
    const { edits, text, plan } = change;
    if (edits.length === 0) return undefined;
    const readers = { groups: newWraps(sealed.metadata, plan), threshold: plan.threshold.after, typed };
    await agreeOnReaders(call, input.label, input.name, 'The data key', readers);
    await requireOwnAccess(call, input.label, change, sealed.format);
    return { text, plan };
  } finally {
    key.dispose();
  }
}

/** A change of keys as sops prints it: who stays, who comes, who goes (common.go, PrettyPrintDiffs). A name out of a file forges no line. */
export function planLines({ diff, threshold: { before, after } }: KeyPlan, names: Names): string {
  const lines = thresholdLines(before, after);
  diff.forEach(({ kept, added, removed }, i) => {
    lines.push(`Group ${i + 1}`);
    const line = (sign: string) => (key: KeyName) => `${sign} ${named(names, key)}`;
    lines.push(...kept.map(line('   ')), ...added.map(line('+++')), ...removed.map(line('---')));
  });
  return lines.map((line) => `${visible(line)}\n`).join('');
}

/** What has to be said when somebody goes. @param rotated the file has a new data key already. */
export function tellRemoved({ io }: Call, { label, path }: Input, plan: KeyPlan, rotated = false): void {
  if (removesAny(plan)) io.writeStderr(goneWords(rotated, `rotate -i ${path === undefined ? 'FILE' : label}`));
}

/** The same once for many files. */
export function tellGone({ io }: Call, plans: readonly KeyPlan[], rotated: boolean): void {
  if (plans.some(removesAny)) io.writeStderr(goneWords(rotated, 'updatekeys --rotate FILE…'));
}

const removesAny = ({ diff }: KeyPlan) => diff.some(({ removed }) => removed.length > 0);

function goneWords(rotated: boolean, verb: string): string {
  return rotated
    ? 'lockstep: Whoever was removed may have kept the values: replace the secrets themselves at their source.\n'
    : `lockstep: Whoever was removed may have kept the data key and the values.\nlockstep ${verb} makes a new data key; replace the secrets themselves at their source.\n`;
}

function thresholdLines(before: number, after: number): string[] {
  if (before === after) return before > 0 ? [`shamir_threshold: ${after}`] : [];
  return [
    ...(after > 0 ? [`+++ shamir_threshold: ${after}`] : []),
    ...(before > 0 ? [`--- shamir_threshold: ${before}`] : []),
  ];
}
