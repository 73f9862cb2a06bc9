import { type Configuration, isRecord } from './configuration.ts';

/** A debugger that starts its program through an executable of ours: the launch script. */
export interface Hook {
  readonly way: 'script';
  /** The name of the script in its folder. Some debuggers judge a program by its name. */
  readonly file: string;
  /** What the script starts, with the words that it is given; undefined where the first of those is the program. */
  readonly real: readonly string[] | undefined;
  /** The program talks to the debugger by this file, as well as by standard input and output. */
  readonly passes?: number;
  /** A file that must stand beside the folder of the script, and is copied from there. */
  readonly beside?: string;
  /** The debugger starts it through a shell, which Windows needs for a script. */
  readonly byShell?: true;
  /** The configuration with the script in place. @param path of the script */
  readonly put: (path: string) => Configuration;
}

/** A debugger that reads the variables as commands of its own, from a pipe that is answered once. */
export interface Piped {
  readonly way: 'pipe';
  readonly put: (path: string) => Configuration;
}

/** Why no debugger gets secrets for this configuration. */
export type WhyNot =
  | 'attach' // the program runs already
  | 'elsewhere' // the program is started on another machine, in a container, or by another server
  | 'listens' // nothing is started: the debugger waits for a program
  | 'windows' // the debugger starts no scripts there
  | 'unknown'; // no way is known by which this debugger starts a program through another one

type Way = Hook | Piped | { readonly way: 'none'; readonly why: WhyNot };

/**
 * How the debugger of a configuration can be made to start its program with secrets. The configuration is the one with all variables
 * replaced, as its own extension has completed it.
 */
export function wayFor(configuration: Configuration, isWindows: boolean): Way {
  if (configuration.request === 'attach') return no('attach');
  const way = adapters.get(configuration.type)?.(configuration) ?? no('unknown');
  return isWindows && way.way !== 'none' && !('byShell' in way) ? no('windows') : way;
}

const no = (why: WhyNot): Way => ({ way: 'none', why });

const script = (hook: Omit<Hook, 'way' | 'file'> & { readonly file?: string }): Way => ({
  way: 'script',
  file: 'lockstep-run',
  ...hook,
});

/** By the type of a configuration. */
const adapters: ReadonlyMap<string, (configuration: Configuration) => Way> = new Map([
  ['node', node],
  ['pwa-node', node],
  ['python', python],
  ['debugpy', python],
  ['go', go],
  ['java', java],
  ['cppdbg', cppdbg],
  ['php', php],
  ['rdbg', rdbg],
  ['lldb-dap', (c) => lldb(c, { console: 'internalConsole', runInTerminal: false })],
  ['lldb', (c) => lldb(c, { terminal: 'console' })],
]);

/** js-debug. It takes the version of Node from a program that is called `node`, so the script is not called that. */
function node(c: Configuration): Way {
  if (c.useWSL) return no('elsewhere');
  const executable = text(c.runtimeExecutable) ?? 'node';
  const put = (path: string) => ({
    ...c,
    runtimeExecutable: path,
    runtimeArgs: [executable, ...words(c.runtimeArgs)],
  });
  return script({ real: undefined, byShell: true, put });
}

/** debugpy. Its launcher stays the real Python: it needs no secrets. */
function python(c: Configuration): Way {
  if (c.connect !== undefined || c.listen !== undefined) return no('elsewhere');
  if (c.sudo === true) return no('elsewhere');
  const real = interpreter(c.python) ?? interpreter(c.pythonPath) ?? ['python3'];
  const put = (path: string) => {
    const { pythonPath: _, ...rest } = c;
    return { ...rest, type: c.type, python: path, debugLauncherPython: c.debugLauncherPython ?? single(real) };
  };
  return script({ real, put });
}

const interpreter = (value: unknown) => (typeof value === 'string' && value ? [value] : listed(value));
const single = (list: readonly string[]) => (list.length === 1 ? list[0] : list);

