export interface InstalledServer {
  readonly node: string;
  readonly codeServer: string;
  readonly serverMain: string;
}
export const root: string;
export const cache: string;
export const strict: boolean;
export function which(name: string, path?: string): string | undefined;
export function ensureDependencies(): Promise<void>;
export function ensureServer(): Promise<InstalledServer>;
export function ensureChromium(): Promise<string>;
export function mayApt(): boolean;
export function apt(...packages: readonly string[]): Promise<void>;
