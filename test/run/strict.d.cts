export const strict: boolean;
export const platforms: { readonly windows: string; readonly others: string };
export const story: string;
export function leftOut(words: string): string;
export function forbidden(title: string): string | undefined;
