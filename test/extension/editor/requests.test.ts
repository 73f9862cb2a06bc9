import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/bytes.ts';
import { systemClock } from '../../../src/core/ports.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import type { RequestName, Requests } from '../../../src/protocol/requests.ts';
import { fake } from '../../fakes/vscode.ts';
import { type Custom, Desk, type FakePage } from './desk.ts';

const yaml = `db:
  # canary-comment
  password: canary-a
  host_unencrypted: shown
other: canary-b
`;

interface Case<N extends RequestName> {
  readonly args: (page: FakePage) => Requests[N] | Promise<Requests[N]>;
  /** Its answer holds a value, or tells something about one. */
  readonly tells?: true;
  readonly presenting: 'answered' | 'refused';
  readonly locked: 'answered' | 'refused';
  /** Needs a file that changed on the disk under unsaved edits. */
  readonly conflict?: true;
  /** Needs a binary file. */
  readonly binary?: true;
}

const nothing = () => ({});
const password = (page: FakePage) => ({ row: page.row('password').id });
/** The tokens of the Text view. */
const tokens = async (page: FakePage) =>
  [...(await page.ask('text', {})).text.matchAll(/\uE000[A-Za-z0-9]+\uE001/g)].map(([token]) => token);
const refusedWhileLocked = { presenting: 'answered', locked: 'refused' } as const;
const always = { presenting: 'answered', locked: 'answered' } as const;
const tells = { tells: true, presenting: 'refused', locked: 'refused' } as const;

/** What every request does while presentation mode is on, and while Lockstep is locked. */
const cases: { readonly [N in RequestName]: Case<N> } = {
  ready: { args: nothing, ...always },
  reveal: { args: password, ...tells },
  copy: { args: password, ...refusedWhileLocked },
  edit: { args: password, ...tells },
  set: { args: (page) => ({ ...password(page), text: 'canary-new', as: 'str' }), ...refusedWhileLocked },
  generate: { args: () => ({ options: { kind: 'uuid' } }), ...tells },
  add: { args: () => ({ place: {}, name: 'new', text: 'canary-new', as: 'str' }), ...refusedWhileLocked },
  addGroup: { args: () => ({ place: {}, name: 'new', list: false }), ...refusedWhileLocked },
  paste: { args: () => ({ text: 'NEW=canary-new\nother=canary-x', replace: false }), ...refusedWhileLocked },
  rename: { args: (page) => ({ ...password(page), name: 'renamed' }), ...refusedWhileLocked },
  remove: { args: (page) => ({ rows: [page.row('password').id] }), ...refusedWhileLocked },
  duplicate: { args: (page) => ({ ...password(page), name: 'second' }), ...refusedWhileLocked },
  move: { args: (page) => ({ ...password(page), place: {} }), ...refusedWhileLocked },
  comment: { args: password, ...tells },
  setComment: { args: (page) => ({ ...password(page), text: 'canary-new' }), ...refusedWhileLocked },
  markPlain: { args: (page) => ({ row: page.row('host_unencrypted').id, on: false }), ...refusedWhileLocked },
  findValues: { args: () => ({ text: 'canary-a', matchCase: true }), ...tells },
  agree: { args: password, ...refusedWhileLocked },
  past: { args: password, ...refusedWhileLocked },
  key: { args: (page) => ({ ...password(page), verb: 'reset' }), ...refusedWhileLocked },
  run: { args: () => ({ verb: 'explain' }), ...always },
  replaceFromFile: { args: nothing, binary: true, presenting: 'refused', locked: 'refused' },
  saveCopy: { args: nothing, binary: true, presenting: 'refused', locked: 'refused' },
  act: { args: () => ({ action: 'reload' }), ...always },
  undo: { args: nothing, ...always },
  redo: { args: nothing, ...always },
  save: { args: nothing, ...always },
  hidden: { args: nothing, ...always },
  text: { args: nothing, ...refusedWhileLocked },
  textShow: { args: async (page) => ({ tokens: await tokens(page) }), ...tells },
  textSet: {
    args: async (page) => ({ text: `${(await page.ask('text', {})).text}new: canary-new\n` }),
    ...refusedWhileLocked,
  },
  textFind: { args: () => ({ text: 'canary-a', matchCase: true }), ...tells },
  textReplace: {
    args: async (page) => ({ text: 'canary', by: 'canary-new', matchCase: true, tokens: await tokens(page) }),
    ...tells,
  },
  conflict: { args: nothing, conflict: true, ...refusedWhileLocked },
  resolve: { args: async (page) => ({ sides: await chosen(page) }), conflict: true, ...refusedWhileLocked },
  revealSide: {
    args: async (page) => {
      const { entries } = await page.ask('conflict', {});
      return { index: entries.findIndex(({ path }) => path === 'other'), side: 'mine' as const };
    },
    conflict: true,
    ...tells,
  },
};

