import { base64 } from '../bytes.ts';
import { fromStandard } from './bytes.ts';

// Kestra without its paid edition (SecretService): base64 in variables whose names begin with SECRET_. It hides, and does not encrypt.

/** The bytes of a value of a `SECRET_` variable. Throws BAD_TOKEN. */
export const openKestra = (value: string): Uint8Array =>
  fromStandard(value.trim().replace(/[\r\n\u0085\u2028\u2029\v\f]/g, ''));

/** The value of a `SECRET_` variable. */
export const sealKestra = (plain: Uint8Array): string => base64(plain);
