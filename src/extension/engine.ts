import * as vscode from 'vscode';
import { usePlugins } from '../core/age/plugin/port.ts';
import { useNative } from '../core/platform/native.ts';
import type { Platform } from '../core/platform/platform.ts';
import { systemClock } from '../core/ports.ts';
import { Recorder } from './access/recorder.ts';
import { register as access } from './access/register.ts';
import { register as agent } from './agent/answers.ts';
import { AgentHost } from './agent/host.ts';
import { register as asof } from './asof/register.ts';
import { register as backup } from './backup/register.ts';
import { register as batch } from './batch/recovering.ts';
import { register as check } from './check/register.ts';
import { createClipboard } from './clipboard.ts';
import { register as compare } from './compare/register.ts';
import { register as debug } from './debug/register.ts';
import { register as editor } from './editor/register.ts';
import { register as enckeys } from './enckeys/register.ts';
import { register as encrypt } from './encrypt/register.ts';
import { WorkspaceEnvironments } from './environments/environments.ts';
import { register as environments } from './environments/register.ts';
import { register as exporting } from './exports/register.ts';
import { register as fold } from './fold/register.ts';
import { register as gitsetup } from './gitsetup/register.ts';
import { register as history } from './history/register.ts';
import { register as hover } from './hover/register.ts';
import { type CommandId, commands } from './ids.ts';
import { register as imports } from './imports/register.ts';
import { register as keys } from './keys/register.ts';
import { register as leaver } from './leaver/register.ts';
import { register as lens } from './lens/register.ts';
import { register as lock } from './lock/register.ts';
import { createLog, describeError } from './log.ts';
import { register as mask } from './mask/register.ts';
import { register as people } from './people/register.ts';
import { pluginPerson } from './person/plugins.ts';
import { Presence } from './person/presence.ts';
import { createPresentation } from './person/presentation.ts';
import { createRevealed } from './person/revealed.ts';
import { register as plain } from './plain/register.ts';
import { Policies } from './policy/policies.ts';
import { register as resolve } from './resolve/register.ts';
import { createCli } from './run/cli.ts';
import { register as running } from './run/register.ts';
import { register as scan } from './scan/register.ts';
import { register as selection } from './selection/register.ts';
import type { Debugging, Feature, Services } from './services.ts';
import { ExposedValues } from './session/exposed.ts';
import { Rules } from './session/rules.ts';
import { Sessions } from './session/sessions.ts';
import { activeFile } from './session/tabs.ts';
import { uriOf } from './session/target.ts';
import { tellWrites } from './session/written.ts';
import { readSettings } from './settings.ts';
import { register as setup } from './setup/register.ts';
import { register as status } from './status/register.ts';
import { Inventory } from './survey/inventory.ts';
import { Survey } from './survey/survey.ts';
import { switchableUi } from './testing.ts';
import { register as textconv } from './textconv/register.ts';
import { register as tree } from './tree/register.ts';
import { register as typing } from './typing/register.ts';
import { report } from './ui/report.ts';
import { register as values } from './values/register.ts';
import { createBackUps } from './vault/backups.ts';
import { useClouds } from './vault/clouds.ts';
import { usePgp } from './vault/pgp.ts';
import { createVault } from './vault/vault.ts';
import { register as why } from './why/register.ts';

/** The running extension, loaded when it is needed for the first time. */
export interface Engine {
  /** Answers a command. Resolves when it is done; failures are reported, not thrown. */
  run(id: CommandId, ids: readonly unknown[]): Promise<void>;
  /** Undefined when the Secrets Editor could not start. */
  readonly customEditor: vscode.CustomEditorProvider | undefined;
  /** Undefined when it could not start. */
  readonly debugging: Debugging | undefined;
  /** Locks, takes what it can off the clipboard, and ends the access log; everything else goes with the extension's subscriptions. */
  stop(): Promise<void>;
}

const features: Readonly<Record<string, (services: Services) => Feature>> = {
  mask,
  lens,
  hover,
  fold,
  status,
  plain,
  why,
  setup,
  encrypt,
  selection,
  values,
  editor,
  keys,
  backup,
  leaver,
  history,
  lock,
  typing,
  tree,
  access,
  agent,
  batch,
  people,
  running,
  debug,
  enckeys,
  environments,
  exporting,
  imports,
  textconv,
  compare,
  scan,
  gitsetup,
  resolve,
  asof,
  check,
};

