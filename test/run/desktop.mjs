// The VS Code that the tests of the stage `host` run in.
import { join } from 'node:path';
import { cache, ensureChromium, ensureServer } from './setup.mjs';
import { step } from './steps.mjs';

/** The program of a desktop VS Code: as named, or downloaded where a window can be shown. Undefined when there is none. */
export async function findDesktop() {
  if (process.env.VSCODE_EXECUTABLE_PATH) return process.env.VSCODE_EXECUTABLE_PATH;
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || process.env.LOCKSTEP_HOST === 'server') return undefined;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return step('desktop VS Code: download', () => downloadAndUnzipVSCode({ cachePath: join(cache, 'desktop') })).catch(
    () => undefined,
  );
}

/** Has it installed before several processes look for it at the same time, and lets them all take the same. */
export async function ensureHost() {
  const desktop = await findDesktop();
  if (desktop) {
    process.env.VSCODE_EXECUTABLE_PATH = desktop;
    return;
  }
  process.env.LOCKSTEP_HOST = 'server';
  await ensureServer();
  await ensureChromium();
}
