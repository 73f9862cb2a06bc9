import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pluginIdentity, pluginIdentityText, pluginOfRecipient } from '../../../../src/core/age/plugin/names.ts';
import { CommandReader, commandText } from '../../../../src/core/age/plugin/stanzas.ts';
import { pluginKey } from './key.ts';

describe('commands of age plugins', () => {
  const word = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((n) => String.fromCharCode(n)),
    minLength: 1,
  });
  const command = fc.record(
    {
      args: fc.array(word, { minLength: 1, maxLength: 4 }),
      body: fc.uint8Array({ maxLength: 200 }),
    },
    { noNullPrototype: true },
  );

  it('come back as they went, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (commands, size) => {
        const text = commands.map(({ args, body }) => commandText(args, body)).join('');
        const reader = new CommandReader();
        const found: unknown[] = [];
        for (let at = 0; at < text.length; at += size) {
          reader.add(text.slice(at, at + size));
          for (let one = reader.next(); one; one = reader.next()) found.push(one);
        }
        assert.deepEqual(found, commands);
      }),
    );
  });

  it('are written as the specification has them', () => {
    assert.equal(commandText(['done']), '-> done\n\n');
    const full = commandText(['a', 'b'], new Uint8Array(48));
    assert.equal(full, `-> a b\n${'A'.repeat(64)}\n\n`);
  });

  it('are refused when they are none', () => {
    for (const text of [
      'hello\n\n',
      '->\n\n',
      '->  a\n\n',
      '-> a\t\n\n',
      '-> a\nAA==\n',
      '-> a\nAB\n',
      `-> a\n${'A'.repeat(65)}\n\n`,
    ]) {
      const reader = new CommandReader();
      reader.add(text);
      assert.throws(() => reader.next(), RangeError, JSON.stringify(text));
    }
    const endless = new CommandReader();
    assert.throws(() => {
      for (let n = 0; n < 2000; n++) endless.add('A'.repeat(1024));
    }, RangeError);
  });
});

describe('names of age plugins', () => {
  it('are taken from recipients and identities', () => {
    for (const name of ['yubikey', 'fido2-hmac', 'a', 'x_1+y.z', 'se']) {
      const { recipient, identity } = pluginKey('x', name);
      assert.equal(pluginOfRecipient(recipient), name);
      const found = pluginIdentity(identity);
      assert.equal(found?.plugin, name);
      assert.equal(pluginIdentityText(name, found?.bytes ?? new Uint8Array()), identity);
    }
  });

  it('lead out of no folder, and hide nothing', () => {
    for (const name of ['../evil', 'a/b', 'a\\b', '.', '..', '-x', 'a:b', 'a%b', 'a$b', 'x'.repeat(65)]) {
      const { recipient, identity } = pluginKey('x', name);
      assert.equal(pluginOfRecipient(recipient), undefined, name);
      assert.equal(pluginIdentity(identity), undefined, name);
    }
  });

  it('are not those of age itself', () => {
    for (const name of ['pq', 'tag', 'tagpq'])
      assert.equal(pluginOfRecipient(pluginKey('x', name).recipient), undefined);
  });
});
