import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readNpm } from '../../../src/core/env/npm.ts';
import { dotenvxPublicKey, openDotenvx, sealDotenvx } from '../../../src/core/tokens/dotenvx.ts';
import { Desk } from './desk.ts';

const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
const publicKey = dotenvxPublicKey(secret);
const keys = `# .env\nDOTENV_PRIVATE_KEY="${secret}"\n`;

describe('a .env of dotenvx in the Secrets Editor', () => {
  let desk: Desk;
  let file: string;
  beforeEach(async () => {
    desk = await Desk.make();
    const sealed = await sealDotenvx(Buffer.from('canary-$(one)'), publicKey);
    file = `#/---[DOTENV_PUBLIC_KEY]---/\nDOTENV_PUBLIC_KEY="${publicKey}"\n\n# .env\nONE='${sealed}' # first\nPORT=3000\n`;
    desk.stage.write('.env', file);
    desk.stage.write('.env.keys', keys);
  });
  afterEach(() => desk.end());

  const read = async (name: string) => {
    const value = readNpm(desk.read('.env')).get(name) ?? '';
    return Buffer.from(await openDotenvx(value, secret)).toString();
  };
  const rowOf = (name: string, page: { readonly rows: readonly { readonly name: string; readonly id: string }[] }) =>
    page.rows.find((row) => row.name === name)?.id ?? assert.fail(`no row ${name}`);
  const place = {};

  it('is a table of its entries, without its public key; what is plaintext is marked so', async () => {
    const { page } = await desk.open('.env');
    assert.deepEqual(
      page.rows.filter(({ kind }) => kind === 'entry').map(({ name, secret: hidden, plain }) => [name, hidden, plain]),
      [
        ['ONE', true, undefined],
        ['PORT', false, '3000'],
      ],
    );
    assert.deepEqual([page.notice, page.state.readOnly, page.state.readers], [undefined, false, 0]);
    assert.deepEqual([page.state.features.textView, page.state.features.wholeFile], [false, false]);
    assert.doesNotMatch(JSON.stringify(page.sent), /canary|28c1e9/);
  });

  it('shows a value on request, and expands nothing in it', async () => {
    const { page } = await desk.open('.env');
    assert.deepEqual(await page.ask('reveal', { row: rowOf('ONE', page) }), { text: 'canary-$(one)' });
    assert.deepEqual(
      desk.stage.recorded.map(({ purpose, key }) => [purpose, key]),
      [['reveal', 'ONE']],
    );
  });

  it('takes edits in its own format, each one step that can be undone, and saves them', async () => {
    const custom = await desk.open('.env');
    const { page } = custom;
    await page.ask('set', { row: rowOf('ONE', page), text: 'canary-two', as: 'str' });
    await page.ask('add', { place, name: 'NEW', text: 'canary-$HOME', as: 'str' });
    assert.equal(custom.edits.length, 2);
    assert.doesNotMatch(JSON.stringify([custom.document.text, custom.document.kept]), /canary/);
    await custom.save();
    assert.deepEqual([await read('ONE'), await read('NEW')], ['canary-two', 'canary-$HOME']);
    assert.match(desk.read('.env'), /^NEW='encrypted:[^']+'$/m);
    assert.match(desk.read('.env'), /^ONE="encrypted:[^"]+" # first$/m);
    await custom.undo();
    await custom.undo();
    assert.equal(custom.document.text, file);
    await custom.redo();
    await custom.save();
    assert.equal(await read('ONE'), 'canary-two');
  });

  it('loses a named encryption key to pasted lines only after a question', async () => {
    const [old, fresh] = [Buffer.alloc(16, 1).toString('base64'), Buffer.alloc(16, 2).toString('base64')];
    const key = await sealDotenvx(Buffer.from(old), publicKey);
    desk.stage.write('.env', `${file}ENCRYPTION_KEY_ORDERS="${key}"\n`);
    const custom = await desk.open('.env');
    await custom.page.ask('paste', { text: `ENCRYPTION_KEY_ORDERS=${fresh}\n`, replace: true });
    desk.stage.script.gesture = false;
    await assert.rejects(custom.save(), /\.env was not saved/);
    assert.equal(await read('ENCRYPTION_KEY_ORDERS'), old);
    desk.stage.script.gesture = true;
    await custom.save();
    assert.match(desk.stage.script.asked.at(-1) ?? '', /Replace the encryption key ORDERS in \.env\?/);
    assert.equal(await read('ENCRYPTION_KEY_ORDERS'), fresh);
  });

  it('takes pasted lines, a new name, a comment, and lets entries go', async () => {
    const custom = await desk.open('.env');
    const { page } = custom;
    const pasted = await page.ask('paste', {
      text: 'PORT=4000\nURL="http://x/#y"\nDOTENV_PUBLIC_KEY=x\n',
      replace: true,
    });
    assert.deepEqual([pasted.added, pasted.skipped], [1, [{ line: 3, why: 'name' }]]);
    await page.ask('rename', { row: rowOf('URL', page), name: 'BASE_URL' });
    await page.ask('setComment', { row: rowOf('BASE_URL', page), text: 'for the shop' });
    await page.ask('remove', { rows: [rowOf('ONE', page)] });
    await custom.save();
    assert.deepEqual([await read('PORT'), await read('BASE_URL')], ['4000', 'http://x/#y']);
    assert.match(desk.read('.env'), /\n#\s?for the shop\nBASE_URL=/);
    assert.doesNotMatch(desk.read('.env'), /ONE/);
    assert.deepEqual(await page.ask('comment', { row: rowOf('BASE_URL', page) }), { text: 'for the shop' });
  });

  it('takes a new value without the private key, and says that it shows none', async () => {
    desk.stage.write('.env.keys', '# nothing\n');
    const custom = await desk.open('.env');
    const { page } = custom;
    assert.equal(page.notice?.kind, 'readers');
    assert.match(page.notice?.text ?? '', /the public key in the file is enough/);
    assert.equal((await page.refused('reveal', { row: rowOf('ONE', page) })).code, 'NOT_A_RECIPIENT');
    await page.ask('add', { place, name: 'NEW', text: 'canary-new', as: 'str' });
    await page.ask('set', { row: rowOf('ONE', page), text: 'canary-other', as: 'str' });
    await custom.save();
    assert.deepEqual([await read('NEW'), await read('ONE')], ['canary-new', 'canary-other']);
  });

  it('has its key in SecretStorage, too, or where the file says; a key of another file is none', async () => {
    const canShow = async () => {
      const custom = await desk.open('.env');
      const shown = custom.page.notice === undefined;
      custom.close();
      return shown;
    };
    desk.stage.write('.env.keys', `DOTENV_PRIVATE_KEY="${'1'.repeat(64)}"\n`);
    assert.ok(!(await canShow()));
    desk.stage.write('sub/.env.keys', keys);
    desk.stage.write('.env', file.replace(`${publicKey}"`, `${publicKey}" # -fk sub/.env.keys`));
    assert.ok(await canShow());
    desk.stage.write('.env', file.replace(`${publicKey}"`, `${publicKey}" # -fk ../../../../etc/.env.keys`));
    assert.ok(!(await canShow()));
    await desk.stage.services.context.secrets.store(`lockstep.dotenvx.${publicKey}`, secret);
    assert.ok(await canShow());
  });

  it('shows nothing while locked, and refuses what is there for files of SOPS', async () => {
    const custom = await desk.open('.env');
    const { page } = custom;
    const row = rowOf('ONE', page);
    assert.notEqual((await page.answer('text', {})).ok, true);
    assert.equal((await page.refused('markPlain', { row, on: true })).code, 'UNSUPPORTED_FORMAT');
    desk.stage.vault.lock();
    await custom.settle();
    assert.equal(page.notice?.kind, 'locked');
    assert.equal((await page.refused('reveal', { row })).code, 'LOCKED');
    assert.throws(() => custom.document.opened());
    desk.stage.vault.unlock();
    await custom.settle();
    assert.deepEqual(await page.ask('reveal', { row: rowOf('ONE', page) }), { text: 'canary-$(one)' });
  });

  it('is brought together with another version on the disk, entry by entry', async () => {
    const custom = await desk.open('.env');
    const { page } = custom;
    await page.ask('set', { row: rowOf('ONE', page), text: 'canary-mine', as: 'str' });
    await page.ask('add', { place, name: 'MINE', text: 'canary-added', as: 'str' });
    const theirs = await sealDotenvx(Buffer.from('canary-theirs'), publicKey);
    await desk.outside('.env', `${file.replace(/^ONE=.*$/m, `ONE="${theirs}"`)}THEIRS="${theirs}"\n`);
    await custom.settle();
    assert.ok(page.state.conflict);
    const { entries } = await page.ask('conflict', {});
    assert.deepEqual(entries.map(({ path, clash }) => [path, clash]).sort(), [
      ['MINE', false],
      ['ONE', true],
      ['THEIRS', false],
    ]);
    const index = entries.findIndex(({ path }) => path === 'ONE');
    assert.deepEqual(await page.ask('revealSide', { index, side: 'theirs' }), { text: 'canary-theirs' });
    assert.deepEqual(await page.ask('revealSide', { index, side: 'mine' }), { text: 'canary-mine' });
    await page.ask('resolve', { sides: entries.map(() => 'mine' as const) });
    await custom.save();
    assert.deepEqual(
      [await read('ONE'), await read('MINE'), await read('THEIRS'), readNpm(desk.read('.env')).get('PORT')],
      ['canary-mine', 'canary-added', 'canary-theirs', '3000'],
    );
  });

  it('is not brought together with a version for another key', async () => {
    const custom = await desk.open('.env');
    const { page } = custom;
    await page.ask('add', { place, name: 'MINE', text: 'canary-added', as: 'str' });
    const other = dotenvxPublicKey('1'.repeat(64));
    await desk.outside('.env', file.replace(publicKey, other));
    await custom.settle();
    const { entries } = await page.ask('conflict', {});
    const { code } = await page.refused('resolve', { sides: entries.map(() => 'mine' as const) });
    assert.equal(code, 'UNSUPPORTED_FORMAT');
    assert.ok(desk.read('.env').includes(other));
  });

  it('with a line that is no entry says where', async () => {
    desk.stage.write('.env', `${file}no sign\n`);
    const { page } = await desk.open('.env');
    assert.equal(page.notice?.kind, 'broken');
    assert.equal(desk.read('.env'), `${file}no sign\n`);
  });

  it('as text is masked where it is plaintext, and no warning counts what is encrypted', async () => {
    const stateOf = async (name: string, text: string) => desk.stage.state(desk.stage.open(name, text));
    const state = await stateOf('.env', file);
    assert.equal(state.kind, 'plain');
    assert.deepEqual(
      state.kind === 'plain' && state.leaves.filter(({ encrypted }) => encrypted).map(({ path }) => path[0]),
      ['PORT'],
    );
    desk.stage.write(join('b', '.env'), '');
    assert.equal((await stateOf(join('b', '.env'), file.replace('PORT=3000\n', ''))).kind, 'none');
  });
});
