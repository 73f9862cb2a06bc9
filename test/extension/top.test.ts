import assert from 'node:assert/strict';
import { posix } from 'node:path';
import type * as vscode from 'vscode';
import { register as recovering } from '../../src/extension/batch/recovering.ts';
import { mayMatter } from '../../src/extension/gate.ts';
import { repositoryOf } from '../../src/extension/outside.ts';
import { fileOf } from '../../src/extension/past.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { Uri, workspace } from '../fakes/vscode.ts';
import { makeStage, type Stage } from './session/session.ts';

/** VS Code on Windows: the folder above a share of the network, such as `\\server\share`, is that share, with one more slash. */
describe('a share of the network as the folder that is open', () => {
  const { joinPath } = Uri;
  const { getWorkspaceFolder } = workspace;
  let stage: Stage;
  let steps: number;
  const share = () => Uri.from({ scheme: 'file', authority: 'server', path: '/share' });
  const at = (name: string) => Uri.from({ scheme: 'file', authority: 'server', path: `/share/${name}` }) as never;
  beforeEach(async () => {
    stage = await makeStage();
    steps = 0;
    Uri.joinPath = (uri, ...parts) => {
      if (parts.includes('..') && ++steps > 100) throw new Error('it goes round');
      const path = posix.join(uri.path, ...parts);
      return uri.with({ path: uri.authority !== '' && !path.startsWith('/share/') ? '/share/' : path });
    };
    workspace.getWorkspaceFolder = () => ({ uri: share(), name: 'share', index: 0 });
  });
  afterEach(() => {
    Uri.joinPath = joinPath;
    workspace.getWorkspaceFolder = getWorkspaceFolder;
    return stage.end();
  });

  it('has an end above', async () => {
    assert.equal(await stage.rules.find(at('a.yaml')), undefined);
    const document = { uri: at('deep/a.yaml'), getText: () => 'a: 1\n' } as unknown as vscode.TextDocument;
    assert.equal(await mayMatter(document), false);
    assert.equal(await repositoryOf(at('deep/in/a.yaml')), undefined);
    assert.ok(steps > 0);
  });

  it('has versions in git that are versions of its files', () => {
    const query = JSON.stringify({ path: '\\\\server\\share\\deep\\a.env', ref: 'HEAD' });
    const { authority, path } = fileOf(Uri.from({ scheme: 'git', path: '//server/share/deep/a.env', query }) as never);
    assert.deepEqual([authority, path], ['server', '/share/deep/a.env']);
  });

  it('is looked at once for what was interrupted', async () => {
    const { stat } = workspace.fs;
    const folders = Object.getOwnPropertyDescriptor(workspace, 'workspaceFolders') as PropertyDescriptor;
    Object.defineProperty(workspace, 'workspaceFolders', { configurable: true, get: () => [{ uri: share() }] });
    workspace.fs.stat = async (uri) => (uri.path.endsWith('/.lockstep/journal') ? ({} as never) : assert.fail());
    try {
      const looked = await new Promise((resolve, reject) => {
        const journals = { ...nodePlatform.journals, real: async (root: string) => resolve(root) };
        const log = { error: (name: string) => reject(new Error(name)) };
        const services = { ...stage.services, log, platform: { ...nodePlatform, journals } };
        recovering(services as never).disposable.dispose();
      });
      assert.equal(looked, '/share');
    } finally {
      workspace.fs.stat = stat;
      Object.defineProperty(workspace, 'workspaceFolders', folders);
    }
  });
});
