import { isReference as isReferenceText } from '../env/references.ts';

/** A debug configuration as VS Code has it: whatever somebody wrote into launch.json. */
export interface Configuration {
  readonly type: string;
  readonly request?: unknown;
  readonly name?: unknown;
  readonly [property: string]: unknown;
}

/** Where the names of secrets stand in launch.json, besides references. */
const secretsProperty = 'secrets';
/** Where references are moved to while a session is prepared. */
const movedProperty = '__lockstepSecrets';

/** Types whose debuggers have no property of that name. What it means in other configurations is not ours to say. */
const ownSecrets = new Set([
  'node',
  'pwa-node',
  'python',
  'debugpy',
  'go',
  'java',
  'cppdbg',
  'php',
  'rdbg',
  'lldb-dap',
  'lldb',
]);

const secretsOf = (c: Configuration): unknown => (ownSecrets.has(c.type) ? c[secretsProperty] : undefined);

/** What a configuration asks for: names of secrets, and no values. */
export interface Wanted {
  /** Every variable of this environment; an empty text is the active one. */
  readonly environment: string | undefined;
  /** Variable → reference, as `lockstep:production#db.url`. */
  readonly references: Readonly<Record<string, string>>;
}

/** Whether a configuration has anything to do with us. Cheap: it is asked for every session. */
export const concerns = (c: Configuration): boolean =>
  // What js-debug starts for a session that has begun comes here, too.
  c.__pendingTargetId === undefined &&
  (secretsOf(c) !== undefined || c[movedProperty] !== undefined || referencesIn(c).length > 0);

/**
 * What a configuration asks for; undefined when `secrets` is neither the name of an environment nor names of secrets by their variables.
 * A variable in `env` goes before the same one in `secrets`.
 */
export function wantedBy(configuration: Configuration): Wanted | undefined {
  const given = secretsOf(configuration);
  const secrets = given === undefined ? {} : given;
  const moved = isRecord(configuration[movedProperty]) ? configuration[movedProperty] : {};
  const inEnv = { ...texts(moved), ...Object.fromEntries(referencesIn(configuration)) };
  if (typeof secrets === 'string') return { environment: secrets, references: inEnv };
  if (!isRecord(secrets) || Object.values(secrets).some((one) => typeof one !== 'string')) return undefined;
  const named = Object.entries(texts(secrets)).map(([name, text]) => [name, asReference(text)] as const);
  return { environment: undefined, references: { ...Object.fromEntries(named), ...inEnv } };
}

const texts = (record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(record).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));

/** In a property of our own the prefix says nothing new. */
const asReference = (text: string) => (isReference(text) ? text : `lockstep:${text}`);

/** The references in `env`, and in `environment`, which is what some debuggers call it: a list of names and values. */
function referencesIn({ env, environment }: Configuration): [variable: string, reference: string][] {
  return [
    ...(isRecord(env) ? Object.entries(env) : []),
    ...(isList(environment) ? environment.map(pairOf) : []),
  ].filter((pair): pair is [string, string] => isReference(pair[1]));
}

/** Takes away what asks for secrets, everywhere; every other variable stays. */
export function withoutSecrets(configuration: Configuration): Configuration {
  const { [movedProperty]: _moved, ...rest } = withoutReferences(configuration);
  if (!ownSecrets.has(configuration.type)) return { ...rest, type: configuration.type };
  const { [secretsProperty]: _secrets, ...without } = rest;
  return { ...without, type: configuration.type };
}

function withoutReferences(c: Configuration): Configuration {
  const env = isRecord(c.env) && {
    env: Object.fromEntries(Object.entries(c.env).filter(([, value]) => !isReference(value))),
  };
  const environment = isList(c.environment) && {
    environment: c.environment.filter((entry) => !isReference(pairOf(entry)[1])),
  };
  return { ...c, ...(env || {}), ...(environment || {}) };
}

/** Moves references out of `env`, where other extensions and the debugger would take them for values. */
export function withMovedReferences(c: Configuration): Configuration {
  const found = Object.fromEntries(referencesIn(c));
  if (Object.keys(found).length === 0) return c;
  return { ...withoutReferences(c), [movedProperty]: found };
}

const pairOf = (entry: unknown): [string, unknown] =>
  isRecord(entry) ? [String(entry.name), entry.value] : ['', undefined];

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isReference = (value: unknown): value is string => typeof value === 'string' && isReferenceText(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