/** Delve. It says on file 3 that it listens; without that line the extension waits for half a minute. */
function go(c: Configuration): Way {
  if (c.mode === 'remote' || c.port !== undefined || c.host !== undefined) return no('elsewhere');
  return script({ real: [text(c.dlvToolPath) ?? 'dlv'], passes: 3, put: (path) => ({ ...c, dlvToolPath: path }) });
}

/** The program must be called `bin/java`, beside the file in which the version is looked up. */
function java(c: Configuration): Way {
  const real = text(c.javaExec) ?? 'java';
  const home = /^(.*)[\\/]bin[\\/][^\\/]+$/.exec(real)?.[1];
  return script({
    file: 'bin/java',
    real: [real],
    ...(home === undefined ? {} : { beside: `${home}/release` }),
    put: (path) => ({ ...c, javaExec: path }),
  });
}

/** gdb itself is started with the variables, and its program has them from gdb. */
function cppdbg(c: Configuration): Way {
  if (c.pipeTransport !== undefined || c.miDebuggerServerAddress !== undefined) return no('elsewhere');
  if (c.MIMode !== undefined && c.MIMode !== 'gdb') return no('unknown');
  const put = (path: string) => ({ ...c, miDebuggerPath: path });
  return script({ real: [text(c.miDebuggerPath) ?? 'gdb'], put });
}

function php(c: Configuration): Way {
  if (text(c.program) === undefined && words(c.runtimeArgs).length === 0) return no('listens');
  return script({
    real: [text(c.runtimeExecutable) ?? 'php'],
    put: (path) => ({ ...c, runtimeExecutable: path }),
  });
}

function rdbg(c: Configuration): Way {
  return script({ real: [text(c.rdbgPath) ?? 'rdbg'], put: (path) => ({ ...c, rdbgPath: path }) });
}

/** The variables are those of the target. On a terminal LLDB would give them to VS Code, to be typed there. */
function lldb(c: Configuration, inside: Readonly<Record<string, unknown>>): Way {
  if (text(c.program) === undefined) return no('unknown');
  const put = (path: string) => ({
    ...c,
    ...inside,
    preRunCommands: [`command source -s true ${lldbWord(path)}`, ...words(c.preRunCommands)],
  });
  return { way: 'pipe', put };
}

const lldbWord = (word: string) => `"${word.replace(/["\\`]/g, '\\$&')}"`;

/**
 * The commands by which LLDB takes variables for its program, beside those that it has. Undefined where there is no spelling for one: a command ends
 * with its line, and a name has to be a plain one.
 */
export function lldbCommands(values: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(values);
  if (entries.some(([name, value]) => !/^[A-Za-z_]\w*$/.test(name) || /[\r\n\0]/.test(value))) return undefined;
  // LLDB takes a pair of quotes off a value once more when it is a setting.
  return entries.map(([name, value]) => `settings append target.env-vars ${name}=${lldbWord(`"${value}"`)}\n`).join('');
}

/**
 * A configuration with values in its `env`, which every extension can read. The program's output stays in the debug console: on a
 * terminal the values would be typed as a part of its command.
 */
export function withValues(c: Configuration, values: Readonly<Record<string, string>>): Configuration {
  const inside = Object.fromEntries(Object.entries(insides).filter(([name]) => name === 'console' || name in c));
  const pairs = Object.entries(values).map(([name, value]) => ({ name, value }));
  return Array.isArray(c.environment)
    ? { ...c, ...inside, environment: [...c.environment, ...pairs] }
    : { ...c, ...inside, env: { ...(isRecord(c.env) ? c.env : {}), ...values } };
}

/** What keeps a program off a terminal, by the names that debuggers have for it. */
const insides = {
  console: 'internalConsole',
  externalConsole: false,
  runInTerminal: false,
  terminal: 'console',
  useTerminal: false,
};

/** Debuggers that pass no `env` on: to put values there would tell everybody but the program. */
export const ignoresEnv = (type: string): boolean => type === 'dotnet';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const listed = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
    ? (value as string[])
    : undefined;
const words = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];
