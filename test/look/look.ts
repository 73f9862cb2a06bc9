// `npm run look`: pictures of every surface in every look, on one page, .cache/look/index.html, for people to judge.
// Usage: npm run look [-- name of a variant, or part of a surface's name …]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importKey } from '../e2e/editorpage.ts';
import { Workbench } from '../e2e/workbench.ts';
import { cache } from '../run/setup.mjs';
import { type Shot, sheet } from './sheet.ts';
import { lookFiles, makeHistory, type Surface, surfaces } from './surfaces.ts';

const folder = join(cache, 'look');
const size = { width: 1100, height: 700 };

/** How the window looks: its theme and size. A zoom leaves fewer CSS pixels; the page shows all pictures at one height. */
const variants = [
  { name: 'dark', theme: 'dark', ...size, zoom: 1 },
  { name: 'light', theme: 'light', ...size, zoom: 1 },
  { name: 'high contrast', theme: 'hc', ...size, zoom: 1 },
  { name: 'narrow', theme: 'dark', width: 480, height: 700, zoom: 1 },
  { name: '150 %', theme: 'light', ...size, zoom: 1.5 },
] as const;

async function take(workbench: Workbench, surface: Surface, variant: string): Promise<Shot> {
  const file = `${surface.name}-${variant}.png`.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
  try {
    await surface.open(workbench);
    // What is drawn late, such as lenses and badges, comes to rest.
    await workbench.page.waitForTimeout(400);
    await workbench.page.screenshot({ path: join(folder, file) });
    return { surface: surface.name, variant, file };
  } catch (error) {
    const [what = ''] = String(error instanceof Error ? error.message : error).split('\n');
    console.log(`  ✗ ${surface.name}, ${variant}: ${what}`);
    await workbench.page.screenshot({ path: join(folder, `failed-${file}`) }).catch(() => undefined);
    return { surface: surface.name, variant, error: what };
  } finally {
    for (let i = 0; i < 3; i++) await workbench.page.keyboard.press('Escape').catch(() => undefined);
    await surface.close?.(workbench).catch(() => undefined);
    await workbench.closeAll().catch(() => undefined);
  }
}

async function main(parts: readonly string[]): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const looks = variants.filter(({ name }) => parts.includes(name));
  const words = parts.filter((part) => !looks.some(({ name }) => name === part));
  const chosen = surfaces.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const workbench = await Workbench.start({
    files: await lookFiles(),
    prepare: makeHistory,
    settings: { 'lockstep.offerSetUp': false, 'lockstep.reveal.seconds': 60 },
    size,
  });
  const shots: Shot[] = [];
  try {
    workbench.page.setDefaultTimeout(20_000);
    await workbench.openFile('vault.yaml');
    await importKey(workbench);
    await workbench.closeAll();
    await workbench.page.keyboard.press('Control+b');
    for (const { name, theme, width, height, zoom } of looks.length > 0 ? looks : variants) {
      await workbench.setTheme(theme);
      await workbench.page.setViewportSize({ width: Math.round(width / zoom), height: Math.round(height / zoom) });
      for (const surface of chosen) shots.push(await take(workbench, surface, name));
      console.log(`  ✓ ${name}`);
      writeFileSync(join(folder, 'index.html'), sheet(shots));
    }
  } finally {
    await workbench.close();
  }
  console.log(join(folder, 'index.html'));
  return shots.every(({ file }) => file) ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
