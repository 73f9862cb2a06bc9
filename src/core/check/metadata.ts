import { isEnvelopeOnly } from '../format/signs.ts';
import { isCommon } from '../redact/common.ts';
import { detect } from '../scan/detect.ts';
import { isDate } from '../scan/look.ts';
import { isPlaceholder } from '../scan/placeholder.ts';
import { looksSecret } from '../sops/clear.ts';
import { labelOf } from '../sops/label.ts';
import type { Sealed } from '../sops/sealed.ts';
import { commentsBehind, type Stray, straysIn } from '../sops/strays.ts';
import { type Scalar, text } from '../tree/value.ts';
import { Lines } from '../view/lines.ts';
import { capped, type Finding } from './finding.ts';

/**
 * Secrets that somebody put among the metadata of an encrypted file. A later SOPS may have fields that are unknown here, so only
 * what looks like a secret counts.
 */
export function metadataFindings(path: string, sealed: Sealed): Finding[] {
  const { doc } = sealed;
  const lines = new Lines(doc.text);
  const isSecretText = ({ start, end }: { start: number; end: number }) => holdsSecret(doc.text.slice(start, end));
  const strays = straysIn(sealed).filter(
    (one) => isSecret(one) || (!isHarmless(one.node.scalar) && isSecretText(one.span)),
  );
  const comments = commentsBehind(sealed).filter(isSecretText);
  return capped([
    ...strays.map(({ document, path: at, span }) => {
      const name = labelOf({ document, path: at, occurrence: 0 });
      return { code: 'in-metadata', path, line: lines.lineAt(span.start) + 1, name } as const;
    }),
    ...comments.map((span) => ({ code: 'in-metadata', path, line: lines.lineAt(span.start) + 1 }) as const),
  ]);
}

const isSecret = ({ path, node: { scalar } }: Stray) => !isHarmless(scalar) && looksSecret(path, scalar);

/** What is no secret whatever its name is. */
function isHarmless(scalar: Scalar): boolean {
  if (scalar.type === 'null' || scalar.type === 'bool' || scalar.type === 'time') return true;
  if (scalar.value instanceof Uint8Array) return false;
  const value = String(scalar.value).trim();
  return value === '' || isEnvelopeOnly(value) || isDate(value) || isCommon(value) || isPlaceholder(value);
}

/** Whether settings, or a comment, that say this hold a secret. */
function holdsSecret(comment: string): boolean {
  const bare = comment.replace(/^[#;\s]+/, '').trim();
  if (isEnvelopeOnly(bare)) return false;
  const said = [bare, ...[...bare.matchAll(told)].map(([, name, value]) => `${name}=${value}`)];
  return looksSecret([], text(bare)) || said.some((one) => detect(one, '.env').length > 0);
}

/** As people write it down: “the password is …”. */
const told = /((?:pass|pwd|secret|token|cred|key)[\w-]{0,40})\s{1,3}(?:is|was)[:=]?\s{1,3}(\S{6,200}?)[,;.]?(?=\s|$)/gi;
