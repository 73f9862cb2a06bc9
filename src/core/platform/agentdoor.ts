import type { Answering } from '../agent/protocol.ts';

/** A socket that programs of this user can ask at. */
export interface OpenDoor {
  readonly path: string;
  /** Where sops can ask, as SOPS_KEYSERVICE has it; undefined where sops and we have no kind of socket in common. */
  readonly keyService: string | undefined;
  /** Takes the socket away. What was asked there is answered before, by whoever answers. */
  close(): void;
}

/** Where an agent can be asked by other programs of this machine. */
export interface AgentDoors {
  /**
   * Opens the socket of a workspace folder; the next free one where another window shows the same folder. Undefined where there is no place
   * for one. Throws what the system throws.
   */
  open(folder: string, answer: Answering): Promise<OpenDoor | undefined>;
  /** A folder that only this user can look into, for sockets and for scripts that hold no secret; undefined where there is none. */
  folder(): string | undefined;
}
