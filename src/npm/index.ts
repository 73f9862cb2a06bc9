import type { Answer, Asked, SecretOptions } from './asking.ts';
import { SecretError } from './errors.ts';
import { known, type Steps, secret, secrets, variables, withKey } from './flow.ts';
import { askNow, askSoon } from './threads.ts';

export { SecretError };

type Options = SecretOptions;

export const getSecret = async (name: string, options?: Options) => soon(secret(name, options));
export const getSecretSync = (name: string, options?: Options) => now(secret(name, options));
export const getSecrets = async (names?: readonly string[], options?: Options) => soon(secrets(names, options));
export const getSecretsSync = (names?: readonly string[], options?: Options) => now(secrets(names, options));
export const hasSecret = async (name: string, options?: Options) => soon(known(name, options));
export const hasSecretSync = (name: string, options?: Options) => now(known(name, options));
export const encryptWithKey = async (key: string, text: string, options?: Options) =>
  soon(withKey('encrypt', key, text, options));
export const encryptWithKeySync = (key: string, text: string, options?: Options) =>
  now(withKey('encrypt', key, text, options));
export const decryptWithKey = async (key: string, value: string, options?: Options) =>
  soon(withKey('decrypt', key, value, options));
export const decryptWithKeySync = (key: string, value: string, options?: Options) =>
  now(withKey('decrypt', key, value, options));
/** For `lockstep-secrets/config`. */
export const variablesSync = () => now(variables('exec-env'));

/** Openings that are underway: what is wanted of one place at once is opened once. */
const underway = new Map<string, Promise<Answer>>();

async function soon<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (!next.done) next = steps.next(gained(await ask(next.value)));
  return next.value;
}

function ask(asked: Asked): Promise<Answer> {
  if (asked.work !== 'open') return askSoon(asked);
  const id = JSON.stringify([asked.place, asked.env.LOCKSTEP_KEYS]);
  const answer = underway.get(id) ?? askSoon(asked).finally(() => underway.delete(id));
  underway.set(id, answer);
  return answer;
}

function now<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (!next.done) next = steps.next(gained(askNow(next.value)));
  return next.value;
}

/** What is no error is a warning of this process, each once. */
const warned = new Set<string>();

function gained(answer: Answer): unknown {
  for (const remark of answer.remarks) {
    const text = remark.trim().replace(/^lockstep: /, '');
    if (warned.has(text)) continue;
    warned.add(text);
    process.emitWarning(text, { type: 'LockstepWarning' });
  }
  if ('failure' in answer) throw new SecretError(answer.failure);
  return answer.value;
}