/** Starts everything. @param platform what there is besides VS Code */
export function start(context: vscode.ExtensionContext, platform: Platform): Engine {
  if (platform.native) useNative(platform.native);
  const services = createServices(context, platform);
  if (platform.startPlugin) usePlugins({ start: platform.startPlugin, person: pluginPerson(services.ui) });
  context.subscriptions.push(
    tellWrites(services),
    usePgp(platform.gpg, services.vault),
    useClouds(services),
    vscode.workspace.onDidGrantWorkspaceTrust(() => services.vault.renew()),
  );
  const handlers: Feature['commands'] = {};
  let customEditor: vscode.CustomEditorProvider | undefined;
  let debugging: Debugging | undefined;
  for (const [name, register] of Object.entries(features)) {
    try {
      const feature = register(services);
      context.subscriptions.push(feature.disposable);
      Object.assign(handlers, feature.commands);
      customEditor ??= feature.customEditor;
      debugging ??= feature.debugging;
    } catch (error) {
      services.log.error(`${name} could not start`);
      report(services, error);
    }
  }
  return {
    customEditor,
    debugging,
    run: (id, ids) => run(services, handlers, id, ids),
    stop: async () => {
      services.agent.close();
      // The process may outlive the window for a while: nothing that it holds does.
      services.vault.lock();
      await services.clipboard.clear().catch((error) => services.log.error(describeError(error)));
      await services.access.settled();
    },
  };
}

function createServices(context: vscode.ExtensionContext, platform: Platform): Services {
  const log = createLog();
  const { ui, disposable } = switchableUi(context.extensionMode);
  const settings = readSettings();
  const vault = createVault(context.secrets, systemClock);
  const backUps = createBackUps(context.globalState, vault);
  const rules = new Rules(platform);
  const sessions = new Sessions(vault, rules);
  const survey = new Survey(platform, sessions, rules);
  const inventory = new Inventory(survey, rules);
  const environmentsHere = new WorkspaceEnvironments(context.workspaceState, platform, survey);
  const policies = new Policies(platform, (error) => log.warn(describeError(error)));
  const exposed = new ExposedValues(context.workspaceState, platform, sessions);
  const presentation = createPresentation();
  const revealed = createRevealed();
  const clipboard = createClipboard(ui, settings);
  const presence = new Presence();
  const recorder = new Recorder({ context, platform, settings, ui, log, clock: systemClock });
  const agentHost = new AgentHost({ platform, vault, inventory, access: recorder, ui, log, clock: systemClock });
  const cli = createCli(context, platform, (folder) => agentHost.socketFor(folder));
  context.subscriptions.push(
    log,
    disposable,
    settings,
    vault,
    backUps,
    rules,
    sessions,
    survey,
    inventory,
    exposed,
    environmentsHere,
    policies,
    presentation,
    revealed,
    clipboard,
    presence,
    recorder,
    agentHost,
  );
  return {
    context,
    platform,
    log,
    ui,
    access: recorder,
    agent: agentHost,
    settings,
    vault,
    cli,
    backUps,
    sessions,
    rules,
    survey,
    inventory,
    exposed,
    environments: environmentsHere,
    policies,
    presentation,
    revealed,
    clipboard,
    presence,
    clock: systemClock,
  };
}

async function run(
  services: Services,
  handlers: Feature['commands'],
  id: CommandId,
  ids: readonly unknown[],
): Promise<void> {
  const handler = handlers[id];
  if (!handler) {
    services.log.error(`no feature answers ${id}`);
    return;
  }
  try {
    await handler(...ids);
  } catch (error) {
    report(services, error, uriOf(ids[0]) ?? (aboutNoFile.has(id) ? undefined : activeFile()));
  }
}

/** The failures of other commands are about the file in the editor when nothing else is named. */
const aboutNoFile = new Set<CommandId>([
  ...[commands.setUp, commands.hideValues, commands.lock, commands.unlock, commands.showMenu, commands.showAccessLog],
  ...[
    commands.copyPublicKey,
    commands.manageKeys,
    commands.createKey,
    commands.importKey,
    commands.backUpKey,
    commands.togglePresentation,
  ],
  commands.restoreKeys,
  ...[commands.setUpGit, commands.checkCommit, commands.commitChecked],
  commands.switchEnvironment,
  ...[commands.encryptListed, commands.updateListed, commands.rotateListed, commands.refreshViews],
  ...[commands.requestAccess, commands.grantAccess, commands.revokeAccess],
  ...[commands.runWithSecrets, commands.openTerminal],
  ...[commands.findSecrets, commands.findLeftOver],
  ...[commands.addRecoveryKey, commands.showAnswers, commands.forgetAnswers],
]);
