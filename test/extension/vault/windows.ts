import type * as vscode from 'vscode';
import { isOurs } from '../../../src/core/errors.ts';
import type { Vault } from '../../../src/extension/services.ts';
import { createVault } from '../../../src/extension/vault/vault.ts';
import { Uri } from '../../fakes/vscode.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };

export const code = (expected: string) => (error: unknown) => isOurs(error) && error.code === expected;

/** The vault of one window over a SecretStorage. */
export const vaultOn = (secrets: unknown) => createVault(secrets as vscode.SecretStorage, clock, 10);

/** What may open a file at a path. */
export const keyringOf = (vault: Vault, file = '/nowhere/x.yaml') =>
  vault.keysFor(Uri.file(file) as unknown as vscode.Uri).keyring;
