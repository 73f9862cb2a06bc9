import * as vscode from 'vscode';
import type { Configuration } from '../../core/debug/configuration.ts';
import { debugMark } from '../ids.ts';
import type { Debugging } from '../services.ts';

/**
 * Answers VS Code about debug sessions without loading anything for those that are no business of ours. It is registered before there is
 * anything else: who listens to a debugger before us sees what it says as it says it.
 */
export function lazyDebugging(load: () => Promise<Debugging | undefined>): vscode.Disposable {
  type Step = 'resolve' | 'prepare';
  const step = (name: Step) => async (folder: vscode.WorkspaceFolder | undefined, given: vscode.DebugConfiguration) => {
    const configuration: Configuration = given;
    if (!mayConcern(configuration)) return given;
    // Without it the program would run without its secrets: the session does not start, and it was told why.
    const debugging = await load();
    return (await debugging?.[name](folder?.uri, configuration)) as vscode.DebugConfiguration | undefined;
  };
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider('*', {
      resolveDebugConfiguration: step('resolve'),
      resolveDebugConfigurationWithSubstitutedVariables: step('prepare'),
    }),
    vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: async (session) => (isOurs(session) ? (await load())?.track(session) : undefined),
    }),
  );
}

/** Cheaply: too often yes costs a moment of loading; a no must be sure. */
const mayConcern = (c: Configuration): boolean => c.secrets !== undefined || JSON.stringify(c).includes('lockstep:');

const isOurs = (session: vscode.DebugSession): boolean =>
  session.configuration[debugMark] !== undefined ||
  (session.parentSession !== undefined && isOurs(session.parentSession));
