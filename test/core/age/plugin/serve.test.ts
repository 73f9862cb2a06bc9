import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter } from 'age-encryption';
import { pluginIdentityUser } from '../../../../src/core/age/plugin/machines.ts';
import { usePlugins } from '../../../../src/core/age/plugin/port.ts';
import { serveIdentities, type Unwrapped } from '../../../../src/core/age/plugin/serve.ts';
import { type Command, commandText } from '../../../../src/core/age/plugin/stanzas.ts';
import { agentIdentity, isAgentIdentity } from '../../../../src/core/agent/identity.ts';

const key = () => Uint8Array.from({ length: 16 }, (_, i) => i);
const fine = () => undefined;

/** Two ends: what one sends the other receives. */
function pipe() {
  const queue: string[] = [];
  let ended = false;
  let wake = () => {};
  return {
    send: async (text: string) => {
      queue.push(text);
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    receive: async () => {
      while (queue.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return queue.shift();
    },
  };
}

/** What the plugin says to a program that sends all of this, and answers `ok` to everything. */
async function said(
  sent: string,
  open: (stanzas: readonly Command[]) => Promise<Unwrapped> = async () => ({ fileKey: key() }),
  judge: (identity: string) => string | undefined = fine,
): Promise<{ ok: boolean; said: string }> {
  const input = pipe();
  let text = '';
  await input.send(sent);
  const send = async (piece: string) => {
    text += piece;
    await input.send('-> ok\n\n');
  };
  return { ok: await serveIdentities({ send, receive: input.receive }, judge, open), said: text };
}

const identity = commandText(['add-identity', 'AGE-PLUGIN-LOCKSTEP-1TEST']);
const stanza = (file: string, ...args: string[]) =>
  commandText(['recipient-stanza', file, ...args], new Uint8Array(32));
const done = commandText(['done']);

describe('our side of an age plugin', () => {
  it('opens files for a program that has age built in', async () => {
    const seen: string[] = [];
    const own = Encrypter.prototype;
    assert.ok(own);
    const fileKeys: Uint8Array[] = [];
    usePlugins({
      async start() {
        const [to, from] = [pipe(), pipe()];
        const open = async (stanzas: readonly Command[]) => {
          seen.push(...stanzas.map(({ args }) => String(args[0])));
          return { fileKey: fileKeys[0] ?? key() };
        };
        void serveIdentities({ send: from.send, receive: to.receive }, fine, open).finally(from.end);
        return { send: (text) => void to.send(text), receive: from.receive, stop: to.end };
      },
      person: { tell: () => false, confirm: async () => undefined, ask: async () => undefined },
    });
    const encrypter = new Encrypter();
    // A recipient that keeps what it was to wrap, as a plugin's own would.
    encrypter.addRecipient({
      async wrapFileKey(fileKey) {
        fileKeys.push(Uint8Array.from(fileKey));
        const { Stanza } = await import('age-encryption');
        return [new Stanza(['X25519', 'abc'], randomBytes(32))];
      },
    });
    const file = await encrypter.encrypt('a text');
    const decrypter = new Decrypter();
    decrypter.addIdentity(pluginIdentityUser('lockstep', agentIdentity));
    assert.equal(await decrypter.decrypt(file, 'text'), 'a text');
    assert.deepEqual(seen, ['X25519']);
  });

  it('answers for each file, and passes over commands that mean nothing', async () => {
    const grease = commandText(['x-grease', 'a'], new Uint8Array(100));
    const sent = `${identity}${grease}${stanza('0', 'X25519', 'a')}${stanza('1', 'scrypt', 'b')}${stanza('0', 'ssh-rsa')}${done}`;
    const opened: string[][] = [];
    const { ok, said: text } = await said(sent, async (stanzas) => {
      opened.push(stanzas.map(({ args }) => args.join(' ')));
      return opened.length === 1 ? { fileKey: key() } : undefined;
    });
    assert.deepEqual(opened, [['X25519 a', 'ssh-rsa'], ['scrypt b']]);
    assert.equal(text, `${commandText(['file-key', '0'], key())}${done}`);
    assert.ok(ok);
  });

  it('says why it gives no key, and wipes one that it gave', async () => {
    const sent = `${identity}${stanza('0', 'X25519', 'a')}${done}`;
    const denied = await said(sent, async () => ({ error: 'It was denied – so.' }));
    assert.equal(denied.said, `${commandText(['error', 'internal'], Buffer.from('It was denied – so.'))}${done}`);
    const given = key();
    await said(sent, async () => ({ fileKey: given }));
    assert.deepEqual(given, new Uint8Array(16));
  });

  it('asks nobody for an identity of another kind, or for none', async () => {
    let asked = 0;
    const open = async () => {
      asked++;
      return undefined;
    };
    const sent = `${identity}${stanza('0', 'X25519', 'a')}${done}`;
    const refused = await said(sent, open, () => 'not mine');
    assert.equal(refused.said, `${commandText(['error', 'identity', '0'], Buffer.from('not mine'))}${done}`);
    assert.equal((await said(`${stanza('0', 'X25519', 'a')}${done}`, open)).said, done);
    assert.equal(asked, 0);
  });

  it('ends quietly when the other side speaks something else, too much, or goes away', async () => {
    const many = Array.from({ length: 1100 }, () => stanza('0', 'X')).join('');
    for (const sent of [
      'hello\n\n',
      `${identity}${stanza('x', 'X')}${done}`,
      `${identity}${many}${done}`,
      'a'.repeat(2e6),
    ])
      assert.equal((await said(sent)).ok, false, sent.slice(0, 40));
    const gone = pipe();
    await gone.send(identity);
    gone.end();
    assert.equal(
      await serveIdentities({ send: async () => {}, receive: gone.receive }, fine, async () => undefined),
      false,
    );
  });

  it('has an identity that holds no secret, and knows it', () => {
    assert.match(agentIdentity(), /^AGE-PLUGIN-LOCKSTEP-1[0-9A-Z]+$/);
    assert.equal(agentIdentity(), agentIdentity());
    assert.ok(isAgentIdentity(`${agentIdentity()}\n`));
    for (const other of [
      '',
      'AGE-PLUGIN-LOCKSTEP-1TEST',
      'AGE-PLUGIN-YUBIKEY-1Q9SKWETWWS7XY96M',
      agentIdentity().slice(0, -1),
    ])
      assert.equal(isAgentIdentity(other), false, other);
  });
});
