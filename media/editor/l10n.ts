/** Sentences in the person's language, by the English ones. A page has no `vscode.l10n`: the host puts them in (`page.ts`). */
const bundle = new Map<string, unknown>(
  Object.entries(JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="words"]')?.content || '{}') as object),
);

/** As `vscode.l10n.t`: the translation of an English sentence, or itself, with the arguments in the place of `{0}`, `{1}`. */
export function t(message: string, ...args: readonly (string | number)[]): string {
  const translated = bundle.get(message);
  const words = typeof translated === 'string' ? translated : message;
  return words.replace(/\{(\d+)\}/g, (place, at: string) => String(args[Number(at)] ?? place));
}