const chosen = async (page: FakePage) => (await page.ask('conflict', {})).entries.map(() => 'mine' as const);

describe('the requests of the Secrets Editor', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
    for (const command of ['undo', 'redo', 'lockstep.unlock', 'lockstep.explainFile'])
      fake.commands.set(command, async () => undefined);
  });
  afterEach(() => desk.end());

  async function opened({ conflict, binary }: { readonly conflict?: true; readonly binary?: true }): Promise<Custom> {
    if (binary) {
      desk.stage.write('new.pem', 'canary-new');
      Object.assign(desk.stage.script, { openFile: desk.at('new.pem'), saveFile: desk.at('copy.pem') });
      const sealed = await sealBytes(utf8('canary-key'), 'binary', { recipients: [desk.stage.recipient] }, systemClock);
      desk.stage.write('key.pem', sealed.text);
      return desk.open('key.pem');
    }
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    if (!conflict) return custom;
    await custom.page.ask('set', { row: custom.page.row('other').id, text: 'canary-mine', as: 'str' });
    await desk.outside('a.yaml', await desk.stage.sealed(yaml.replace('canary-b', 'canary-theirs'), 'yaml'));
    await custom.settle();
    assert.equal(custom.page.state.conflict, true);
    return custom;
  }

  it('stores nothing unencrypted while presenting: its value would be seen', async () => {
    const { page } = await opened({});
    desk.stage.services.presentation.set(true);
    const refused = await page.refused('markPlain', { ...password(page), on: true });
    assert.match(refused.text, /^Presentation mode is on/);
  });

  for (const [name, one] of Object.entries(cases) as [RequestName, Case<RequestName>][]) {
    it(`${name}: ${one.presenting} while presenting, ${one.locked} while locked`, async () => {
      const custom = await opened(one);
      const { page } = custom;
      const args = await one.args(page);
      desk.stage.vault.lock();
      const locked = await page.answer(name, args);
      assert.equal(locked.ok ? 'answered' : 'refused', one.locked, JSON.stringify(locked));
      if (!locked.ok) assert.equal(locked.error.code, 'LOCKED');
      desk.stage.vault.unlock();
      await custom.settle();
      desk.stage.services.presentation.set(true);
      const presented = await page.answer(name, args);
      assert.equal(presented.ok ? 'answered' : 'refused', one.presenting, JSON.stringify(presented));
      if (!presented.ok) assert.match(presented.error.text, /^Presentation mode is on/);
      const told = JSON.stringify([presented, locked]);
      assert.ok(!told.includes('canary'), told);
    });

    it(`${name}: ${one.tells ? 'answered at other times' : 'holds no value at any time'}`, async () => {
      const { page } = await opened(one);
      const answer = await page.answer(name, await one.args(page));
      assert.ok(answer.ok, JSON.stringify(answer));
      if (!one.tells) assert.ok(!JSON.stringify(answer).includes('canary'), JSON.stringify(answer));
    });

    for (const begin of ['a presentation', 'a lock'] as const) {
      it(`${name}: tells nothing when ${begin} begins before the answer`, async () => {
        const { page } = await opened(one);
        const args = await one.args(page);
        const sent = page.sent.length;
        const answering = page.answer(name, args);
        if (begin === 'a lock') desk.stage.vault.lock();
        else desk.stage.services.presentation.set(true);
        const answer = await answering;
        assert.ok(!JSON.stringify(page.sent.slice(sent)).includes('canary'), JSON.stringify(answer));
        if (one.tells) assert.equal(answer.ok, false);
      });
    }
  }
});
