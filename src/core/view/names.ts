/** Whether a path names a dotenv file by anybody's habit: `.env`, `.env.local`, `prod.env`. No path's folder matters. */
export function isDotenvName(path: string): boolean {
  const base = baseOf(path);
  return base.endsWith('.env') || base.startsWith('.env.');
}

/** Files that show which names exist, with made-up values: `.env.example` and its like are meant to be read. */
export function isTemplateName(path: string): boolean {
  return /\.(?:example|sample|template|tmpl|dist|defaults?)(?:\.[A-Za-z]+)?$/.test(baseOf(path));
}

export const configName = '.sops.yaml';

/** `.sops.yaml` itself is never encrypted. */
export function isConfigName(path: string): boolean {
  return baseOf(path) === configName;
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
