import type * as vscode from 'vscode';

const files = ['file', 'vscode-remote', 'vscode-vfs'];

/**
 * The file of which a document shows a version: its past in git or in Local History, the text on the disk, what a merge
 * makes of it. A file is its own.
 */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  if (files.includes(uri.scheme)) return uri;
  const whole = pathInGit(uri) ?? uri.path;
  // A share of the network on Windows: VS Code takes no path that begins with two slashes.
  const [, authority = '', path = whole] = /^\/\/([^/]+)(\/.*)$/.exec(whole) ?? [];
  return uri.with({ scheme: 'file', authority, path, query: '', fragment: '' });
}

/** VS Code's git adds an ending to the path in some places; the query has the true one. */
function pathInGit({ scheme, query }: vscode.Uri): string | undefined {
  if (scheme !== 'git') return undefined;
  try {
    const { path } = JSON.parse(query) as { path?: unknown };
    return typeof path === 'string' ? path.replaceAll('\\', '/').replace(/^(?!\/)/, '/') : undefined;
  } catch {
    return undefined;
  }
}
