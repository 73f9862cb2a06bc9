import { wrapKey } from '../../core/age/wrap.ts';
import type { AgentClient, AgentCode, Answering } from '../../core/agent/protocol.ts';
import { tryUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { isAge } from '../../core/sops/kinds.ts';
import type { KeyRequest } from './messages.ts';
import type { KeyServicePort, Refused } from './port.ts';
import { keyServiceText, type OwnCode } from './words.ts';

type KeyServiceCode = OwnCode | { readonly code: AgentCode };

const reasons: Readonly<Partial<Record<KeyServiceCode['code'], Refused['why']>>> = {
  LOCKED: 'unavailable',
  CLOSED: 'unavailable',
  BUSY: 'unavailable',
  FAILED: 'unavailable',
  FOREIGN_KIND: 'unsupported',
  BAD_RECIPIENT: 'wrong',
  BAD_MESSAGE: 'wrong',
};

/**
 * Answers SOPS's key service from an agent. Wrapping needs no private key, so nobody is asked for it.
 * @param answering opens wrapped keys, after asking whom it may ask.
 * @param client whoever is at the other end of the connection.
 */
export function keyServicePort(answering: Answering, client: Promise<AgentClient>): KeyServicePort {
  const refused = (why: KeyServiceCode): Refused => ({ why: reasons[why.code] ?? 'denied', text: keyServiceText(why) });
  const foreign = ({ kind }: KeyRequest) =>
    kind === undefined || !isAge(kind) ? refused({ code: 'FOREIGN_KIND', kind }) : undefined;
  return {
    async decrypt(request) {
      const refusal = foreign(request);
      if (refusal) return refusal;
      const enc = tryUtf8(request.bytes);
      if (enc === undefined) return refused({ code: 'BAD_MESSAGE' });
      const answer = await answering({ keys: [{ enc, recipient: request.recipient }] }, await client);
      if ('code' in answer) return refused(answer);
      return answer.keys[0]?.key ?? refused({ code: 'NOT_MINE' });
    },
    async encrypt(request) {
      const refusal = foreign(request);
      if (refusal) return refusal;
      try {
        return utf8(await wrapKey(request.bytes, request.recipient));
      } catch (error) {
        return refused({
          code: error instanceof LockstepError && error.code === 'BAD_RECIPIENT' ? 'BAD_RECIPIENT' : 'FAILED',
        });
      }
    },
  };
}
