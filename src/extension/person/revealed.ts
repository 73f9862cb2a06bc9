import * as vscode from 'vscode';

/** Which entry or comment a person has on screen now, so that every surface can offer to hide it. It holds no value. */
export interface Revealed {
  is(uri: string, id: string): boolean;
  /** Nothing, without arguments. */
  set(uri?: string, id?: string): void;
  readonly onDidChange: vscode.Event<void>;
}

export function createRevealed(): Revealed & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let current: string | undefined;
  const keyOf = (uri: string, id: string) => `${uri}\n${id}`;
  return {
    is: (uri, id) => current === keyOf(uri, id),
    set(uri, id) {
      const next = uri !== undefined && id !== undefined ? keyOf(uri, id) : undefined;
      if (next === current) return;
      current = next;
      changed.fire();
    },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}
