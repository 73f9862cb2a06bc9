import * as vscode from 'vscode';
import { generate } from '../../../core/generate/generate.ts';
import type { Opened } from '../../../core/open/open.ts';
import {
  type FileVerb,
  type Request,
  type RequestName,
  type Requests,
  type Results,
  ruleOf,
} from '../../../protocol/requests.ts';
import { type CommandId, commands } from '../../ids.ts';
import { unlockByClick } from '../../person/gestures.ts';
import { requireShowable, requireUnlocked } from '../../person/showable.ts';
import type { Services } from '../../services.ts';
import { replaceFromFile, saveCopy } from '../binary.ts';
import { openText } from '../open.ts';
import type { Page } from '../page.ts';
import { type Asked, done, editable } from './asked.ts';
import * as comments from './comments.ts';
import * as conflicts from './conflict.ts';
import { paste } from './paste.ts';
import { recording } from './record.ts';
import * as structure from './structure.ts';
import * as values from './values.ts';

type Handlers = {
  readonly [N in Exclude<RequestName, 'ready'>]: (args: Requests[N], asked: Asked) => Promise<Results[N]>;
};

const handlers: Handlers = {
  reveal: values.reveal,
  copy: values.copy,
  edit: values.edit,
  set: values.set,
  generate: async ({ options }) => generate(options),
  add: structure.add,
  addGroup: structure.addGroup,
  paste,
  rename: structure.rename,
  remove: structure.remove,
  duplicate: structure.duplicate,
  move: structure.move,
  comment: (args, asked) => inTurn(asked.page, (opened) => comments.comment(opened, args, asked)),
  setComment: comments.setComment,
  markPlain: comments.markPlain,
  findValues: values.findValues,
  text: (_, { page }) => inTurn(page, (opened) => page.sheet.text.show(opened, page)),
  textShow: ({ tokens }, { page }) => inTurn(page, (opened) => page.sheet.text.sources(opened, tokens)),
  textSet: async (args, asked) => {
    editable(asked);
    return asked.page.sheet.text.set(args, asked.page);
  },
  textFind: async (args, { page }) => ({
    tokens: await inTurn(page, (opened) => page.sheet.text.find(opened, args, page)),
  }),
  textReplace: async (args, asked) => {
    editable(asked);
    return asked.page.sheet.text.replace(args, asked.page);
  },
  conflict: conflicts.conflict,
  resolve: conflicts.resolve,
  revealSide: conflicts.revealSide,
  agree: (given, asked) => runOn(commands.setPolicy, given, asked),
  past: (given, asked) => runOn(commands.showHistory, given, asked),
  key: (given, asked) =>
    runOn(given.verb === 'reset' ? commands.resetEncryptionKey : commands.removeEncryptionKey, given, asked),
  run,
  replaceFromFile: async (_, asked) => {
    editable(asked).requireSettled();
    return (await replaceFromFile(asked.services, asked.page.sheet.document)) ? done(asked) : null;
  },
  saveCopy: async (_, { services, page }) => {
    await saveCopy(services, page.sheet.document);
    return null;
  },
  act,
  undo: (given, asked) => history(given, asked, 'undo'),
  redo: (given, asked) => history(given, asked, 'redo'),
  save,
  hidden: async () => null,
};

/** Does what a page asks for. Throws why not. */
export async function answer(services: Services, request: Request, page: Page): Promise<unknown> {
  if (request.type === 'ready') return null;
  const handler = handlers[request.type] as (args: unknown, asked: Asked) => Promise<unknown>;
  const { when } = ruleOf(request.type);
  if (when === 'unlocked') requireUnlocked(services);
  if (when === 'shown') requireShowable(services);
  const asked = { services, page, revision: request.revision };
  const record = recording(request, asked);
  const result = await handler(request.args, asked);
  // A lock or a presentation may have begun meanwhile.
  if (when === 'shown') requireShowable(services);
  record();
  return result;
}

/** Work with the opened file that takes a while: a change that came meanwhile would take the decryption away. */
function inTurn<T>({ sheet }: Page, work: (opened: Opened) => Promise<T>): Promise<T> {
  return sheet.document.settled(() => work(sheet.opened()));
}

const commandOf: Readonly<Record<FileVerb | 'encrypt' | 'importKey' | 'setUp', CommandId>> = {
  encrypt: commands.encryptFile,
  importKey: commands.importKey,
  setUp: commands.setUp,
  readers: commands.updateReaders,
  rotate: commands.rotateDataKey,
  decrypt: commands.decryptFile,
  explain: commands.explainFile,
  exposed: commands.showExposed,
  addKey: commands.addEncryptionKey,
  generateKey: commands.generateEncryptionKey,
  openAsText: commands.openAsText,
};

/** Throws DRAFT and CHANGED_ON_DISK for what would change the file, while it is not one text. */
async function run({ verb }: Requests['run'], { page }: Asked): Promise<null> {
  if (verb !== 'explain' && verb !== 'exposed' && verb !== 'openAsText') page.sheet.document.requireSettled();
  await vscode.commands.executeCommand(commandOf[verb], page.sheet.document.uri.toString());
  return null;
}

/** A command about an entry, which asks for the rest. */
async function runOn(command: CommandId, { row }: Requests['agree'], { page, revision }: Asked): Promise<null> {
  const target = page.sheet.target(row, revision);
  if (target.kind === 'entry')
    await vscode.commands.executeCommand(command, page.sheet.document.uri.toString(), target.leaf.id);
  return null;
}

async function act({ action }: Requests['act'], { page, services }: Asked): Promise<null> {
  const { document } = page.sheet;
  if (action === 'unlock') await unlockByClick(services, document.uri);
  else if (action === 'openAsText') await openText(services, document.uri, page.panel.viewColumn);
  else if (action === 'reload') await document.reload();
  else
    await vscode.commands.executeCommand(commandOf[action], ...(action === 'encrypt' ? [document.uri.toString()] : []));
  return null;
}

/** Of the Text view's drafts, while it is in front; else VS Code's own history of the file, shared with the text editor. */
async function history({ text }: Requests['undo'], { page }: Asked, command: 'undo' | 'redo'): Promise<null> {
  if (text && page.sheet.document.setDraft(command)) return null;
  if (page.panel.active) await vscode.commands.executeCommand(command);
  return null;
}

/** VS Code reports what goes wrong. Throws DRAFT with the line while the Text view holds what does not parse. */
async function save(_: Requests['save'], { page }: Asked): Promise<null> {
  page.sheet.document.requireNoDraft();
  if (page.panel.active) await vscode.commands.executeCommand('workbench.action.files.save');
  else await vscode.workspace.save(page.sheet.document.uri);
  return null;
}
