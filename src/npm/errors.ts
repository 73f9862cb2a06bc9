import type { SecretCode, Told } from './asking.ts';

/** The same in every copy of this package that a process has loaded, whatever its version. */
const brand = Symbol.for('lockstep-secrets.SecretError');

/** Why there is no secret. The message has a next step, and neither a value nor a key. `instanceof` holds for those of another copy, too. */
export class SecretError extends Error {
  readonly code: SecretCode;
  /** Lockstep's own code for it, such as `MAC_MISMATCH`, where there is one. */
  readonly reason: string | undefined;

  constructor({ code, reason, message }: Told) {
    super(message);
    this.name = 'SecretError';
    this.code = code;
    this.reason = reason;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
