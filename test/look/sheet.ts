/** A picture of a surface, or why there is none. */
export interface Shot {
  readonly surface: string;
  readonly variant: string;
  /** Its file, beside the page. */
  readonly file?: string;
  readonly error?: string;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function cell({ surface, variant, file, error }: Shot): string {
  const caption = `<figcaption>${escaped(variant)}</figcaption>`;
  if (!file) return `<figure class="missing">${caption}<pre>${escaped(error ?? 'not taken')}</pre></figure>`;
  return `<figure>${caption}<a href="${file}"><img loading="lazy" src="${file}" alt="${escaped(`${surface}, ${variant}`)}"></a></figure>`;
}

/** The contact sheet: a row for each surface, a picture for each variant. */
export function sheet(shots: readonly Shot[]): string {
  const rows = [...new Set(shots.map(({ surface }) => surface))].map((name) => {
    const all = shots.filter(({ surface }) => surface === name);
    return `<section><h2>${escaped(name)}</h2><div>${all.map(cell).join('')}</div></section>`;
  });
  const missing = shots.filter(({ file }) => !file).length;
  return `<!doctype html>
<meta charset="utf-8">
<title>Lockstep, all surfaces</title>
<style>
  body { font: 14px system-ui, sans-serif; margin: 24px; background: #777; color: #fff }
  section div { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
  figure { margin: 0 } img { height: 320px; display: block } pre { width: 320px; white-space: pre-wrap }
  .missing { background: #a00; padding: 8px }
</style>
<h1>${shots.length - missing} pictures, ${missing} missing</h1>
${rows.join('\n')}
`;
}
