import { base64, utf8 } from '../../bytes.ts';
import { lines } from './env.ts';
import { byteLength, isVariable, type Target, type Why } from './target.ts';

/** The name by which Kestra finds a secret: it ignores case. */
const kestraName = (variable: string) => variable.toUpperCase();
/** What a shell, a Compose file and Kestra hold of it; the prefix may come before a digit. */
const kestraRefuses = (variable: string): Why | undefined => (/^[A-Za-z0-9_]+$/.test(variable) ? undefined : 'name');

/** `SECRET_` variables of Kestra, for `env_file` and `--env-file`. */
export const kestra: Target = {
  file: '.env_encoded',
  refuses: ({ variable }) => kestraRefuses(variable),
  known: ({ variable }) => kestraName(variable),
  text: lines(({ variable, value }) => `SECRET_${kestraName(variable)}=${base64(utf8(value))}`),
};

/** The same with Kestra's filter, which encodes by itself. In its texts a backslash and `#{` have a meaning, and they end at a quote. */
export const kestraMacro: Target = {
  ...kestra,
  file: '.env',
  refuses({ variable, value }): Why | undefined {
    if (/[\n\r]/.test(value)) return 'line-break';
    return /["\\]|#\{|\{[{%#]|[}%#]\}/.test(value) ? 'sign' : kestraRefuses(variable);
  },
  text: lines(({ variable, value }) => `SECRET_${kestraName(variable)}={{ "${value}" | base64encode }}`),
};

/** Bytes of a value that GitHub takes. */
const maxGithub = 48 * 1024;

/** A file for `gh secret set --env-file`, which reads it by godotenv. */
export const github: Target = {
  file: 'github.env',
  refuses({ variable, value }): Why | undefined {
    if (!isVariable(variable)) return 'name';
    if (/^GITHUB_/i.test(variable)) return 'reserved';
    if (byteLength(value) > maxGithub) return 'length';
    return forGodotenv(value) === undefined ? 'sign' : undefined;
  },
  known: ({ variable }) => variable.toUpperCase(),
  text: lines(({ variable, value }) => `${variable}=${forGodotenv(value)}`),
};

/**
 * A value as godotenv 1.5 reads it (parser.go). A quote ends the text unless there is a backslash in front of it, and all quotes at an end are
 * taken off: what ends in one, or in a backslash, may have no spelling.
 */
function forGodotenv(value: string): string | undefined {
  if (/^[\w./:@%+,=^~\\-]+$/.test(value)) return value;
  const ends = /["\\]$/.test(value);
  if (!/['\r]/.test(value) && !value.endsWith('\\')) return `'${value}'`;
  if (ends) return undefined;
  const escaped = value
    .replace(/[\\"$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

/** Names that mean something else in a module of Terraform. */
const terraformWords = new Set([
  ...['source', 'version', 'providers', 'count', 'for_each', 'lifecycle', 'depends_on', 'locals'],
]);

/** A `.tfvars` of Terraform. */
export const tfvars: Target = {
  file: 'secrets.auto.tfvars',
  refuses({ variable }): Why | undefined {
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(variable)) return 'name';
    return terraformWords.has(variable) ? 'reserved' : undefined;
  },
  text: lines(({ variable, value }) => `${variable} = ${hclText(value)}`),
};

/** A text of HCL, in which `${` and `%{` begin templates. */
function hclText(value: string): string {
  const escaped = value.replace(/["\\]|[\p{Cc}\u2028\u2029\ufeff]|[$%](?=\{)/gu, (sign) => {
    if (sign === '$' || sign === '%') return sign + sign;
    return hclEscapes[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

const hclEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
