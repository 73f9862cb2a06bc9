import assert from 'node:assert/strict';
import { readMessage } from '../../src/protocol/messages.ts';
import { type RequestName, readRequest, ruleOf } from '../../src/protocol/requests.ts';
import { requestNumber } from '../../src/protocol/table.ts';

const isResult = (name: RequestName, result: unknown) => ruleOf(name).result(result);

import { count, either, many, object, oneOf, optional, text } from '../../src/protocol/shape.ts';

const row = {
  ...{ id: '[0,"a"]', kind: 'entry', depth: 0, name: 'a', children: 0, list: false, type: 'str', secret: true },
  ...{ empty: false, binary: false, lines: '1', secretComment: false, damaged: false, odd: false },
};
const features = {
  groups: true,
  comments: true,
  lists: true,
  types: ['str'],
  markPlain: true,
  textView: true,
  wholeFile: true,
};
const state = {
  ...{ type: 'state', revision: 1, fileName: 'a.yaml', format: 'yaml', readOnly: false, presenting: false },
  ...{ readers: 1, revealSeconds: 10, features, rows: [row], conflict: false },
};
const problem = { code: 'SYNTAX', text: 'A name is missing.', line: 1, column: 2 };

/** Messages of the host that are in order. */
const messages: readonly object[] = [
  state,
  { ...state, notice: { kind: 'locked', text: 'Locked.', actions: ['unlock'] } },
  { type: 'rows', revision: 2, at: 0, remove: 1, rows: [row, { ...row, plain: 'x', comment: 'c' }] },
  { type: 'forget' },
  { type: 'focus', row: '[0,"a"]' },
  { type: 'answer', request: 1, ok: true, result: null },
  { type: 'answer', request: 1, ok: false, error: problem },
];

/** A value with each part in turn left out, exchanged, or joined by one more. */
function* broken(value: object): Generator<unknown> {
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _, ...without } = value as Record<string, unknown>;
    const may = Array.isArray(value) || ['notice', 'plain', 'comment', 'line', 'column'].includes(key);
    if (!may) yield without;
    if (key !== 'result') for (const odd of [Number.NaN, {}, [[]]]) yield { ...value, [key]: odd };
    if (typeof inner !== 'object' || inner === null) continue;
    for (const part of broken(inner))
      yield { ...value, [key]: Array.isArray(inner) ? Object.values(part as object) : part };
  }
  if (!Array.isArray(value)) yield { ...value, more: 'x' };
}

describe('the messages of the host', () => {
  it('are read as they are', () => {
    for (const message of messages) assert.equal(readMessage(message), message);
  });

  it('are refused when a part is missing, of another kind, or one too many', () => {
    let tried = 0;
    for (const message of messages) {
      for (const one of broken(message)) {
        // An array that lost nothing is the same again.
        if (JSON.stringify(one) === JSON.stringify(message)) continue;
        assert.equal(readMessage(one), undefined, JSON.stringify(one));
        tried++;
      }
    }
    assert.ok(tried > 200, `${tried}`);
    for (const odd of [undefined, null, 'state', 1, [], {}, { type: '__proto__' }, { type: 'toString' }]) {
      assert.equal(readMessage(odd), undefined);
    }
  });

  it('hold results of the shape that the request has', () => {
    assert.ok(isResult('reveal', { text: 'x' }));
    assert.ok(isResult('set', { revision: 1 }) && isResult('set', { revision: 1, focus: undefined }));
    for (const odd of [undefined, null, 'x', {}, { text: 1 }, { text: 'x', more: 1 }, ['x']]) {
      assert.ok(!isResult('reveal', odd), JSON.stringify(odd));
    }
    assert.ok(isResult('save', null) && !isResult('save', {}));
  });
});

describe('the requests of the page', () => {
  const request = (type: string, args: unknown) => ({ type, request: 1, revision: 1, args });

  it('are read with all their arguments and no others', () => {
    const good = request('set', { row: 'r', text: 'x', as: 'str' });
    assert.equal(readRequest(good), good);
    for (const odd of [
      ...[
        { ...good, more: 1 },
        { ...good, request: 0.5 },
        { ...good, revision: -1 },
        { ...good, args: undefined },
      ],
      request('set', { row: 'r', text: 'x' }),
      request('set', { row: 'r', text: 'x', as: 'bytes' }),
      request('set', { row: 'r', text: 'x', as: 'str', more: 1 }),
      request('set', Object.create({ row: 'r', text: 'x', as: 'str' })),
      ...['toString', '__proto__', 'constructor', ''].map((type) => request(type, {})),
    ]) {
      assert.equal(readRequest(odd), undefined, JSON.stringify(odd));
    }
  });

  it('have limits', () => {
    const name = 'x'.repeat(64 * 1024);
    assert.ok(readRequest(request('rename', { row: 'r', name })));
    assert.ok(!readRequest(request('rename', { row: 'r', name: `${name}x` })));
    const long = 'x'.repeat(50 * 1024 * 1024);
    assert.ok(readRequest(request('textSet', { text: long })));
    assert.ok(!readRequest(request('textSet', { text: `${long}x` })));
    assert.ok(readRequest(request('remove', { rows: new Array(1_000_000).fill('r') })));
    assert.ok(!readRequest(request('remove', { rows: new Array(1_000_001).fill('r') })));
    const characters = (length: number) =>
      request('generate', { options: { kind: 'characters', length, alphabets: [] } });
    assert.deepEqual(
      [0, 1, 4096, 4097].map((length) => readRequest(characters(length)) !== undefined),
      [false, true, true, false],
    );
  });

  it('have a number that an answer can repeat, also when they are not understood', () => {
    assert.equal(requestNumber({ request: 7, odd: true }), 7);
    for (const odd of [null, 7, {}, { request: '7' }, { request: -1 }, { request: 1e308 }]) {
      assert.equal(requestNumber(odd), undefined);
    }
  });
});

describe('a shape', () => {
  it('lets optional keys be missing, and no others', () => {
    const shape = object({ a: text(), b: optional(count(1, 2)) });
    for (const good of [{ a: '' }, { a: 'x', b: 2 }, { a: 'x', b: undefined }]) assert.ok(shape(good));
    for (const odd of [{}, { a: undefined }, { a: 'x', b: 3 }, { a: 'x', b: null }, { a: 'x', c: undefined }]) {
      assert.ok(!shape(odd), JSON.stringify(odd));
    }
  });

  it('is one of several, or of many', () => {
    const shape = many(either(oneOf('a', 'b'), object({ c: oneOf(1) })));
    assert.ok(shape(['a', { c: 1 }, 'b']) && shape([]));
    assert.ok(!shape(['c']) && !shape([{ c: 2 }]) && !shape('a') && !shape({ length: 0 }));
  });
});
