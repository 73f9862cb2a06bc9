import * as vscode from 'vscode';
import type { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import type { Keyring } from '../../../src/core/keys/keyring.ts';
import { open } from '../../../src/core/open/open.ts';
import { plainLeaves, seal } from '../../../src/core/seal/seal.ts';
import type { FileState, Tracked } from '../../../src/core/session/state.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { createRevealed } from '../../../src/extension/person/revealed.ts';
import type { Accessed, KeyInfo, Services } from '../../../src/extension/services.ts';
import type { Rules } from '../../../src/extension/session/rules.ts';
import type { Sessions } from '../../../src/extension/session/sessions.ts';
import { Inventory } from '../../../src/extension/survey/inventory.ts';
import { Survey } from '../../../src/extension/survey/survey.ts';
import { type Choice, shownChoice } from '../../../src/extension/ui/ui.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { keyringOf } from '../../core/support.ts';
import { EventEmitter } from '../../fakes/values.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';

const now = new Date('2026-11-21T12:00:00Z');

/** A text sealed for a new identity, and the states that it can be in. */
export async function sealed(text: string, format: FormatId, others: readonly string[] = []) {
  const identity = await generateIdentity();
  const recipient = await recipientOf(identity);
  const clock = { now: () => new Date('2026-11-19T12:00:00Z') };
  const result = await seal(text, format, { recipients: [recipient, ...others] }, clock);
  const keyring = await keyringOf(identity);
  return {
    text: result.text as string,
    recipient,
    opened: (changed?: string) => openedState(changed ?? result.text, format, keyring),
  };
}

async function openedState(text: string, format: FormatId, keyring: Keyring) {
  const file = readSealed(text, format);
  const opened = await open(file, keyring);
  return { kind: opened.verdict.ok ? 'open' : 'damaged', sealed: file, opened } as Extract<
    FileState,
    { kind: 'open' | 'damaged' }
  >;
}

export function plain(text: string, format: FormatId): Extract<FileState, { kind: 'plain' }> {
  return { kind: 'plain', format, leaves: plainLeaves(text, format), rule: undefined };
}

/** Services with states that a test sets, and answers that it gives. */
export function stage() {
  const states = new Map<string, Tracked>();
  const sessionsChanged = new EventEmitter<vscode.Uri>();
  const vaultChanged = new EventEmitter<void>();
  const presentationChanged = new EventEmitter<boolean>();
  const settingsChanged = new EventEmitter<void>();
  const clipboardChanged = new EventEmitter<unknown>();
  const rulesChanged = new EventEmitter<void>();
  /** By path. */
  const rules = new Map<string, unknown>();
  /** By recipient. */
  const named = new Map<string, string>();
  const said: string[] = [];
  const settings = {
    maskEncrypted: true,
    maskPlain: true,
    lensEntries: 'auto',
    lensFile: true,
    showComments: false,
    revealSeconds: 10,
    clipboardSeconds: 30,
  };
  const vault = {
    locked: false,
    list: [] as KeyInfo[],
    keys: async () => vault.list,
    keysIn: async () => vault.list,
    /** By recipient. */
    faults: new Map<string, LockstepError>(),
    pluginFault: (recipient: string) => vault.faults.get(recipient),
    tryPluginsAgain: () => vault.faults.clear(),
    onDidChange: vaultChanged.event,
  };
  const presentation = {
    on: false,
    onDidChange: presentationChanged.event,
    set(on: boolean) {
      presentation.on = on;
      presentationChanged.fire(on);
    },
  };
  const answers = {
    message: undefined as string | undefined,
    pick: undefined as string | undefined,
    offered: [] as string[],
    gesture: false,
    working: true,
  };
  const ui = {
    info: async (text: string) => {
      said.push(text);
      return answers.message;
    },
    gesture: async (text: string) => {
      said.push(text);
      return answers.gesture;
    },
    pick: async (items: Choice[]) => {
      answers.offered = items.map((item) => shownChoice(item).label);
      return items.find((_, i) => answers.offered[i] === answers.pick);
    },
  };
  const sessions = {
    current: (uri: vscode.Uri) => states.get(String(uri)),
    ready: async (document: vscode.TextDocument) =>
      states.get(String(document.uri)) ?? { version: document.version, state: { kind: 'none' } },
    stateAt: async (uri: vscode.Uri): Promise<FileState> => states.get(String(uri))?.state ?? { kind: 'none' },
    onDidChange: sessionsChanged.event,
    editors: new Map(),
  };
  const ruleBook = {
    onDidChange: rulesChanged.event,
    find: async (file: vscode.Uri) => rules.get(file.path),
    names: async () => named,
  };
  const survey = new Survey(nodePlatform, sessions as unknown as Sessions, ruleBook as unknown as Rules);
  const recorded: Accessed[] = [];
  const services = {
    platform: nodePlatform,
    ui,
    vault,
    backUps: { missing: async () => vault.list },
    sessions,
    presentation,
    revealed: createRevealed(),
    settings: { ...settings, onDidChange: settingsChanged.event },
    clipboard: { copied: undefined, onDidChange: clipboardChanged.event },
    access: { record: (event: Accessed) => void recorded.push(event) },
    presence: { isIn: () => answers.working },
    clock: { now: () => now },
    rules: ruleBook,
    survey,
    inventory: new Inventory(survey, ruleBook as unknown as Rules),
    policies: { of: async () => undefined },
  } as unknown as Services;
  return {
    services,
    recorded,
    vault,
    presentation,
    answers,
    said,
    rules,
    named,
    /** The session has looked at an editor's present text. */
    answer(editor: FakeEditor, state: FileState) {
      const { uri, version } = editor.document;
      states.set(String(uri), { version, state });
      sessionsChanged.fire(uri as unknown as vscode.Uri);
    },
    vaultChanged: () => vaultChanged.fire(),
    settingsChanged: () => settingsChanged.fire(),
  };
}

/** The text of an editor with decorations of a kind drawn in: what they cover is replaced by what they show. */
export function painted(editor: FakeEditor): string {
  const marks = [...editor.decorations].flatMap(([type, ranges]) =>
    isAlive(type) ? ranges.map((given) => markOf(type, given)) : [],
  );
  const text = editor.document.getText();
  return marks
    .filter((mark) => mark.collapsed || mark.after)
    .sort((a, b) => b.start - a.start || Number(b.collapsed) - Number(a.collapsed))
    .reduce(
      (out, { start, end, collapsed, after }) => out.slice(0, collapsed ? start : end) + after + out.slice(end),
      text,
    );

  function markOf(type: object, given: unknown) {
    const options = (type as { options: vscode.DecorationRenderOptions }).options;
    const withOptions = given as vscode.DecorationOptions;
    const range = withOptions.range ?? (given as vscode.Range);
    const after = withOptions.renderOptions?.after?.contentText ?? options.after?.contentText ?? '';
    const collapsed = options.textDecoration?.includes('font-size:0') ?? false;
    return {
      start: editor.document.offsetAt(range.start as never),
      end: editor.document.offsetAt(range.end as never),
      collapsed,
      after,
    };
  }
}

const isAlive = (type: object) => !(type as { disposed?: boolean }).disposed;

/** A cursor or selection put there by a person. */
export function select(editor: FakeEditor, from: number, to = from, kind: number | 'restored' = 2): void {
  const { document } = editor;
  editor.selection = new vscode.Selection(
    document.positionAt(from) as never,
    document.positionAt(to) as never,
  ) as never;
  fake.events.selection.fire({
    textEditor: editor,
    selections: editor.selections,
    kind: kind === 'restored' ? undefined : kind,
  });
}
