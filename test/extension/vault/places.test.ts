import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../../../src/extension/vault/places.ts';
import { projectText } from '../../../src/extension/vault/places.ts';
import { fakeContext, Uri } from '../../fakes/vscode.ts';
import { keyringOf, vaultOn } from './windows.ts';

describe('a project key', () => {
  let folder: string;
  let shop: Place;
  const [id, other] = ['0123456789abcdef'.repeat(2), 'fedcba9876543210'.repeat(2)];
  const repository = (name: string, its = id) => {
    const root = join(folder, name);
    mkdirSync(join(root, '.git'), { recursive: true });
    mkdirSync(join(root, '.lockstep'));
    mkdirSync(join(root, 'deep', 'er'), { recursive: true });
    writeFileSync(join(root, '.lockstep', 'project'), projectText(its));
    return root;
  };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-places-')));
    const root = repository('shop');
    shop = { id, name: 'shop', root: Uri.file(root).toString() };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bound = async () => {
    const vault = vaultOn(fakeContext().secrets);
    const { recipient } = await vault.create('shop key', { place: shop });
    return { vault, recipient, opens: async (file: string) => (await keyringOf(vault, file).openers()).length > 0 };
  };

  it('opens files of its repository, and no file that was copied out of it', async () => {
    const { opens } = await bound();
    for (const name of ['shop/x.yaml', 'shop/deep/er/x.yaml']) assert.ok(await opens(join(folder, name)), name);
    mkdirSync(join(folder, 'plain'));
    repository('elsewhere', other);
    mkdirSync(join(folder, 'bare', '.git'), { recursive: true });
    for (const name of ['x.yaml', 'plain/x.yaml', 'elsewhere/x.yaml', 'bare/x.yaml', 'shop/../elsewhere/x.yaml'])
      assert.ok(!(await opens(join(folder, name))), name);
    assert.ok(!(await opens(`${folder}/shop/../elsewhere/x.yaml`)));
  });

  it('is not taken in by a copy of the id, nor of the whole repository', async () => {
    const { opens } = await bound();
    repository('thief');
    cpSync(join(folder, 'shop'), join(folder, 'copy'), { recursive: true });
    symlinkSync(join(folder, 'shop'), join(folder, 'thief', 'link'));
    for (const name of ['thief/x.yaml', 'copy/x.yaml', 'thief/link/x.yaml'])
      assert.ok(!(await opens(join(folder, name))), name);
  });

  it('does not follow another repository into the place of its own, nor one that is inside it', async () => {
    const { opens } = await bound();
    mkdirSync(join(folder, 'shop', 'vendor', 'lib', '.git'), { recursive: true });
    writeFileSync(join(folder, 'shop', 'deep', '.git'), 'gitdir: ../.git/modules/deep\n');
    assert.ok(!(await opens(join(folder, 'shop', 'vendor', 'lib', 'x.yaml'))));
    assert.ok(!(await opens(join(folder, 'shop', 'deep', 'x.yaml'))), 'a submodule');
    for (const text of [projectText(other), '', `${projectText(id)}${'#'.repeat(2000)}`, `id: ${id}0\n`]) {
      writeFileSync(join(folder, 'shop', '.lockstep', 'project'), text);
      assert.ok(!(await opens(join(folder, 'shop', 'x.yaml'))), text.slice(0, 90));
    }
  });

  it('is shared with a second repository on purpose, which shows, and can be taken back', async () => {
    const { vault, recipient, opens } = await bound();
    const root = repository('production', other);
    const production = { id: other, name: 'production', root: Uri.file(root).toString() };
    await vault.bind(recipient, [shop, production]);
    assert.ok(await opens(join(root, 'x.yaml')));
    assert.deepEqual(
      (await vault.keys())[0]?.places?.map(({ name }) => name),
      ['shop', 'production'],
    );
    await vault.bind(recipient, [shop]);
    assert.ok(!(await opens(join(root, 'x.yaml'))));
    await vault.bind(recipient, []);
    assert.ok(!(await opens(join(folder, 'shop', 'x.yaml'))), 'nowhere is not everywhere');
    await vault.bind(recipient, undefined);
    assert.ok(await opens(join(root, 'x.yaml')));
  });

  it('stays bound when what says so is damaged, and waits for its pass phrase where it may be used alone', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    const { recipient } = await vault.create('shop key', { place: shop });
    const file = join(folder, 'shop', 'x.yaml');
    await vault.wrap(recipient, 'correct horse battery');
    vault.lock();
    vault.unlock();
    assert.equal(await keyringOf(vault, file).asleep?.([recipient]), true);
    assert.equal(await keyringOf(vault, join(folder, 'x.yaml')).asleep?.([recipient]), false);
    await vault.wake(recipient, 'correct horse battery');
    const [stored] = JSON.parse(secrets.values.get('lockstep.identities') ?? '') as object[];
    for (const places of [null, 'x', [{ id }], {}]) {
      await secrets.store('lockstep.identities', JSON.stringify([{ ...stored, places }]));
      assert.deepEqual(await keyringOf(vault, file).openers(), [], JSON.stringify(places));
    }
  });
});
