import type { FormatId } from './document.ts';
import { linePattern } from './yaml/line.ts';

/** How every value that SOPS encrypted begins. */
export const sealedStart = 'ENC[AES256_GCM,';

const metadataLook: Record<FormatId, RegExp> = {
  yaml: linePattern('(?<=^|[%b\\uFEFF])(?:sops|"sops"|\'sops\')[ \\t]*:'),
  json: /"sops"\s*:/,
  dotenv: /^sops_(?:mac|version|lastmodified)=/m,
  ini: /^[ \t]*\[sops\]/m,
  binary: /^\ufeff?\s*\{[\s\S]*"sops"\s*:/,
};

/** A cheap look for a metadata block; true does not promise that it can be read. Never throws. */
export function isSealed(text: string, format: FormatId): boolean {
  return metadataLook[format].test(text);
}
