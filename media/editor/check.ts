import type { Notice, Problem, RequestName, Results, Row, State, ToPage } from '../../src/protocol/editor.ts';

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const flag: Test = (value) => typeof value === 'boolean';
const count: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const oneOf =
  (...words: string[]): Test =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const shape =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(tests).every(([name, test]) => test((value as Record<string, unknown>)[name]));
const nothing: Test = (value) => value === null || value === undefined;

const types = ['str', 'int', 'float', 'bool', 'time', 'null'];
const changes = ['same', 'changed', 'added', 'removed'];

const row = shape({
  id: text,
  kind: oneOf('entry', 'group', 'comment'),
  depth: count,
  name: text,
  children: count,
  list: flag,
  type: oneOf(...types),
  secret: flag,
  plain: maybe(text),
  empty: flag,
  binary: flag,
  lines: oneOf('1', '2-10', '10+'),
  comment: maybe(text),
  secretComment: flag,
  changed: maybe(text),
  damaged: flag,
  odd: flag,
  fixed: maybe(text),
} satisfies Record<keyof Row, Test>);

const notice = shape({
  kind: oneOf('locked', 'unreadable', 'damaged', 'broken', 'plain', 'gone', 'unsupported', 'readers'),
  text,
  actions: listOf(oneOf('unlock', 'encrypt', 'importKey', 'openAsText', 'reload', 'setUp')),
} satisfies Record<keyof Notice, Test>);

const problem = shape({
  code: text,
  text,
  line: maybe(number),
  column: maybe(number),
} satisfies Record<keyof Problem, Test>);

const features = shape({
  groups: flag,
  comments: flag,
  lists: flag,
  types: listOf(oneOf(...types)),
  markPlain: flag,
  textView: flag,
});

const messages: Readonly<Record<ToPage['type'], Test>> = {
  state: shape({
    revision: count,
    fileName: text,
    format: oneOf('yaml', 'json', 'dotenv', 'ini', 'binary'),
    notice: maybe(notice),
    readOnly: flag,
    presenting: flag,
    readers: count,
    revealSeconds: number,
    features,
    rows: listOf(row),
    conflict: flag,
  } satisfies Omit<Record<keyof State, Test>, 'type'>),
  rows: shape({ revision: count, at: count, remove: count, rows: listOf(row) }),
  forget: () => true,
  focus: shape({ row: text }),
  answer: (value) =>
    shape({ request: count, ok: flag })(value) && ((value as { ok: boolean }).ok || shape({ error: problem })(value)),
};

const done = shape({ revision: count, focus: maybe(text) });
const value = shape({ text });
const textState = shape({
  text,
  language: oneOf('yaml', 'json', 'dotenv', 'ini'),
  problem: maybe(problem),
});

const results: Readonly<Record<RequestName, Test>> = {
  ready: nothing,
  reveal: value,
  copy: nothing,
  edit: shape({ text, type: oneOf(...types) }),
  set: done,
  generate: shape({ text, bits: number }),
  add: done,
  addGroup: done,
  paste: shape({ added: count, existing: listOf(text), skipped: listOf(count) }),
  rename: done,
  remove: done,
  duplicate: done,
  move: done,
  comment: value,
  setComment: done,
  markPlain: done,
  findValues: shape({ rows: listOf(text) }),
  act: nothing,
  undo: nothing,
  redo: nothing,
  save: nothing,
  hidden: nothing,
  stay: nothing,
  text: textState,
  textShow: shape({ sources: listOf(text) }),
  textSet: textState,
  textFind: shape({ tokens: listOf(text) }),
  textReplace: textState,
  conflict: shape({
    entries: listOf(shape({ path: text, mine: oneOf(...changes), theirs: oneOf(...changes), clash: flag })),
  }),
  resolve: done,
  revealSide: value,
};

/** A message of the host, or undefined for what is none. */
export function checkMessage(data: unknown): ToPage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type } = data as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(messages, type)) return undefined;
  return messages[type as ToPage['type']](data) ? (data as ToPage) : undefined;
}

/** Whether an answer's result has the shape that its request asks for. */
export function checkResult<N extends RequestName>(name: N, result: unknown): result is Results[N] {
  return results[name](result);
}
