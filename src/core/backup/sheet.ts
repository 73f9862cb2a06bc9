import encodeQR from 'qr';
import { visible } from '../tree/path.ts';
import { partsOf } from './armor.ts';

/** What a printable sheet says. All of it is public, but for `armored`, which is encrypted. */
interface Sheet {
  readonly keys: readonly { readonly label: string; readonly recipient: string }[];
  /** The armored age file of the private keys. */
  readonly armored: string;
  /** What the keys open, as far as is known: names of files. */
  readonly files: readonly string[];
}

/** The sentences on the sheet, in the language of whoever prints it. */
export interface SheetWords {
  /** As in the attribute `lang`. */
  readonly lang: string;
  readonly title: string;
  readonly made: string;
  /** What is on the sheet, and how to keep it. */
  readonly about: readonly string[];
  readonly keys: string;
  readonly files: string;
  readonly more: (count: number) => string;
  readonly restore: string;
  readonly steps: readonly string[];
  readonly part: (number: number, count: number) => string;
  readonly text: string;
}

/** More names than this do not help anybody who looks at paper. */
const maxFiles = 60;

/**
 * A page to be printed: one file of HTML without scripts, that loads nothing. It has the public keys, what they open, and the
 * encrypted private keys as QR codes and as text. `words` are plain text, as is everything in `sheet`.
 */
export function sheetHtml(sheet: Sheet, words: SheetWords): string {
  const parts = partsOf(sheet.armored);
  const codes = parts.map((part, i) => figure(part, parts.length > 1 ? words.part(i + 1, parts.length) : ''));
  const named = sheet.files.slice(0, maxFiles);
  const rest = sheet.files.length - named.length;
  const files = [...named, ...(rest > 0 ? [words.more(rest)] : [])];
  return `<!doctype html>
<html lang="${escapeHtml(words.lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(words.title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(words.title)}</h1>
<p class="made">${escapeHtml(words.made)}</p>
${words.about.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
<div class="codes">
${codes.join('\n')}
</div>
<h2>${escapeHtml(words.keys)}</h2>
${sheet.keys.map(({ label, recipient }) => `<p><b>${escapeHtml(label)}</b><br><code>${escapeHtml(recipient)}</code></p>`).join('\n')}
<h2>${escapeHtml(words.files)}</h2>
<ul class="files">
${files.map((name) => `<li>${escapeHtml(name)}</li>`).join('\n')}
</ul>
<h2>${escapeHtml(words.restore)}</h2>
<ol>
${words.steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('\n')}
</ol>
<h2>${escapeHtml(words.text)}</h2>
<pre>${escapeHtml(sheet.armored.trim())}</pre>
</main>
</body>
</html>
`;
}

function figure(text: string, caption: string): string {
  const below = caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure>${qrSvg(text)}${below}</figure>`;
}

/** A QR code as SVG: black runs on white, with the quiet zone that the standard asks for. */
function qrSvg(text: string): string {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const runs = rows.flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  const size = rows.length;
  return `<svg role="img" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${runs.join('')}"/></svg>`;
}

/** Where black begins in a row, and for how long. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  row.forEach((black, x) => {
    const last = runs.at(-1);
    if (black && last && last[0] + last[1] === x) last[1]++;
    else if (black) runs.push([x, 1]);
  });
  return runs;
}

/** Names come from anybody's repository. */
function escapeHtml(text: string): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #000; font: 11pt/1.45 system-ui, sans-serif; }
main { max-width: 17cm; margin: 1cm auto; padding: 0 0.5cm; }
h1 { font-size: 17pt; margin: 0; }
h2 { font-size: 12pt; margin: 0.6cm 0 0.1cm; }
p, ol, ul { margin: 0.15cm 0; }
.made { color: #444; }
.codes { display: flex; flex-wrap: wrap; gap: 0.5cm; margin: 0.4cm 0; }
figure { margin: 0; width: 8cm; break-inside: avoid; }
figure svg { display: block; width: 8cm; height: 8cm; }
figcaption { text-align: center; }
code, pre { font: 8.5pt/1.35 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.files { columns: 2; padding-left: 0.5cm; font-size: 9.5pt; }
pre { break-inside: avoid; }
@page { margin: 1.5cm; }
@media print { main { margin: 0; padding: 0; max-width: none; } }
`;
