import type { Request, RequestName, Requests } from './editor.ts';

/** Whether a value from outside has a shape. */
type Check<T> = (value: unknown) => value is T;
type Shape<T> = { readonly [K in keyof T]-?: Check<NonNullable<T[K]>> };

/** No id, name or token is longer. */
const maxName = 64 * 1024;
/** No value or whole file is longer: what VS Code lets extensions see. */
const maxText = 50 * 1024 * 1024;
const maxItems = 1_000_000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text =
  (limit: number): Check<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= limit;
const name = text(maxName);
const long = text(maxText);
const flag: Check<boolean> = (value): value is boolean => typeof value === 'boolean';
const whole: Check<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const oneOf =
  <T extends string | number>(...all: readonly T[]): Check<T> =>
  (value): value is T =>
    all.includes(value as T);
const many =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= maxItems && value.every(check);

/** All keys of the shape and no others; those in `optional` may be missing. */
function shaped<T extends object>(shape: Shape<T>, ...optional: readonly (keyof T)[]): Check<T> {
  const names = Object.keys(shape);
  return (value): value is T =>
    isObject(value) &&
    Object.keys(value).every((key) => names.includes(key)) &&
    names.every((key) => {
      const given = Object.hasOwn(value, key) ? value[key] : undefined;
      return given === undefined ? optional.includes(key as keyof T) : shape[key as keyof T](given);
    });
}

const type = oneOf('str', 'int', 'float', 'bool', 'time', 'null');
const side = oneOf('mine', 'theirs');
const place = shaped<Requests['add']['place']>({ group: name, before: name }, 'group', 'before');
const row = shaped<Requests['reveal']>({ row: name });
const nothing = shaped<Record<never, never>>({});
const count =
  (least: number, most: number): Check<number> =>
  (value): value is number =>
    whole(value) && value >= least && value <= most;

const generator: Check<Requests['generate']['options']> = (value): value is Requests['generate']['options'] =>
  characters(value) || key(value) || uuid(value) || words(value);
type Option<K> = Extract<Requests['generate']['options'], { kind: K }>;
const characters = shaped<Option<'characters'>>({
  kind: oneOf('characters'),
  length: count(1, 4096),
  alphabets: many(oneOf('lower', 'upper', 'digits', 'symbols')),
});
const key = shaped<Option<'key'>>({ kind: oneOf('key'), bits: oneOf(128, 256) });
const uuid = shaped<Option<'uuid'>>({ kind: oneOf('uuid') });
const words = shaped<Option<'words'>>({ kind: oneOf('words'), count: count(1, 64), separator: text(16) });

const shapes: { readonly [N in RequestName]: Check<Requests[N]> } = {
  ready: nothing,
  reveal: row,
  copy: row,
  edit: row,
  set: shaped<Requests['set']>({ row: name, text: long, as: type }),
  generate: shaped<Requests['generate']>({ options: generator }),
  add: shaped<Requests['add']>({ place, name, text: long, as: type }),
  addGroup: shaped<Requests['addGroup']>({ place, name, list: flag }),
  paste: shaped<Requests['paste']>({ text: long, replace: flag }),
  rename: shaped<Requests['rename']>({ row: name, name }),
  remove: shaped<Requests['remove']>({ rows: many(name) }),
  duplicate: shaped<Requests['duplicate']>({ row: name, name }),
  move: shaped<Requests['move']>({ row: name, place }),
  comment: row,
  setComment: shaped<Requests['setComment']>({ row: name, text: long }),
  markPlain: shaped<Requests['markPlain']>({ row: name, on: flag }),
  findValues: shaped<Requests['findValues']>({ text: long, matchCase: flag }),
  act: shaped<Requests['act']>({
    action: oneOf('unlock', 'encrypt', 'importKey', 'openAsText', 'reload', 'setUp'),
  }),
  undo: shaped<Requests['undo']>({ text: flag }, 'text'),
  redo: shaped<Requests['undo']>({ text: flag }, 'text'),
  save: nothing,
  hidden: nothing,
  stay: row,
  text: nothing,
  textShow: shaped<Requests['textShow']>({ tokens: many(name) }),
  textSet: shaped<Requests['textSet']>({ text: long, from: long }, 'from'),
  textFind: shaped<Requests['textFind']>({ text: long, matchCase: flag }),
  textReplace: shaped<Requests['textReplace']>({ text: long, by: long, matchCase: flag, tokens: many(name) }),
  conflict: nothing,
  resolve: shaped<Requests['resolve']>({ sides: many(side) }),
  revealSide: shaped<Requests['revealSide']>({ index: whole, side }),
};

/** A message from the page, if it is a request that we know, with all its arguments and no others. */
export function readRequest(message: unknown): Request | undefined {
  if (!isObject(message) || Object.keys(message).length !== 4) return undefined;
  const { type: kind, request, revision, args } = message;
  if (typeof kind !== 'string' || !Object.hasOwn(shapes, kind) || !whole(request) || !whole(revision)) return undefined;
  return shapes[kind as RequestName](args) ? (message as unknown as Request) : undefined;
}

/** The number that an answer to a message repeats, when it has one: also what is not understood gets an answer. */
export function requestNumber(message: unknown): number | undefined {
  return isObject(message) && whole(message.request) ? message.request : undefined;
}
