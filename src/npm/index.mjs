// The same module for `import` as for `require`: one memory, one class of errors.
import secrets from './index.js';

export const {
  SecretError,
  decryptWithKey,
  decryptWithKeySync,
  encryptWithKey,
  encryptWithKeySync,
  getSecret,
  getSecretSync,
  getSecrets,
  getSecretsSync,
  hasSecret,
  hasSecretSync,
} = secrets;
