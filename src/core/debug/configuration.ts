import { isReference as isReferenceText } from '../env/references.ts';

/** A debug configuration as VS Code has it: whatever somebody wrote into launch.json. */
export interface Configuration {
  readonly type: string;
  readonly request?: unknown;
  readonly name?: unknown;
  readonly [property: string]: unknown;
}

/** Where the names of secrets stand: the property of ours, and where references are moved to while a session is prepared. */
export const secretsProperty = 'secrets';

/** What a configuration asks for: names of secrets, and no values. */
export interface Wanted {
  /** Every variable of this environment; an empty text is the active one. */
  readonly environment: string | undefined;
  /** Variable → reference, as `lockstep:production#db.url`. */
  readonly references: Readonly<Record<string, string>>;
}

/** Whether a configuration has anything to do with us. Cheap: it is asked for every session. */
export const concerns = (configuration: Configuration): boolean =>
  configuration[secretsProperty] !== undefined || referencesIn(configuration).length > 0;

/**
 * What a configuration asks for; undefined when `secrets` is neither the name of an environment nor names of secrets by their variables.
 * A variable in `env` goes before the same one in `secrets`.
 */
export function wantedBy(configuration: Configuration): Wanted | undefined {
  const secrets = configuration[secretsProperty];
  const inEnv = Object.fromEntries(referencesIn(configuration));
  if (typeof secrets === 'string') return { environment: secrets, references: inEnv };
  if (secrets === undefined) return { environment: undefined, references: inEnv };
  if (!isRecord(secrets) || Object.values(secrets).some((one) => typeof one !== 'string')) return undefined;
  const named = Object.entries(secrets).map(([name, text]) => [name, asReference(String(text))] as const);
  return { environment: undefined, references: { ...Object.fromEntries(named), ...inEnv } };
}

/** In a property of our own the prefix says nothing new. */
const asReference = (text: string) => (isReference(text) ? text : `lockstep:${text}`);

/** The references in `env`, and in `environment`, which is what some debuggers call it: a list of names and values. */
function referencesIn({ env, environment }: Configuration): [variable: string, reference: string][] {
  return [
    ...(isRecord(env) ? Object.entries(env) : []),
    ...(isList(environment) ? environment.map(pairOf) : []),
  ].filter((pair): pair is [string, string] => isReference(pair[1]));
}

/** Takes the references away, from both places and from `secrets`; every other variable stays. */
export function withoutReferences(configuration: Configuration): Configuration {
  const { [secretsProperty]: _, env, environment, ...rest } = configuration;
  const kept = (pairs: readonly (readonly [string, unknown])[]) => pairs.filter(([, value]) => !isReference(value));
  return {
    ...rest,
    type: configuration.type,
    ...(isRecord(env) ? { env: Object.fromEntries(kept(Object.entries(env))) } : env === undefined ? {} : { env }),
    ...(isList(environment)
      ? { environment: environment.filter((entry) => !isReference(pairOf(entry)[1])) }
      : environment === undefined
        ? {}
        : { environment }),
  };
}

/** Moves what is asked for out of `env`, where other extensions and the debugger would take it for values. */
export function withMovedReferences(configuration: Configuration): Configuration {
  const wanted = wantedBy(configuration);
  if (!wanted || Object.keys(wanted.references).length === 0 || wanted.environment !== undefined) return configuration;
  return { ...withoutReferences(configuration), [secretsProperty]: wanted.references };
}

const pairOf = (entry: unknown): [string, unknown] =>
  isRecord(entry) ? [String(entry.name), entry.value] : ['', undefined];

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReference = (value: unknown): value is string => typeof value === 'string' && isReferenceText(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
