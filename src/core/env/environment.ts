/** The environment of a `.env`, for the `${X}` in it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Characters of a value that names other ones; no system takes a variable that is four times longer. */
export const maxTemplate = 32 * 1024;

/** Characters of what comes of it: some lines that name each other twice would fill any memory. */
export const maxResult = 32 * maxTemplate;

/** A variable of the environment; undefined without one. */
export function lookUp(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
