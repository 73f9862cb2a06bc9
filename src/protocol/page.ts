/** Where the page's files are, as addresses that the page can load. */
interface PageFiles {
  /** `dist/editor.js`, whose `editor-text.js` is beside it, or `dist/versions.js`. */
  readonly script: string;
  /** `dist/editor.css`, or `dist/versions.css`. */
  readonly style: string;
  readonly title?: string;
  /** What the style sheet's address starts with, for the policy: a webview's `cspSource`. */
  readonly source: string;
  /** At least 16 random bytes in base64 or hex, new for every page. */
  readonly nonce: string;
  /** The person's language, and sentences in it by the English ones; without them the page is English. */
  readonly language?: { readonly tag: string; readonly words: Readonly<Record<string, string>> };
}

const attribute = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * The HTML of the Secrets Editor, or of another page of ours. Its policy lets it run its own scripts and nothing else: no inline code or style, no
 * picture, no font, no connection, no form target, no frame.
 */
export function editorPage({ script, style, title = 'Secrets Editor', source, nonce, language }: PageFiles): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // What the page says is there before its script is run.
  const words = language ? `\n<meta name="words" content="${attribute(JSON.stringify(language.words))}">` : '';
  return `<!DOCTYPE html>
<html lang="${attribute(language?.tag ?? 'en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">${words}
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<main id="editor"></main>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`;
}
