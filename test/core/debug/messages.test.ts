import assert from 'node:assert/strict';
import { redactMessage } from '../../../src/core/debug/messages.ts';
import { TextRedactor } from '../../../src/core/redact/text.ts';

const value = 'canary-value-of-the-database-0123456789';
const redactor = new TextRedactor([
  { name: 'DB', value },
  { name: 'KEY', value: 'line one\n"two" and more' },
  { name: 'PORT', value: '3000' },
]);
const redact = (text: string) => redactor.redact(text);
const label = '‹lockstep:DB›';

describe('a text of a debugger', () => {
  it('has labels in place of values', () => {
    assert.equal(redact(`url ${value}!`), `url ${label}!`);
    assert.equal(redact(`'${Buffer.from(value).toString('hex')}'`), `'${label}'`);
    assert.doesNotMatch(redact(`'line one\\n"two" and more'`), /line one|two/);
    assert.equal(redact(`${value.slice(0, 20)}\x1b[0m${value.slice(20)}`), `${label}\x1b[0m`);
    for (const text of ['', 'abc', 'port 3000', 'größer als …', `cut ${value.slice(0, 30)}`])
      assert.equal(redact(text), text);
  });

  it('has them in place of what a debugger left of a value', () => {
    assert.equal(redact(`{DB: '${value.slice(0, 9)}…', A: 1}`), `{DB: '${label}…', A: 1}`);
    assert.equal(redact(`'${value.slice(0, 12)}...${value.slice(-8)}'`), `'${label}...${label}'`);
    assert.equal(redact("'line one\\n\"tw…'"), "'‹lockstep:KEY›…'");
    assert.equal(redact(`…${value.slice(-10)}…`), `…${label}…`);
    assert.equal(redact('Loading... and…'), 'Loading... and…');
  });

  it('of many dots takes no time', () => {
    const started = performance.now();
    redact('.'.repeat(2_000_000));
    assert.ok(performance.now() - started < 2_000);
  });
});

describe('a message of a debugger', () => {
  const sent = (message: unknown) => {
    redactMessage(message, redact);
    return message;
  };
  const hidden = <T>(message: T): T => {
    redactMessage(message, undefined);
    return message;
  };

  it('has none in its output, its values and its answers', () => {
    assert.deepEqual(sent({ type: 'event', event: 'output', body: { category: 'stdout', output: `${value}\n` } }), {
      type: 'event',
      event: 'output',
      body: { category: 'stdout', output: `${label}\n` },
    });
    const variables = {
      type: 'response',
      command: 'variables',
      body: { variables: [{ name: 'a', value: `'${value}'`, type: 'string' }] },
    };
    assert.doesNotMatch(JSON.stringify(sent(variables)), /canary/);
    const terminal = { type: 'request', command: 'runInTerminal', arguments: { args: [value], env: { DB: value } } };
    assert.doesNotMatch(JSON.stringify(sent(terminal)), /canary/);
  });

  it('keeps what VS Code finds things by', () => {
    const stack = {
      type: 'response',
      command: 'stackTrace',
      body: { stackFrames: [{ id: 1, source: { path: `/${value}/a.js` } }] },
    };
    assert.deepEqual(sent(structuredClone(stack)), stack);
  });

  it('shows nothing of the program while nobody may see values', () => {
    const message = {
      type: 'response',
      command: 'evaluate',
      body: { result: 'anything', type: 'string', variablesReference: 0 },
    };
    assert.deepEqual(hidden(structuredClone(message)), {
      ...message,
      body: { result: '‹lockstep›', type: 'string', variablesReference: 0 },
    });
    const thread = { type: 'response', command: 'threads', body: { threads: [{ id: 1, name: 'main' }] } };
    assert.deepEqual(hidden(structuredClone(thread)), thread);
  });

  it('may be anything', () => {
    const deep: { a?: unknown } = {};
    let at = deep;
    for (let n = 0; n < 1e5; n++) {
      const next = {};
      at.a = next;
      at = next;
    }
    for (const message of [null, undefined, 'text', 7, [], {}, { type: 'event' }, deep]) redactMessage(message, redact);
  });
});
