import * as vscode from 'vscode';
import { mayHoldSecrets } from '../../core/survey/candidates.ts';
import type { FileFacts } from '../../core/survey/facts.ts';
import type { Services } from '../services.ts';

/** What a file is at a glance. */
export type Mark = 'encrypted' | 'plain' | 'damaged' | 'none';

/** Larger files have no mark: a look must be short. */
const maxSize = 1024 * 1024;

/** The marks of files: what the survey knows of those that may have one by their names. */
export class FileMarks implements vscode.Disposable {
  readonly #services: Services;
  readonly #news = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  readonly #disposable: vscode.Disposable;
  /** The marks of these files, or of all, are to be asked for again. */
  readonly onDidChange = this.#news.event;

  constructor(services: Services) {
    this.#services = services;
    const changed = (uris: readonly vscode.Uri[] | undefined) => {
      const own = uris?.filter(mayHaveMark);
      if (own?.length !== 0) this.#news.fire(own);
    };
    this.#disposable = vscode.Disposable.from(this.#news, services.survey.onDidChange(changed));
  }

  /** The mark of a file. A look that `token` cancels before it begins is none, and is not remembered. */
  async of(uri: vscode.Uri, token: vscode.CancellationToken): Promise<Mark> {
    return mayHaveMark(uri) ? markOf(await this.#services.survey.of(uri, token, maxSize)) : 'none';
  }

  /** The paths of the files that are known to be encrypted. */
  get encrypted(): string[] {
    return [...this.#services.survey.known].flatMap(({ uri, facts }) => {
      const mark = mayHaveMark(uri) ? markOf(facts) : 'none';
      return mark === 'plain' || mark === 'none' ? [] : [uri.fsPath];
    });
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

const schemes = ['file', 'vscode-remote', 'vscode-vfs'];

/** By the name alone, which is all that most files are asked for. */
const mayHaveMark = ({ scheme, path }: vscode.Uri) => schemes.includes(scheme) && mayHoldSecrets(path);

function markOf(facts: FileFacts): Mark {
  switch (facts.kind) {
    case 'none':
    case 'unread':
      return 'none';
    case 'plain':
      return 'plain';
    case 'encrypted':
      return facts.damage ? 'damaged' : 'encrypted';
    case 'conflict':
      return 'damaged';
    case 'broken':
      return facts.plain ? 'plain' : facts.code === 'TOO_LARGE' ? 'none' : 'damaged';
  }
}
