export function ensureOthers(): Promise<Record<string, string>>;
