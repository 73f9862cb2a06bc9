import * as vscode from 'vscode';
import { agentIdentity } from '../../core/agent/identity.ts';
import { agentVariables } from '../../core/agent/protocol.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { foldersOnDisk } from '../ui/folder.ts';

const { t } = vscode.l10n;

/**
 * New terminals of VS Code find our programs, and those find the keys of this window: by the path of a socket, and by the name of an age
 * plugin. Nothing else is added, no value, and nothing stays when the window is gone.
 */
export function offerInTerminals(services: Services): vscode.Disposable {
  const { context, platform, agent, cli } = services;
  const all = context.environmentVariableCollection;
  all.persistent = false;
  all.description = t(
    'Puts the command line of Lockstep on PATH and lets it ask this window for keys. No secret is in these variables.',
  );
  const set = async () => {
    const folder = vscode.workspace.isTrusted ? await cli.shims() : undefined;
    if (folder === undefined || !platform.shims) return;
    // Behind what a person has installed himself. Shells that make PATH anew get it again.
    all.append('PATH', `${platform.shims.pathSeparator}${folder}`, {
      applyAtProcessCreation: true,
      applyAtShellIntegration: true,
    });
    // On a line of its own, so that keys that a person has there stay.
    all.append('SOPS_AGE_KEY', `\n${agentIdentity()}`);
    for (const workspaceFolder of foldersOnDisk()) {
      const { uri } = workspaceFolder;
      const own = all.getScoped({ workspaceFolder });
      const sockets = { [agentVariables.socket]: agent.socketFor(uri), SOPS_KEYSERVICE: agent.keyServiceFor(uri) };
      for (const [name, path] of Object.entries(sockets)) {
        if (path === undefined) own.delete(name);
        else own.replace(name, path);
      }
    }
  };
  const begin = () => void set().catch((error) => services.log.error(describeError(error)));
  begin();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(begin),
    vscode.workspace.onDidChangeWorkspaceFolders(begin),
    agent.onDidChange(begin),
  );
}
