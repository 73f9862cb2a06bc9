import type { AgentCode } from '../../core/agent/protocol.ts';
import { isAge, type KeyKind, kindNames } from '../../core/sops/kinds.ts';

/** Why the process that holds the key gave none: what happened, and what to do. Other programs show it, in a line of theirs. */
export const agentWords: Readonly<Record<AgentCode, readonly [what: string, next: string]>> = {
  DENIED: [
    'Lockstep was told not to open this.',
    'Run the command again and allow it. If the answer was never, take it back first: Forget Answers to Programs in VS Code, or end lockstep agent and start it again.',
  ],
  NO_ANSWER: ['Nobody answered the question of Lockstep.', 'Run the command again and answer it within a minute.'],
  LOCKED: ['Lockstep is locked.', 'Unlock it in VS Code, and run the command again.'],
  CLOSED: [
    'Lockstep ended before it answered.',
    'Run the command again when VS Code has the folder open, or lockstep agent runs.',
  ],
  UNTRUSTED: ['The folder is in Restricted Mode.', 'Trust the workspace in VS Code, and run the command again.'],
  NOT_MINE: ['None of your keys in Lockstep opens this.', 'Ask somebody who can read the file to add your public key.'],
  BUSY: ['Too many programs ask Lockstep at once.', 'Wait for them, and run the command again.'],
  BAD_MESSAGE: [
    'Lockstep did not understand the request.',
    'Use the same version of Lockstep in VS Code and on the command line.',
  ],
  FAILED: ['Lockstep failed, which should not happen.', 'Run the command again; if it fails again, reload VS Code.'],
  NO_AGENT: ['No Lockstep holds keys for this folder.', 'Open the folder in VS Code, or start lockstep agent.'],
  SILENT: [
    'The Lockstep that holds the keys does not answer.',
    'Reload the window of VS Code, or start lockstep agent anew.',
  ],
  FOREIGN: ['The socket of Lockstep belongs to another user, or could.', 'Remove it, and open the folder in VS Code.'],
};

/** The same in one text. */
export const agentText = (code: AgentCode): string => agentWords[code].join(' ');

/** Why a key service wraps or opens nothing, if it is not the agent's reason. */
export type OwnCode =
  | { readonly code: 'BAD_RECIPIENT' }
  | { readonly code: 'FOREIGN_KIND'; readonly kind: KeyKind | undefined };

/** The same of a key service. */
export function keyServiceText(refused: OwnCode | { readonly code: AgentCode }): string {
  switch (refused.code) {
    case 'BAD_RECIPIENT':
      return 'Lockstep cannot encrypt for this public key.';
    case 'FOREIGN_KIND': {
      const { kind } = refused;
      return `Lockstep uses age keys, and none of ${kind && !isAge(kind) ? kindNames[kind] : 'this kind'}.`;
    }
    default:
      return agentText(refused.code);
  }
}
