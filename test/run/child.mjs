// Child processes that never outlive this one.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { innerEnvironment } from './environment.mjs';
import { Stop } from './steps.mjs';

const windows = process.platform === 'win32';
const running = new Set();
let watching = false;

/** Ends the process group of a child started here; does nothing when it has ended. */
export function kill(child, signal = 'SIGTERM') {
  if (child.pid === undefined || !running.has(child)) return;
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

/** Ends a child and waits until it is gone, by force after `grace` milliseconds. */
export async function stop(child, grace = 5000) {
  if (!running.has(child)) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  kill(child);
  const timer = setTimeout(() => kill(child, 'SIGKILL'), grace);
  await Promise.race([ended, sleep(grace + 2000, undefined, { ref: false })]);
  clearTimeout(timer);
}

function watchExit() {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of running) kill(child, 'SIGKILL');
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      for (const child of running) kill(child);
      setTimeout(() => process.exit(130), 500);
    });
  }
}

/**
 * Starts a program in a process group of its own, which ends with this process. `env`, where it is given, is the whole
 * environment: of `innerEnvironment`, with what is added.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, { env = innerEnvironment(), ...options } = {}) {
  watchExit();
  const child = spawn(command, args, {
    detached: !windows,
    shell: windows && /\.cmd$|^npm$/.test(command),
    env,
    ...options,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/**
 * Runs a program to its end and returns what it printed to stdout. A non-zero exit is a Stop with the end of the
 * output, unless `allowFailure`. `inherit` passes the output through instead; then the exit code is returned.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { inherit?: boolean, allowFailure?: boolean, input?: string | Uint8Array }} [options]
 * @returns {Promise<any>}
 */
export function run(command, args, { inherit = false, allowFailure = false, input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = inherit ? 'inherit' : [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
    const child = start(command, args, { stdio, ...options });
    let out = '';
    let all = '';
    child.stdout?.on('data', (data) => {
      out += data;
      all += data;
    });
    child.stderr?.on('data', (data) => {
      all += data;
    });
    if (input !== undefined) child.stdin.end(input);
    child.on('error', (error) => reject(new Stop(`${command} could not be started: ${error.code ?? error.message}`)));
    child.on('close', (code) => {
      if (inherit) resolve(code ?? 1);
      else if (code === 0 || allowFailure) resolve(out);
      else reject(new Stop(`${command} ${args.join(' ')} ended with ${code}\n${all.slice(-4000)}`));
    });
  });
}
