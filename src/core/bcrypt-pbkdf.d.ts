declare module 'bcrypt-pbkdf' {
  /** OpenBSD's bcrypt_pbkdf: fills `key`. 0, or -1 for parameters that it does not take, such as an empty `pass`. */
  export function pbkdf(
    pass: Uint8Array,
    passLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number;
}
