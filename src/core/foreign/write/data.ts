import { base64, fromBase64, fromUtf8, utf8 } from '../../bytes.ts';
import { keyNameOf } from '../../enckeys/given.ts';
import { emit } from '../../format/emit/emit.ts';
import type { PlainEntry, PlainMap, PlainNode } from '../../tree/plain.ts';
import { text as textScalar } from '../../tree/value.ts';
import { byteLength, isVariable, type Outgoing, type Target, type Why } from './target.ts';

const string = (value: string): PlainNode => ({ kind: 'scalar', scalar: textScalar(value) });
const entry = (key: string, value: PlainNode): PlainEntry => ({ kind: 'entry', key, value });
const map = (members: readonly PlainEntry[]): PlainMap => ({ kind: 'map', members });
const yamlText = (members: readonly PlainEntry[]) => fromUtf8(emit([map(members)], 'yaml', { indent: 2 }));

/** Any name, and any text. */
const all = () => undefined;

export const json: Target = {
  file: 'secrets.json',
  refuses: all,
  text: (entries) =>
    `${JSON.stringify(Object.fromEntries(entries.map(({ variable, value }) => [variable, value])), null, 2)}\n`,
};

export const yaml: Target = {
  file: 'secrets.yaml',
  refuses: all,
  text: (entries) => yamlText(entries.map(({ variable, value }) => entry(variable, string(value)))),
};

/** Bytes of all values of a Kubernetes Secret (`MaxSecretSize`). */
const maxSecret = 1024 * 1024;

/** A Secret of Kubernetes, its values in base64 (core/v1, `IsConfigMapKey`). */
export const kubernetes: Target = {
  file: 'secret.yaml',
  refuses({ variable, value }): Why | undefined {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(variable)) return variable.length > 253 ? 'length' : 'name';
    if (variable.startsWith('..') || variable === '.') return 'reserved';
    return byteLength(value) > maxSecret ? 'length' : undefined;
  },
  most: maxSecret,
  text: (entries, { name = 'secrets' }) =>
    yamlText([
      entry('apiVersion', string('v1')),
      entry('kind', string('Secret')),
      entry('metadata', map([entry('name', string(name))])),
      entry('type', string('Opaque')),
      entry('data', map(entries.map(({ variable, value }) => entry(variable, string(base64(utf8(value))))))),
    ]),
};

/** Whether a Secret can have this name (RFC 1123 subdomain). */
export const isSecretName = (name: string): boolean =>
  name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);

/** `secrets` of a Compose file, which takes them from the environment that it is started with: no value is in it. */
export const composeSecrets: Target = {
  file: 'compose.secrets.yaml',
  refuses: ({ variable }) => (isVariable(variable) ? undefined : 'name'),
  text: (entries) =>
    yamlText([
      entry(
        'secrets',
        map(entries.map(({ variable }) => entry(variable, map([entry('environment', string(variable))])))),
      ),
    ]),
};

/** Characters of a value and a name that GitLab takes. */
const [maxGitlab, maxGitlabName] = [10_000, 255];
/** What GitLab can mask in the log of a job. */
const maskable = /^[A-Za-z0-9_@:.~+/=-]{8,}$/;

/** Variables as GitLab's API has them, and `glab variable export`; `raw`: nothing in a value is expanded. */
export const gitlab: Target = {
  file: 'variables.json',
  refuses({ variable, value }): Why | undefined {
    if (!/^[A-Za-z0-9_]+$/.test(variable)) return 'name';
    return variable.length > maxGitlabName || value.length > maxGitlab ? 'length' : undefined;
  },
  text: (entries) =>
    `${JSON.stringify(
      entries.map(({ variable, value }) => ({
        key: variable,
        value,
        variable_type: 'env_var',
        protected: false,
        masked: maskable.test(value),
        raw: true,
        environment_scope: '*',
      })),
      null,
      2,
    )}\n`,
};

const keyMap = 'encryption-key';

/** The name of an entry in one of the two maps of Anvil's App Server; others go to `secret` under their variable. */
const inMap = ({ path }: Outgoing, name: string) =>
  path.length === 2 && path[0] === name ? String(path[1]) : undefined;
const keyName = (one: Outgoing) => keyNameOf(one) ?? inMap(one, keyMap);
const isKey = (one: Outgoing) => keyName(one) !== undefined;
const anvilName = (one: Outgoing) => keyName(one) ?? inMap(one, 'secret') ?? one.variable;

/** The `secret` and `encryption-key` maps of an Anvil App Server's configuration. */
export const anvil: Target = {
  file: 'anvil-secrets.yaml',
  refuses: (one) => (isKey(one) && (fromBase64(one.value)?.length ?? 0) < 16 ? 'key' : undefined),
  known: (one) => `${isKey(one)} ${anvilName(one)}`,
  text(entries) {
    const part = (name: string, some: readonly Outgoing[]) =>
      some.length === 0 ? [] : [entry(name, map(some.map((one) => entry(anvilName(one), string(one.value)))))];
    const secrets = entries.filter((one) => !isKey(one));
    return yamlText([...part('secret', secrets), ...part(keyMap, entries.filter(isKey))]);
  },
};
