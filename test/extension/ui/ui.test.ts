import assert from 'node:assert/strict';
import { showPath } from '../../../src/core/tree/path.ts';
import { copiedText } from '../../../src/extension/status/copied.ts';
import { inert } from '../../../src/extension/ui/inert.ts';
import { endSecrets, type SecretOptions } from '../../../src/extension/ui/secretbox.ts';
import { realUi } from '../../../src/extension/ui/ui.ts';
import { EventEmitter } from '../../fakes/values.ts';
import { fake, window } from '../../fakes/vscode.ts';

/** What VS Code makes a link of, and an icon (base/common/linkedText.ts, iconLabels.ts). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)\)/;
const icon = /\$\([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:~[A-Za-z]+)?\)/;
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

const hostile = [
  '$(lock)',
  '\\$(sync~spin)',
  '["[OK](command:workbench.action.terminal.new)"].yaml',
  '[x](file:///etc/passwd)',
  '<img src=x onerror=alert(1)>',
  'a\u202Eb\u2066c',
  'two\r\nlines\u2028three',
  '$\u200B(flame)',
];

/** Texts are what they were, and nothing in them does anything. */
function assertInert(texts: readonly (string | undefined)[]): void {
  for (const text of texts) {
    assert.ok(text !== undefined);
    assert.ok(!link.test(text), text);
    assert.ok(!icon.test(text), text);
    assert.ok(!unseen.test(text.replaceAll('\n', '')), JSON.stringify(text));
  }
}

describe('a secret', () => {
  beforeEach(() => fake.reset());

  it('is typed unseen, in a box that stays', async () => {
    const accepted = new EventEmitter<void>();
    const other = new EventEmitter<never>();
    const box = {
      value: '',
      password: false,
      ignoreFocusOut: false,
      onDidAccept: accepted.event,
      onDidChangeValue: other.event,
      onDidTriggerButton: other.event,
      onDidHide: other.event,
      show: () => undefined,
      dispose: () => undefined,
    };
    Object.assign(window, { createInputBox: () => box });
    const answer = realUi.secret({ title: 'Set a' });
    assert.deepEqual([box.password, box.ignoreFocusOut], [true, true]);
    box.value = 'canary';
    accepted.fire();
    assert.deepEqual(await answer, { text: 'canary' });
    assert.ok(!JSON.stringify([fake.messages, fake.log]).includes('canary'));
  });
});

describe('the eye of a secret', () => {
  beforeEach(() => fake.reset());

  function open(
    check: SecretOptions['check'] = (text) => (text.startsWith('x') ? { message: 'No x.', block: true } : undefined),
  ) {
    const [accepted, hidden, changed, pressed, hide] = Array.from({ length: 5 }, () => new EventEmitter<unknown>());
    const box = {
      value: '',
      password: false,
      prompt: '' as string | undefined,
      validationMessage: undefined as { message: string } | undefined,
      buttons: [] as { tooltip: string }[],
      onDidAccept: accepted?.event,
      onDidChangeValue: changed?.event,
      onDidTriggerButton: pressed?.event,
      onDidHide: hidden?.event,
      show: () => undefined,
      dispose: () => undefined,
    };
    Object.assign(window, { createInputBox: () => box });
    const state = { allowed: true };
    const answer = realUi.secret({
      title: 'Set a',
      prompt: 'The value is not shown.',
      buttons: [{ id: 'file', icon: 'file', tooltip: 'From File…' }],
      check,
      eye: { allowed: () => state.allowed, hide: (hide as EventEmitter<unknown>).event as never },
    });
    const press = (tooltip: string) => pressed?.fire(box.buttons.find((one) => one.tooltip === tooltip));
    const type = (text: string) => {
      box.value = text;
      changed?.fire(text);
    };
    return {
      box,
      state,
      answer,
      press,
      type,
      hide: () => hide?.fire(undefined),
      accept: () => accepted?.fire(undefined),
    };
  }

  it('shows below the box what is typed, and leaves the box a password box', async () => {
    const { box, press, type, answer, accept } = open();
    type('can$(x)ary');
    assert.equal(box.prompt, 'The value is not shown.');
    press('Show What Is Typed');
    assert.deepEqual([box.prompt, box.password], ['can$\u200B(x)ary', true]);
    type('canary\u202E');
    assert.match(box.prompt ?? '', /^canary.*202E/i);
    type('xcanary');
    assert.equal(box.validationMessage?.message, 'xcanary · No x.');
    press('Hide');
    assert.deepEqual([box.prompt, box.validationMessage?.message], ['The value is not shown.', 'No x.']);
    type('canary');
    accept();
    assert.deepEqual(await answer, { text: 'canary' });
    assert.ok(!JSON.stringify([fake.messages, fake.log]).includes('canary'));
  });

  it('does not find fault with an empty box before Enter is pressed', async () => {
    const { box, type, accept, answer } = open((text) =>
      text.length < 3 ? { message: 'At least 3.', block: true } : undefined,
    );
    const said = () => [box.prompt, box.validationMessage?.message];
    assert.deepEqual(said(), ['The value is not shown.', undefined]);
    type('ab');
    assert.deepEqual(said(), ['The value is not shown.', 'At least 3.']);
    type('');
    assert.deepEqual(said(), ['The value is not shown.', undefined]);
    accept();
    assert.deepEqual(said(), ['The value is not shown.', 'At least 3.']);
    type('abc');
    accept();
    assert.deepEqual(await answer, { text: 'abc' });
  });

  it('is gone with its box, and with what was typed, when a lock comes', async () => {
    const { box, press, type, answer } = open();
    type('canary');
    press('Show What Is Typed');
    endSecrets();
    assert.equal(await answer, undefined);
    assert.equal(box.value, '');
    endSecrets();
  });

  it('closes with the window and with what hides it, and is not there where it may not be', async () => {
    const { box, state, press, type, hide, answer } = open();
    type('canary');
    for (const end of [hide, () => fake.events.windowState.fire({ focused: false, active: false })]) {
      press('Show What Is Typed');
      assert.equal(box.prompt, 'canary');
      end();
      assert.equal(box.prompt, 'The value is not shown.');
    }
    press('Show What Is Typed');
    state.allowed = false;
    hide();
    assert.deepEqual(
      [box.prompt, box.buttons.map(({ tooltip }) => tooltip)],
      ['The value is not shown.', ['From File…']],
    );
    press('From File…');
    assert.deepEqual(await answer, { button: 'file', typed: 'canary' });
  });
});

