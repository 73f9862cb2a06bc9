import { bytesOfText } from '../core/format/encoding.ts';
import type { DataKey } from '../core/sops/datakey.ts';
import type { Sealed } from '../core/sops/sealed.ts';
import type { KeyChange, KeyPlan } from '../core/sops/updatekeys.ts';
import { visible } from '../core/tree/path.ts';
import { about, exit } from './failure.ts';
import type { Input } from './input.ts';
import { readEncrypted, unwrap } from './opening.ts';
import type { Call } from './verbs.ts';

/** Lets `work` change who can read a file, with its data key. The new bytes; undefined when nothing changes. */
export async function changeKeys(
  call: Call,
  input: Input,
  work: (sealed: Sealed, key: DataKey) => Promise<KeyChange>,
): Promise<{ readonly bytes: Uint8Array; readonly plan: KeyPlan } | undefined> {
  const sealed = await readEncrypted(call, input);
  const { key } = await unwrap(call, input, sealed);
  try {
    const { edits, text, plan } = await about(
      input.label,
      () => work(sealed, key),
      () => exit.generic,
    );
    return edits.length === 0 ? undefined : { bytes: bytesOfText(text), plan };
  } finally {
    key.dispose();
  }
}

/** A change of keys as sops prints it: who stays, who comes, who goes (common.go, PrettyPrintDiffs). A name out of a file forges no line. */
export function planLines({ diff, threshold: { before, after } }: KeyPlan): string {
  const lines = thresholdLines(before, after);
  diff.forEach(({ kept, added, removed }, i) => {
    lines.push(`Group ${i + 1}`);
    lines.push(...kept.map(({ name }) => `    ${name}`));
    lines.push(...added.map(({ name }) => `+++ ${name}`), ...removed.map(({ name }) => `--- ${name}`));
  });
  return lines.map((line) => `${visible(line)}\n`).join('');
}

function thresholdLines(before: number, after: number): string[] {
  if (before === after) return before > 0 ? [`shamir_threshold: ${after}`] : [];
  return [
    ...(after > 0 ? [`+++ shamir_threshold: ${after}`] : []),
    ...(before > 0 ? [`--- shamir_threshold: ${before}`] : []),
  ];
}
