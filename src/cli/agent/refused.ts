import type { AgentCode } from '../../core/agent/protocol.ts';
import { UnwrapError } from '../../core/keys/unwrap.ts';

/** A file does not open, and an agent that may have its key said why it gives none: that is what a person can do something about. */
export class RefusedByAgent extends UnwrapError {
  readonly refusal: AgentCode;

  constructor({ code, place, groups, required }: UnwrapError, refusal: AgentCode) {
    super(code, place, groups, required);
    this.refusal = refusal;
  }
}

/** The same error where no agent has anything to do with it. @param refusal why the agent that was asked last gave nothing */
export const refusedByAgent = (refusal: AgentCode | undefined, error: UnwrapError): UnwrapError =>
  refusal === undefined || refusal === 'NO_AGENT' || refusal === 'NOT_MINE'
    ? error
    : new RefusedByAgent(error, refusal);
