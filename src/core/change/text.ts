import { requireOneLineEach } from '../env/lines.ts';
import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';
import { eolOf } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import { type Unsealed, unseal } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import { intactText } from '../seal/prove.ts';
import type { Change } from '../seal/sign.ts';
import { type Collected, collect, type Sealed } from '../sops/sealed.ts';
import type { ChangeOptions } from './intent.ts';
import { parsePlain, reseal } from './reseal.ts';

/**
 * The change that makes a file say what its edited plain text says (`sops edit`, cmd/sops/edit.go); a text that did not
 * change gives no edits. Throws what `parse` throws; ALREADY_ENCRYPTED (`sops` at the top level); NOT_SELECTED, with the
 * offset of an unseen part that would stand in clear text; and what `reseal` throws.
 */
export async function editText(
  opened: Opened,
  plain: string,
  unseen: readonly Span[],
  clock: Clock,
  options: ChangeOptions,
): Promise<Change> {
  const old = await unseal(opened);
  if (plain === old.text) return { edits: [], text: intactText(opened) };
  const { sealed } = opened;
  if (sealed.format === 'dotenv') requireOneLineEach(plain, old.text);
  const { selector } = sealed.metadata;
  const text = withLineEnds(sealed, plain, old);
  const fresh = collect(parsePlain(sealed.doc, text), selector);
  const change = await reseal(opened, old, fresh, clock, options);
  if (unseen.length > 0)
    requireUnseen(text === plain ? fresh : collect(parsePlain(sealed.doc, plain), selector), unseen);
  return change;
}

/**
 * An editor may have made CRLF of every line end. sops would take each CR of a dotenv file for a part of the value; it stays
 * where it was one.
 */
function withLineEnds({ format, doc }: Sealed, plain: string, old: Unsealed): string {
  const crept = format === 'dotenv' && doc.eol === '\n' && eolOf(plain) === '\r\n' && eolOf(old.text) !== '\r\n';
  return crept ? plain.replaceAll('\r\n', '\n') : plain;
}

/** Nobody has seen these parts of the text, in its order, so each has to stand in something that is encrypted. */
function requireUnseen({ leaves, comments }: Collected, unseen: readonly Span[]): void {
  const hidden = [...leaves, ...comments].flatMap(({ selected, node }) => (selected ? node.span : []));
  hidden.sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of unseen) {
    while (at < hidden.length && (hidden[at] as Span).end < end) at++;
    const around = hidden[at];
    if (!around || around.start > start) throw new LockstepError('NOT_SELECTED', { offset: start });
  }
}
