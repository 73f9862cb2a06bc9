import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../core/shared.ts';
import { missing, type WhyNot } from '../../skip.ts';

/** What a target's own parser finds in an exported text; a string is why it finds nothing. */
export type Found = Readonly<Record<string, string>> | string;

const here = join(root, 'test', 'interop', 'exports');
const program = join(root, '.cache', 'exports', 'readers-3');
const strict = process.env.CI === 'true' || process.env.LOCKSTEP_REQUIRE_INTEROP === '1';

/** Why the Go parsers cannot be asked here. With CI that is an error. */
export function cannotAskGo(): WhyNot {
  try {
    mkdirSync(join(root, '.cache', 'exports'), { recursive: true });
    if (!existsSync(program)) build();
    return undefined;
  } catch (error) {
    if (strict) throw error;
    return missing('Go on this machine, or network', false);
  }
}

function build(): void {
  const { status, error, stderr } = spawnSync('go', ['build', '-o', program, '.'], { cwd: here, encoding: 'utf8' });
  if (status !== 0) throw new Error(`go build: ${error?.message ?? stderr}`);
}

/** What each text is to the parser of its format: godotenv, docker's kvfile, HCL, compose-go, yaml. */
export function askGo(given: readonly { readonly format: string; readonly text: string }[]): unknown[] {
  const input = given.map((one) => JSON.stringify(one)).join('\n');
  const { status, stdout, stderr } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Whether a program is here. */
export const has = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

export const cannotRun = (name: string): WhyNot => missing(name, has(name));

/** One value as a POSIX shell has it after it read the text. */
export function inShell(shell: string, text: string): Found {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'x.sh'), text);
    const { stdout, stderr } = spawnSync(shell, ['-c', '. ./x.sh && env -0'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
    });
    if (stderr.length > 0) return stderr.toString();
    const pairs = stdout.toString().split('\0').filter(Boolean);
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  });
}

/**
 * One value as systemd reads it: `os-release` goes through the parser of `EnvironmentFile`, and `%o` writes what its ID is into a file.
 * @param line an assignment of `ID`
 */
export function inSystemd(line: string): string {
  return inFolder((folder) => {
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc', 'os-release'), line);
    writeFileSync(join(folder, 'x.conf'), 'f /out - - - - %o\n');
    const ran = spawnSync('systemd-tmpfiles', [`--root=${folder}`, '--create', join(folder, 'x.conf')]);
    const out = join(folder, 'out');
    return existsSync(out) ? readFileSync(out, 'utf8') : `nothing: ${ran.stderr}`;
  });
}

/** Values as Kestra decodes its variables (SecretService): the JDK's decoder, after line breaks were taken out. */
export function inKestra(values: readonly string[]): string[] {
  return inFolder((folder) => {
    writeFileSync(
      join(folder, 'Decode.java'),
      `import java.util.*;
public class Decode {
  public static void main(String[] words) throws Exception {
    Scanner in = new Scanner(System.in, "UTF-8");
    while (in.hasNextLine()) {
      byte[] value = Base64.getDecoder().decode(in.nextLine().replaceAll("\\\\R", ""));
      System.out.println(Base64.getUrlEncoder().encodeToString(new String(value, "UTF-8").getBytes("UTF-8")));
    }
  }
}
`,
    );
    const options = { cwd: folder, input: `${values.join('\n')}\n`, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync('java', ['Decode.java'], options);
    if (status !== 0) throw new Error(stderr);
    return stdout
      .split('\n')
      .slice(0, values.length)
      .map((line) => Buffer.from(line.trim(), 'base64url').toString());
  });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-exports-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
