import type * as vscode from 'vscode';
import { nodePlatform } from '../node/platform.ts';
import { type Engine, start as startOn } from './engine.ts';

/** The engine where VS Code runs on Node. */
export const start = (context: vscode.ExtensionContext): Engine => startOn(context, nodePlatform);
