import type { PgpKey } from './name.ts';

/** The keys of a listing of gpg (`--with-colons`, GnuPG doc/DETAILS). What is none of its lines is passed over. */
export function keysOfListing(text: string): PgpKey[] {
  const keys: { validity: string; capabilities: string; parts: { -readonly [P in keyof Part]: Part[P] }[] }[] = [];
  for (const line of text.split('\n')) {
    const fields = line.trimEnd().split(':');
    const [kind, validity = ''] = fields;
    const capabilities = fields[11] ?? '';
    if (kind === 'pub' || kind === 'sec') keys.push({ validity, capabilities, parts: [] });
    const key = keys.at(-1);
    if (!key) continue;
    if (kind === 'pub' || kind === 'sec' || kind === 'sub' || kind === 'ssb')
      key.parts.push({ fingerprint: '', validity, capabilities });
    const part = key.parts.at(-1);
    if (kind === 'fpr' && part && part.fingerprint === '') part.fingerprint = (fields[9] ?? '').toUpperCase();
  }
  return keys.flatMap(({ parts, ...key }) => {
    const [primary] = parts;
    return primary?.fingerprint ? [{ ...key, fingerprint: primary.fingerprint, parts }] : [];
  });
}

type Part = PgpKey['parts'][number];
