import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { editorPage } from '../../src/protocol/page.ts';
import { launchBrowser } from '../run/browser.mjs';
import type { StubHost } from './stub.ts';

const root = join(__dirname, '..', '..');
const origin = 'https://lockstep.test';

export type Theme = 'dark' | 'light' | 'hc' | 'hcLight';
const kinds: Readonly<Record<Theme, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
  hcLight: 'vscode-high-contrast vscode-high-contrast-light',
};
const themes = JSON.parse(readFileSync(join(__dirname, 'themes.json'), 'utf8')) as Record<
  Theme,
  Record<string, string>
>;

/** How a page is opened. `words`: sentences of another language by the English ones. */
interface Look {
  readonly theme?: Theme;
  readonly still?: boolean;
  readonly wait?: boolean;
  readonly words?: Readonly<Record<string, string>>;
}

/** The browser of one test file. */
export class Browser {
  readonly #profile = mkdtempSync(join(tmpdir(), 'lockstep-page-'));
  #context: BrowserContext | undefined;
  /** Everything the pages asked the network for, besides the page's own files. */
  readonly strangers: string[] = [];
  /** What the pages complained about: errors, and what the policy refused. */
  readonly complaints: string[] = [];

  async start(): Promise<void> {
    if (!existsSync(join(root, 'dist', 'editor.js'))) throw new Error('dist/editor.js is missing: run npm run build');
    this.#context = await launchBrowser(this.#profile, { width: 1100, height: 700 });
  }

  async stop(): Promise<void> {
    await this.#context?.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  get context(): BrowserContext {
    return this.#context!;
  }

  get profile(): string {
    return this.#profile;
  }

  /** A page with the editor on a host; resolves when the host was greeted. */
  async open(host: StubHost, { theme = 'dark', still = false, wait = true, words }: Look = {}): Promise<Page> {
    const page = await this.#newPage(still);
    await this.#serve(page, words);
    await page.exposeFunction('lockstepStub', (message: never) => host.receive(message));
    await page.exposeFunction('lockstepKeep', (state: unknown) => void host.kept.push(state));
    host.send = (message) => page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => undefined);
    await page.addInitScript(webview, { kind: kinds[theme], colors: themes[theme], kept: host.kept.at(-1) });
    await page.goto(`${origin}/index.html`);
    if (wait) await page.waitForFunction(() => document.querySelector('.bar .fact, .middle h2') !== null);
    return page;
  }

  /** The page that shows versions beside each other, on what answers its requests. `send` of the host is put in. */
  async openVersions(
    host: { receive(message: never): Promise<void>; send?: (message: unknown) => Promise<void> },
    theme: Theme = 'dark',
  ): Promise<Page> {
    const page = await this.#newPage(false);
    await this.#serve(page, undefined, 'versions');
    await page.exposeFunction('lockstepStub', (message: never) => host.receive(message));
    await page.exposeFunction('lockstepKeep', () => undefined);
    host.send = (message) => page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => undefined);
    await page.addInitScript(webview, { kind: kinds[theme], colors: themes[theme], kept: undefined });
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction(() => document.querySelector('.versions .head .cell') !== null);
    return page;
  }

  async #newPage(still: boolean): Promise<Page> {
    const page = await this.context.newPage();
    await page.emulateMedia({ reducedMotion: still ? 'reduce' : 'no-preference' });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    return page;
  }

  async #serve(page: Page, words?: Look['words'], name: 'editor' | 'versions' = 'editor'): Promise<void> {
    const nonce = 'c2VjcmV0cyBlZGl0b3I';
    const files = { script: `${origin}/${name}.js`, style: `${origin}/${name}.css`, source: origin, nonce };
    const html = editorPage({ ...files, ...(words && { language: { tag: 'xx', words } }) });
    await page.route('**/*', (route) => {
      const url = route.request().url();
      const name = url.startsWith(`${origin}/`) ? url.slice(origin.length + 1) : undefined;
      if (name === 'index.html') return route.fulfill({ contentType: 'text/html', body: html });
      if (name === 'favicon.ico') return route.fulfill({ status: 204 });
      if (name && /^(editor(-text)?|versions)\.(js|css)$/.test(name))
        return route.fulfill({ path: join(root, 'dist', name) });
      this.strangers.push(url);
      return route.abort();
    });
  }
}

/** What VS Code does to a webview's page before its script runs. Runs in the page. */
function webview({ kind, colors, kept }: { kind: string; colors: Record<string, string>; kept: unknown }): void {
  const outer = window as unknown as Record<'lockstepStub' | 'lockstepKeep', (given: unknown) => void> & {
    acquireVsCodeApi: unknown;
  };
  outer.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => outer.lockstepStub(message),
    getState: () => kept,
    setState: (state: unknown) => outer.lockstepKeep(state),
  });
  const dress = () => {
    document.body.className = kind;
    for (const [name, value] of Object.entries(colors)) document.documentElement.style.setProperty(name, value);
  };
  if (document.body) dress();
  else document.addEventListener('DOMContentLoaded', dress);
}

/** Changes the theme of an open page, as VS Code does. */
export async function dress(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(
    ({ kind, colors }) => {
      document.body.className = kind;
      document.documentElement.removeAttribute('style');
      for (const [name, value] of Object.entries(colors)) document.documentElement.style.setProperty(name, value);
    },
    { kind: kinds[theme], colors: themes[theme] },
  );
}

/** Keeps a picture for people to look at, in `.cache/artifacts` or where LOCKSTEP_PICTURES says. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.LOCKSTEP_PICTURES ?? join(root, '.cache', 'artifacts', 'webview');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** All text, attribute values and field values of the page in one string; not the values of fields that match `but`. */
export function everything(page: Page, but = 'nothing'): Promise<string> {
  return page.evaluate((but) => {
    const all = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
    const fields = all.filter((field) => !field.matches(but)).map((field) => field.value);
    const styles = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText));
    return [document.documentElement.outerHTML, ...fields, ...styles].join('\n');
  }, but);
}
