import * as vscode from 'vscode';
import { agentVariables } from '../../core/agent/protocol.ts';
import { Refusal } from '../../core/errors.ts';
import type { Platform } from '../../core/platform/platform.ts';
import type { CommandLine } from '../../core/platform/shims.ts';
import type { Cli } from '../services.ts';

type Sockets = (folder: vscode.Uri) => string | undefined;

/**
 * Starts our command line from VS Code, always in the same way: in VS Code's own Node, with nothing loaded into it that VS Code or a person
 * wanted in another program. So no debugger attaches to the process that holds a data key.
 * @param socketFor where the keys of a workspace folder can be asked for
 */
export function createCli(context: vscode.ExtensionContext, platform: Platform, socketFor: Sockets): Cli {
  // One folder for all windows, and no folder of temporary files: those may be mounted so that nothing in them can be run.
  const place = vscode.Uri.joinPath(context.globalStorageUri, 'bin');
  const folder = place.fsPath;
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath;
  let installed: Promise<CommandLine> | undefined;
  const install = (): Promise<CommandLine> | undefined => {
    // What failed is tried again the next time.
    if (place.scheme !== 'file') return undefined;
    installed ??= platform.shims?.install(folder, script).catch((error) => {
      installed = undefined;
      throw error;
    });
    return installed;
  };
  return {
    async command(args, { folder, launch }) {
      if (!vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED_RUN');
      const base = await install();
      if (!base) throw new Refusal('NO_PROGRAMS');
      const socket = socketFor(folder);
      const env = {
        ...base.env,
        ...(socket === undefined ? {} : { [agentVariables.socket]: socket }),
        ...(launch === undefined ? {} : { [agentVariables.launch]: launch }),
      };
      return { program: base.program, args: [...base.args, ...args], env };
    },
    async shims() {
      return (await install()) && folder;
    },
  };
}
