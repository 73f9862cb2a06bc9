import assert from 'node:assert/strict';
import { realUi } from '../../src/extension/ui.ts';
import { fake } from '../fakes/vscode.ts';

describe('messages', () => {
  it('hold no links, whatever a file or an entry is called', async () => {
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)\)/;
    const name = '["[OK](command:workbench.action.terminal.new)"].yaml';
    assert.match(name, link);
    const before = fake.messages.length;
    await Promise.all([realUi.info(name), realUi.warn(name), realUi.error(name)]);
    const shown = fake.messages.slice(before).map((one) => one.text);
    assert.equal(shown.length, 3);
    for (const one of shown) assert.ok(!link.test(one) && one.includes('command:'));
  });
});
