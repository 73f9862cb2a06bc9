import assert from 'node:assert/strict';
import type { Feature } from '../../../src/extension/services.ts';
import { register } from '../../../src/extension/textconv/register.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { fake } from '../../fakes/vscode.ts';
import { sealed, stage } from '../mask/stage.ts';

describe('a program that git runs over encrypted files', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature | undefined;
  let asked: string[];
  let warned: string[];
  const drivers: Record<string, string> = { '/w/a.env': 'sops', '/w/b.env': 'sops', '/w/c.env': 'o\u202eps' };

  beforeEach(() => {
    fake.reset();
    on = stage();
    [asked, warned] = [[], []];
    const git = {
      ...nodePlatform.git,
      textconvOf: async (path: string) => {
        asked.push(path);
        return drivers[path];
      },
      workTreeOf: async () => '/w',
    };
    Object.assign(on.services, { platform: { ...nodePlatform, git } });
    Object.assign(on.services.ui, { warn: async (text: string) => void warned.push(text) });
  });
  afterEach(() => feature?.disposable.dispose());

  const show = async (path: string) => {
    const file = await sealed('A=one\n', 'dotenv');
    on.answer(fake.open(path, file.text), await file.opened());
    await new Promise((resolve) => setTimeout(resolve));
  };

  it('is named once for each driver, with what ends it', async () => {
    feature = register(on.services);
    for (const path of ['/w/none.env', '/w/a.env', '/w/b.env', '/w/a.env', '/w/c.env']) await show(path);
    assert.equal(warned.length, 2);
    assert.match(warned[0] ?? '', /a\.env .*git config --unset diff\.sops\.textconv$/);
    assert.ok(warned[1]?.includes('diff.o\\u{202e}ps.textconv'));
    assert.deepEqual(asked, ['/w/none.env', '/w/a.env', '/w/b.env', '/w/c.env']);
  });

  it('is named for files that are there already, and not asked for plain ones', async () => {
    await show('/w/a.env');
    on.answer(fake.open('/w/plain.env', 'A=b\n'), { kind: 'none' });
    feature = register(on.services);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(warned.length, 1);
    assert.deepEqual(asked, ['/w/a.env']);
  });

  it('is no business of a workspace without trust', async () => {
    fake.trusted = false;
    feature = register(on.services);
    await show('/w/a.env');
    assert.deepEqual([asked, warned], [[], []]);
  });
});
