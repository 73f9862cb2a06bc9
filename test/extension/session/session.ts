import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import type { FormatId } from '../../../src/core/format/document.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import type { FileState } from '../../../src/core/session/state.ts';
import { createClipboard } from '../../../src/extension/clipboard.ts';
import { WorkspaceEnvironments } from '../../../src/extension/environments/environments.ts';
import { createLog } from '../../../src/extension/log.ts';
import { Presence } from '../../../src/extension/person/presence.ts';
import { createPresentation } from '../../../src/extension/person/presentation.ts';
import { createRevealed } from '../../../src/extension/person/revealed.ts';
import { Policies } from '../../../src/extension/policy/policies.ts';
import type { Accessed, Services } from '../../../src/extension/services.ts';
import { ExposedValues } from '../../../src/extension/session/exposed.ts';
import { Rules } from '../../../src/extension/session/rules.ts';
import { Sessions } from '../../../src/extension/session/sessions.ts';
import { readSettings } from '../../../src/extension/settings.ts';
import { Inventory } from '../../../src/extension/survey/inventory.ts';
import { Survey } from '../../../src/extension/survey/survey.ts';
import { type Script, scriptedUi } from '../../../src/extension/testing.ts';
import { createBackUps } from '../../../src/extension/vault/backups.ts';
import { createVault } from '../../../src/extension/vault/vault.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { type FakeEditor, fake, fakeContext } from '../../fakes/vscode.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };

/** Real services over the fake of vscode, in a workspace folder on the disk, with one key in the vault. */
export async function makeStage() {
  fake.reset();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-session-')));
  fake.folders = [folder];
  const context = fakeContext();
  const vault = createVault(context.secrets as unknown as vscode.SecretStorage, clock, 10);
  const key = await vault.create('me');
  const rules = new Rules(nodePlatform);
  const log = createLog();
  const sessions = new Sessions(vault, rules);
  const survey = new Survey(nodePlatform, sessions, rules);
  const inventory = new Inventory(survey, rules);
  const settings = readSettings();
  const script: { -readonly [K in keyof Script]: Script[K] } & { asked: string[] } = {
    asked: [],
    // The person is there, unless a test says otherwise.
    gesture: true,
  };
  // Read at each question, so that a test may change its answers on the way.
  const ui = new Proxy(scriptedUi(script), { get: (_, name) => Reflect.get(scriptedUi(script), name) });
  const recorded: Accessed[] = [];
  const policies = new Policies(nodePlatform, (error) => log.warn(String(error)));
  const environments = new WorkspaceEnvironments(
    context.workspaceState as unknown as vscode.Memento,
    nodePlatform,
    survey,
  );
  const services = {
    context,
    platform: nodePlatform,
    log,
    ui,
    settings,
    vault,
    backUps: createBackUps(context.globalState as unknown as vscode.Memento, vault),
    sessions,
    rules,
    survey,
    inventory,
    environments,
    exposed: new ExposedValues(context.workspaceState as unknown as vscode.Memento, nodePlatform, sessions),
    policies,
    presentation: createPresentation(),
    revealed: createRevealed(),
    clipboard: createClipboard(ui, settings),
    access: { record: (event: Accessed) => void recorded.push(event) },
    presence: new Presence(),
    clock,
  } as unknown as Services;
  return {
    folder,
    services,
    vault,
    key,
    sessions,
    rules,
    script,
    recipient: key.recipient,
    /** What went into the access log. */
    recorded,
    write(name: string, text: string | Uint8Array) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    sealed: async (text: string, format: FormatId, recipient = key.recipient): Promise<string> =>
      (await seal(text, format, { recipients: [recipient] }, clock)).text,
    /** In an editor, and on the disk, unless it is there already. */
    open(name: string, text: string): FakeEditor {
      if (!existsSync(join(folder, name))) this.write(name, text);
      return fake.open(join(folder, name), text);
    },
    async state(editor: FakeEditor): Promise<FileState> {
      return (await sessions.ready(editor.document as unknown as vscode.TextDocument)).state;
    },
    document: (editor: FakeEditor) => editor.document as unknown as vscode.TextDocument,
    uri: (editor: FakeEditor) => editor.document.uri as unknown as vscode.Uri,
    end() {
      inventory.dispose();
      survey.dispose();
      sessions.dispose();
      vault.dispose();
      rules.dispose();
      policies.dispose();
      environments.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Stage = Awaited<ReturnType<typeof makeStage>>;

/** The one leaf of this name in an encrypted state. */
export function idOf(state: FileState, ...path: (string | number)[]): string {
  const leaves = 'sealed' in state ? state.sealed.leaves : [];
  const found = leaves.find((leaf) => JSON.stringify(leaf.path) === JSON.stringify(path));
  if (!found) throw new Error(`no entry ${path.join('.')}`);
  return found.id;
}
