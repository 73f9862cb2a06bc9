import { RefusedByAgent } from '../cli/agent/refused.ts';
import { AboutFile, exit, Failure } from '../cli/failure.ts';
import { describe } from '../cli/words/words.ts';
import type { AgentCode } from '../core/agent/protocol.ts';
import { type ErrorCode, LockstepError } from '../core/errors.ts';
import type { SecretCode, Told } from './asking.ts';

const codes: Partial<Readonly<Record<ErrorCode, SecretCode>>> = {
  NO_IDENTITY: 'NO_KEY',
  NOT_A_RECIPIENT: 'NO_KEY',
  NO_AGE_RECIPIENT: 'NO_KEY',
  BAD_IDENTITY: 'NO_KEY',
  KEY_SERVICE: 'NO_KEY',
  MAC_MISSING: 'TAMPERED',
  MAC_DAMAGED: 'TAMPERED',
  MAC_MISMATCH: 'TAMPERED',
  BAD_ENVELOPE: 'TAMPERED',
  VALUE_DAMAGED: 'TAMPERED',
  BAD_VALUE_TYPE: 'TAMPERED',
  BAD_DATA_KEY: 'TAMPERED',
  BAD_TOKEN: 'TAMPERED',
  BAD_TOKEN_KEY: 'TAMPERED',
  BAD_ENCRYPTION_KEY: 'BAD_KEY',
  NO_METADATA: 'NOT_ENCRYPTED',
  NO_ENVIRONMENT: 'NO_FILE',
  NO_SUCH_SECRET: 'NO_SUCH_SECRET',
  GONE: 'NO_FILE',
  MANAGER: 'MANAGER',
};
const refusals: Partial<Readonly<Record<AgentCode, SecretCode>>> = {
  LOCKED: 'LOCKED',
  UNTRUSTED: 'LOCKED',
  DENIED: 'DENIED',
  NO_ANSWER: 'DENIED',
};

/** An error as a program is told of it: what the command line says of it, in one text. @param remarks what was said before it */
export function toldOf(error: unknown, remarks: readonly string[]): Told {
  const cause = error instanceof AboutFile ? error.cause : error;
  const reason = cause instanceof LockstepError ? cause.code : undefined;
  const message = [...describe(error, false).lines, ...remarks.map((one) => one.trim())].join('\n');
  return { code: codeOf(cause), reason, message };
}

function codeOf(cause: unknown): SecretCode {
  if (cause instanceof RefusedByAgent) return refusals[cause.refusal] ?? 'NO_KEY';
  if (cause instanceof LockstepError) return codes[cause.code] ?? 'FAILED';
  return cause instanceof Failure && cause.exit === exit.noFile ? 'NO_FILE' : 'FAILED';
}
