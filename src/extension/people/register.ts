import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { grantAccess } from './grant.ts';
import { requestAccess } from './request.ts';
import { revokeAccess } from './revoke.ts';

/** People: asking for access, granting and revoking it. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.requestAccess]: (...ids) => requestAccess(services, ids),
      [commands.grantAccess]: (...ids) => grantAccess(services, ids),
      [commands.revokeAccess]: (...ids) => revokeAccess(services, ids),
    },
    disposable: new vscode.Disposable(() => undefined),
  };
}
