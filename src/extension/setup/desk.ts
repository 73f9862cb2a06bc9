import type * as vscode from 'vscode';
import type { KeyInfo, Services } from '../services.ts';
import type { Encrypted } from '../session/sealing.ts';
import { findSecretFiles } from '../vault/secretfiles.ts';
import { findPlainFiles, type PlainFile } from './find.ts';

/** What the steps of one run work on, and what came of them. */
export interface Desk {
  readonly services: Services;
  readonly folder: vscode.WorkspaceFolder;
  /** The key for new rules, once it is known in this run. */
  key?: KeyInfo;
  /** A `.sops.yaml` was written. */
  wrote: boolean;
  readonly encrypted: Encrypted[];
  /** How many files were decrypted again, if that went well. */
  verified: number;
  /** The plain files and the encrypted ones in the folder, read once until `forget`. */
  plain(): Promise<readonly PlainFile[]>;
  secret(): ReturnType<typeof findSecretFiles>;
  /** Files have changed. */
  forget(): void;
}

export function createDesk(services: Services, folder: vscode.WorkspaceFolder): Desk {
  let plain: ReturnType<typeof findPlainFiles> | undefined;
  let secret: ReturnType<typeof findSecretFiles> | undefined;
  const plainFiles = () => {
    plain ??= findPlainFiles(services, folder);
    return plain;
  };
  const secretFiles = () => {
    secret ??= findSecretFiles(services, folder);
    return secret;
  };
  const forget = () => {
    plain = undefined;
    secret = undefined;
  };
  return { services, folder, wrote: false, encrypted: [], verified: 0, plain: plainFiles, secret: secretFiles, forget };
}

/** Whether a step is done, or the person left it. */
export type Outcome = 'done' | 'left';

/** One step of the wizard. */
export interface Step {
  readonly id: StepId;
  readonly label: string;
  /** What happens in it, in one sentence or two. */
  readonly what: string;
  /** What is done of it now, in a few words; undefined while there is something to do. */
  done(desk: Desk): Promise<string | undefined>;
  /** Does it, or once more. `alone`: nothing follows by itself, so it says what came of it. Throws why it cannot. */
  run(desk: Desk, alone: boolean): Promise<Outcome>;
}

/** In their order; context keys and the walkthrough in package.json have the same names. */
export const stepIds = ['key', 'files', 'rules', 'encrypt', 'verify', 'backUp', 'commit'] as const;
export type StepId = (typeof stepIds)[number];
