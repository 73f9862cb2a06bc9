import { base64, fromBase64 } from '../../bytes.ts';

/** A block of PEM (RFC 7468, and RFC 1421 for the headers). */
export interface Pem {
  /** What it says it is: `OPENSSH PRIVATE KEY`. */
  readonly type: string;
  /** `Name: value` lines at its head, as encrypted keys of the old form have them. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const block =
  /^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n((?:[A-Za-z-]+: [^\r\n]*\r?\n)*)([A-Za-z0-9+/=\s]+)-----END \1-----$/;

/** The block that a text consists of; undefined when it is none. */
export function readPem(text: string): Pem | undefined {
  const [, type, head = '', body = ''] = block.exec(text.trim()) ?? [];
  const bytes = fromBase64(body.replace(/\s+/g, ''));
  if (type === undefined || !bytes) return undefined;
  const headers = new Map(
    head.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(': ');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2).trim()]];
    }),
  );
  return { type, headers, bytes };
}

/** The text of a block, in lines of 64 characters, or of 70 as OpenSSH writes its own. */
export function pemText(type: string, bytes: Uint8Array): string {
  const lines = base64(bytes).match(type.startsWith('OPENSSH ') ? /.{1,70}/g : /.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ''].join('\n');
}