describe('a name out of a file', () => {
  beforeEach(() => fake.reset());

  it('is as hostile as these tests say', () => {
    for (const pattern of [link, icon, unseen]) assert.ok(hostile.some((name) => pattern.test(name)));
  });

  it('is no link and no icon in a message, a question or a prompt', async () => {
    for (const name of hostile) {
      await Promise.all([realUi.info(name), realUi.warn(name), realUi.error(name)]);
      await realUi.confirm(name, `detail\n${name}`, 'Yes');
      await realUi.choose(name, name, ['Yes']);
    }
    const details = fake.messages.flatMap(({ items }) =>
      (items as { detail?: string }[]).flatMap((one) => one.detail ?? []),
    );
    assert.deepEqual([fake.messages.length, details.length], [5 * hostile.length, 2 * hostile.length]);
    assertInert([...fake.messages.map(({ text }) => text), ...details]);
    assert.ok(details[0]?.startsWith('detail\n'), 'the lines of a question stay');
  });

  it('is no icon in a list; the icon of an item is its own', async () => {
    type Shown = { label: string; description?: string; detail?: string };
    const lists: { items: readonly Shown[]; title: string; placeHolder: string }[] = [];
    Object.assign(window, {
      showQuickPick: async (
        items: readonly Shown[],
        options: { title: string; placeHolder: string; canPickMany?: true },
      ) => {
        lists.push({ ...options, items });
        return options.canPickMany ? items.slice(0, 2) : items[1];
      },
    });
    const items = hostile.map((name) => ({ label: name, description: name, detail: name, icon: 'key' }));
    const options = { title: hostile[0]!, placeholder: hostile[2]! };
    assert.equal(await realUi.pick(items, options), items[1]);
    assert.deepEqual(await realUi.pickMany(items, options), items.slice(0, 2));
    for (const { items: shown, title, placeHolder } of lists) {
      assertInert([title, placeHolder]);
      for (const { label, description, detail } of shown) {
        assert.equal(label.slice(0, 7), '$(key) ');
        assertInert([label.slice(7), description, detail].map((text) => text?.replaceAll('\n', ' ')));
      }
    }
    assert.equal(lists.length, 2);
  });

  it('is no icon in the status bar, nor as a key path', () => {
    for (const name of hostile) {
      const text = copiedText({ name: showPath(['a', name]), until: 1000 }, 0);
      assert.equal(text.slice(0, 10), '$(clippy) ');
      assertInert([text.slice(10)]);
      assert.ok(!text.includes('\n'));
    }
  });

  it('keeps what anybody can see of it', () => {
    assert.equal(inert('a (b) [c] $d'), 'a (b) [c] $d');
    assert.equal(inert('$(lock) [a](b)').replaceAll('\u200B', ''), '$(lock) [a](b)');
    assert.equal(inert(undefined), undefined);
  });
});

describe('a question with several answers', () => {
  beforeEach(() => fake.reset());

  it('that a person has asked for takes the first one, however quick', async () => {
    fake.answer = ({ items }) => items[1];
    assert.equal(await realUi.choose('Commit?', '', ['Yes', 'No']), 'Yes');
    assert.equal(fake.messages.length, 1);
  });

  it('that comes unbidden is asked anew when it was answered before it could be read', async () => {
    fake.answer = ({ items }) => (fake.messages.length < 3 ? items[1] : undefined);
    assert.equal(await realUi.choose('May it?', '', ['Yes', 'No'], { unbidden: true }), undefined);
    assert.equal(fake.messages.length, 3);
  });

  it('has one way to say no, by the word for it, at once', async () => {
    fake.answer = ({ items }) => items.at(-1);
    assert.equal(await realUi.choose('May it?', '', ['Yes'], { unbidden: true, cancel: 'Deny' }), undefined);
    assert.deepEqual(fake.messages[0]?.items.slice(1), [{ title: 'Yes' }, { title: 'Deny', isCloseAffordance: true }]);
    assert.equal(fake.messages.length, 1);
  });
});
