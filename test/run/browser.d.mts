import type { BrowserContext } from 'playwright-core';

export function launchBrowser(profile: string, size?: { width: number; height: number }): Promise<BrowserContext>;
