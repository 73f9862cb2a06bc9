import { existsSync, readFileSync } from 'node:fs';

/** Put the entries of a .env file into `process.env`. What is set already wins, so a launcher can pass the real values. */
export function loadDotenv(file) {
  if (!existsSync(file)) return;
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at < 1 || line.startsWith('#')) continue;
    const name = line.slice(0, at);
    const value = line.slice(at + 1);
    if (name.startsWith('sops_') || value.startsWith('ENC[')) continue;
    process.env[name] ??= value;
  }
}
