import { ensureChromium } from './setup.mjs';

/**
 * A headless Chromium with a profile that stays on disk. Without the flags against its own traffic it asks for hosts
 * that no test needs.
 */
export async function launchBrowser(profile, size = { width: 1280, height: 800 }) {
  const executablePath = await ensureChromium();
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
    ],
    viewport: size,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  // The loader of these tests wraps named functions in this helper; code that is sent to a page needs it there.
  await context.addInitScript('globalThis.__name ??= (fn) => fn;');
  return context;
}
