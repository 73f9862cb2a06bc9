/**
 * What a value that comes from outside has to be. A shape is a test that narrows the type, so that types are inferred from
 * what is checked at run time.
 */
export type Shape<T> = (value: unknown) => value is T;
/** The type of what a shape lets through. */
export type Of<S> = S extends (value: unknown) => value is infer T ? T : never;

/** A key of an object that may be missing. */
interface Optional<T> {
  readonly optional: Shape<T>;
}
type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;
type Optionals<F> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];
type Plain<T> = { readonly [K in keyof T]: T[K] };
type ObjectOf<F> = Plain<
  { [K in keyof Omit<F, Optionals<F>>]: Of<F[K]> } & {
    [K in keyof Pick<F, Optionals<F>>]?: F[K] extends Optional<infer T> ? T : never;
  }
>;

/** No array is longer. */
const maxItems = 1_000_000;

export const text =
  (limit = Number.POSITIVE_INFINITY): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= limit;

export const flag: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';

export const number: Shape<number> = (value): value is number => Number.isFinite(value);

/** A whole number. */
export const count =
  (least = 0, most = Number.MAX_SAFE_INTEGER): Shape<number> =>
  (value): value is number =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

export const anything: Shape<unknown> = (value): value is unknown => true;

export const oneOf =
  <T extends string | number | boolean | null>(...all: readonly T[]): Shape<T> =>
  (value): value is T =>
    all.includes(value as T);

export const many =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= maxItems && value.every(shape);

export const either =
  <S extends readonly Shape<unknown>[]>(...shapes: S): Shape<Of<S[number]>> =>
  (value): value is Of<S[number]> =>
    shapes.some((shape) => shape(value));

export const optional = <T>(shape: Shape<T>): Optional<T> => ({ optional: shape });

/** An object with all of these keys and no others. A key whose value is `undefined` counts as missing. */
export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const all = Object.entries(fields);
  return (value): value is ObjectOf<F> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let known = 0;
    for (const [key, field] of all) {
      const there = Object.hasOwn(value, key);
      if (there) known++;
      const given = there ? (value as Record<string, unknown>)[key] : undefined;
      const fits =
        given === undefined ? typeof field === 'object' : ('optional' in field ? field.optional : field)(given);
      if (!fits) return false;
    }
    return Object.keys(value).length === known;
  };
}
