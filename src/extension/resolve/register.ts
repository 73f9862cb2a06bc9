import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { Resolver } from './open.ts';
import { watchConflicts } from './watch.ts';

/** Encrypted files that git has in conflict: their versions beside each other, and one file of them. */
export function register(services: Services): Feature {
  const resolver = new Resolver(services);
  return {
    commands: { [commands.resolve]: (...ids) => resolver.resolve(ids) },
    disposable: vscode.Disposable.from(
      resolver,
      watchConflicts(services, (uri) => resolver.isOpen(uri)),
    ),
  };
}
