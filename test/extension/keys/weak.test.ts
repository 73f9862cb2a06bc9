import assert from 'node:assert/strict';
import { watchKeys } from '../../../src/extension/keys/weak.ts';
import type { Services } from '../../../src/extension/services.ts';
import { env, type fakeContext, UIKind } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const phrase = 'correct horse battery';

describe('a store that protects little', () => {
  let stage: Stage;
  let isKeyringOff = false;
  const watch = async () => {
    const platform = { ...stage.services.platform, isKeyringOff: async () => isKeyringOff };
    const watching = watchKeys({ ...stage.services, platform } as Services);
    await soon();
    return watching;
  };
  const soon = () => new Promise((resolve) => setTimeout(resolve, 30));
  const told = () => stage.script.asked.filter((text) => /keyring/.test(text));
  beforeEach(async () => {
    stage = await makeStage();
    isKeyringOff = false;
  });
  afterEach(() => {
    Object.assign(env, { uiKind: UIKind.Desktop, remoteName: undefined });
    stage.end();
  });

  it('is not spoken of where there is a keyring', async () => {
    (await watch()).dispose();
    isKeyringOff = true;
    env.remoteName = 'ssh-remote';
    (await watch()).dispose();
    assert.deepEqual(stage.script.asked, []);
  });

  it('is named in one sentence, once for each key, in a browser and on Linux without a keyring', async () => {
    isKeyringOff = true;
    for (let n = 0; n < 2; n++) (await watch()).dispose();
    assert.deepEqual(told(), [
      'VS Code uses no keyring on this machine, so whoever can read your files can use your key.',
    ]);
    env.uiKind = UIKind.Web;
    const watching = await watch();
    assert.equal(told().length, 1);
    await stage.vault.create('second');
    await soon();
    assert.equal(told().length, 2);
    assert.match(told()[1] ?? '', /^This VS Code runs in a browser, which keeps your key in its own storage/);
    watching.dispose();
  });

  it('leads to a pass phrase on top, after which there is nothing to say', async () => {
    isKeyringOff = true;
    Object.assign(stage.script, { message: 'Protect With a Pass Phrase', secret: [phrase, phrase] });
    const watching = await watch();
    for (let n = 0; n < 60 && !(await stage.vault.keys())[0]?.wrapped; n++) await soon();
    assert.equal((await stage.vault.keys())[0]?.wrapped, true);
    watching.dispose();
    await stage.services.context.globalState.update('lockstep.weakStore.told', undefined);
    (await watch()).dispose();
    assert.equal(told().length, 1);
  });

  it('says it when the entry was cut, with the way back', async () => {
    const { secrets } = stage.services.context as unknown as ReturnType<typeof fakeContext>;
    await stage.vault.create('second');
    const text = secrets.values.get('lockstep.identities') ?? '';
    await secrets.store('lockstep.identities', text.slice(0, -9));
    (await watch()).dispose();
    assert.match(stage.script.asked.join(), /is damaged: 1 can be read\. Restore the others from your backup\./);
    await secrets.store('lockstep.identities', text.slice(0, 9));
    (await watch()).dispose();
    assert.match(stage.script.asked.at(-1) ?? '', /no key can be read/);
  });
});
