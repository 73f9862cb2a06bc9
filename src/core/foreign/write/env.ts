import { readCompose } from '../../env/compose.ts';
import { readNpm } from '../../env/npm.ts';
import { readPython } from '../../env/python.ts';
import { byteLength, isVariable, type Outgoing, type Target, type Why } from './target.ts';

/**
 * A `.env` in the flavours of the programs that read one. Each spelling of a value is read back by what reads as the program does, and counts
 * only if nothing but the value comes of it.
 */

type Read = (text: string) => Map<string, string>;
const npm: Read = readNpm;
const python: Read = (text) => readPython(text, {});
const compose: Read = (text) => readCompose(text, {});

const quoted = (value: string) => `"${value.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
const escaped = (value: string) => quoted(value.replace(/[\\"]/g, '\\$&'));

/** The ways to write a value, the plainest first. */
function spellings(value: string): string[] {
  const bare = /^[\w./:@%+,=^~-]*$/.test(value) ? [value] : [];
  return [
    ...bare,
    `'${value}'`,
    `'${value.replace(/[\\']/g, '\\$&')}'`,
    `'${value.replaceAll("'", "\\'")}'`,
    quoted(value),
    escaped(value),
    escaped(value).replaceAll('$', '\\$'),
    `\`${value}\``,
    value,
  ];
}

/** The line of an entry that all of these read as it is meant; undefined where there is none. */
function lineFor({ variable, value }: Outgoing, readers: readonly Read[]): string | undefined {
  const lines = spellings(value).map((one) => `${variable}=${one}\n`);
  return lines.find((line) => readers.every((read) => says(read, line, variable, value)));
}

function says(read: Read, line: string, name: string, value: string): boolean {
  try {
    // A value must not reach into the line behind it, and one before it must not be what it comes to mean.
    const found = read(`${line}BEHIND_IT=1\n`);
    return found.size === 2 && found.get(name) === value && found.get('BEHIND_IT') === '1';
  } catch {
    return false;
  }
}

/** @param readers the first is the program that the flavour is for; those behind it read the same where one spelling will do */
function flavour(file: string, names: RegExp, readers: readonly [Read, ...Read[]]): Target {
  const lineOf = (entry: Outgoing) => {
    const wishes = readers.map((_, i) => readers.slice(0, readers.length - i));
    for (const wish of wishes) {
      const line = lineFor(entry, wish);
      if (line !== undefined) return line;
    }
    return undefined;
  };
  return {
    file,
    refuses: (entry) => (names.test(entry.variable) ? lineOf(entry) === undefined && 'sign' : 'name') || undefined,
    text: (entries) => entries.map(lineOf).join(''),
  };
}

/** npm's `dotenv`, and python-dotenv and docker compose as well wherever one spelling serves all. */
export const dotenv = flavour('.env', /^[\w.-]+$/, [npm, python, compose]);
export const pythonDotenv = flavour('.env', /^[\w.-]+$/, [python]);
export const composeEnv = flavour('.env', /^[\w.-]+$/, [compose]);

/** Bytes of a line that Go's `bufio.Scanner` gives up at. */
const maxDockerLine = 64 * 1024;

/** `docker run --env-file` (docker/cli, pkg/kvfile): all behind the sign is the value, quotes too. */
export const docker: Target = {
  file: 'docker.env',
  refuses({ variable, value }): Why | undefined {
    if (/[\s=\u0085]/.test(variable) || /^[#\ufeff]/.test(variable) || variable === '') return 'name';
    if (/\n|\r$/.test(value)) return 'line-break';
    return byteLength(`${variable}=${value}`) >= maxDockerLine ? 'length' : undefined;
  },
  text: lines(({ variable, value }) => `${variable}=${value}`),
};

/** What systemd takes for no text (`unichar_is_valid`) or for no value of a variable (`env_value_is_valid`). */
const notForSystemd = /(?![\t\n\u0080-\u009f])\p{Cc}|\p{Noncharacter_Code_Point}/u;

/** `EnvironmentFile=` of systemd (basic/env-file.c): in double quotes a backslash takes the meaning off four signs, and lines go on. */
export const systemd: Target = {
  file: 'environment',
  refuses({ variable, value }): Why | undefined {
    if (!isVariable(variable)) return 'name';
    return notForSystemd.test(value) ? 'sign' : undefined;
  },
  text: lines(({ variable, value }) => `${variable}="${value.replace(/["\\`$]/g, '\\$&')}"`),
};

/** A line for each entry. */
export function lines(line: (entry: Outgoing) => string): Target['text'] {
  return (entries) => entries.map((entry) => `${line(entry)}\n`).join('');
}
