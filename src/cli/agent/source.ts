import { heldProof, rememberWraps } from '../../core/agent/held.ts';
import type { AgentCode } from '../../core/agent/protocol.ts';
import type { Opener } from '../../core/keys/opener.ts';
import type { WrappedKey } from '../../core/sops/masterkey.ts';
import { askAgent } from '../../node/agent/client.ts';
import type { Io } from '../io.ts';

/** The agents of this machine, VS Code's windows or `lockstep agent`, as a source of openers. */
export class AgentSource {
  readonly #io: Io;
  readonly #files: string[] = [];
  /** Why the last question gave nothing; undefined before one, and when it gave a key. */
  code: AgentCode | undefined;

  constructor(io: Io) {
    this.#io = io;
    rememberWraps();
  }

  /** The keys are of this file, too: a window may show its folder, and not the one that this process works in. @param file absolute */
  about(file: string): void {
    this.#files.push(file);
  }

  /** Openers of what an agent opened, one for each key: they hold that key alone, and no private one. */
  async openers(wanted: readonly WrappedKey[]): Promise<readonly Opener[]> {
    const own = wanted.filter(({ kind }) => kind === 'age');
    if (own.length === 0) return [];
    const { env, platform, cwd } = this.#io;
    const keys = own.map(({ enc, name }) => ({ enc, recipient: name, held: heldProof(enc) }));
    const answer = await askAgent({ keys }, { env, platform, cwd, files: this.#files });
    this.code = 'code' in answer ? answer.code : undefined;
    if ('code' in answer) return [];
    return answer.keys.flatMap((opened, i) => (opened ? [openerOf(own[i] as WrappedKey, opened)] : []));
  }
}

/** Opens one wrapped key, once. */
function openerOf(
  { enc }: WrappedKey,
  { key, recipient }: { readonly key: Uint8Array; readonly recipient: string },
): Opener {
  return {
    kind: 'age',
    label: 'agent',
    recipient,
    source: { kind: 'agent', name: 'agent' },
    unwrap: async (wrapped) => (wrapped.enc === enc ? Uint8Array.from(key) : undefined),
    dispose: () => void key.fill(0),
  };
}
