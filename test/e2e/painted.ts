/** What an editor shows, read from the page. The functions run in the page: they use nothing from outside themselves. */

export interface PaintedLine {
  /** Its line number, or 0 where the number is not shown. */
  readonly line: number;
  /** What can be seen: with the text of decorations, without text collapsed to nothing. */
  readonly text: string;
}
export interface PaintedLens {
  /** The line below the lens. */
  readonly line: number;
  readonly titles: readonly string[];
}
export interface PaintedLink {
  readonly line: number;
  readonly title: string;
  /** Another one whenever VS Code draws the lens anew. */
  readonly id: string;
}

const numberAt = `
  const numbers = [...editor.querySelectorAll('.margin-view-overlays .line-numbers')].map((e) => ({
    top: e.getBoundingClientRect().top, line: Number(e.textContent) || 0 })).sort((a, b) => a.top - b.top);`;

/** The visible lines of the editor element, top to bottom. */
export const readLines = new Function(
  'editor',
  `${numberAt}
  const pseudo = (e, which) => {
    const content = getComputedStyle(e, which).content;
    return /^"/.test(content) ? JSON.parse(content.replace(/\\n/g, '\\\\n')) : '';
  };
  const read = (node) => {
    if (node.nodeType === 3) return parseFloat(getComputedStyle(node.parentElement).fontSize) < 1 ? '' : node.data;
    if (node.nodeType !== 1 || getComputedStyle(node).display === 'none') return '';
    return pseudo(node, '::before') + [...node.childNodes].map(read).join('') + pseudo(node, '::after');
  };
  const box = editor.getBoundingClientRect();
  return [...editor.querySelectorAll('.view-lines > .view-line')]
    .map((e) => ({ e, top: e.getBoundingClientRect().top }))
    .filter(({ e, top }) => top + e.offsetHeight > box.top && top < box.bottom)
    .sort((a, b) => a.top - b.top)
    .map(({ e, top }) => ({
      line: numbers.find((n) => Math.abs(n.top - top) < 4)?.line ?? 0,
      text: read(e).replace(/\\u00a0/g, ' ').replace(/[\\u200b\\u200c\\u200d]/g, ''),
    }));`,
) as (editor: unknown) => PaintedLine[];

/** What of the window's text that holds one of these can be seen: on which elements, by their classes. */
export const readSeen = new Function(
  'texts',
  `const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!texts.some((text) => node.data.includes(text))) continue;
    const style = getComputedStyle(node.parentElement);
    const range = document.createRange();
    range.selectNodeContents(node);
    const { width, height } = range.getBoundingClientRect();
    if (parseFloat(style.fontSize) < 1 || style.visibility === 'hidden' || width === 0 || height === 0) continue;
    const path = [];
    for (let e = node.parentElement; e && e !== document.body; e = e.parentElement) path.push(e.className);
    found.push(path.slice(0, 6).join(' < '));
  }
  return found;`,
) as (texts: readonly string[]) => string[];

/** What can be clicked in the CodeLenses of the editor element, from top to bottom and from left to right. */
export const readLinks = new Function(
  'editor',
  `${numberAt}
  return [...editor.querySelectorAll('.codelens-decoration a')]
    .map((e) => ({ e, ...e.getBoundingClientRect().toJSON() }))
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .map(({ e, top }) => ({
      line: numbers.find((n) => n.top > top + 2)?.line ?? 0,
      title: e.innerText.replace(/\\u00a0/g, ' ').trim(),
      id: e.id,
    }));`,
) as (editor: unknown) => PaintedLink[];

/** The CodeLenses of the editor element, top to bottom. */
export const readLenses = new Function(
  'editor',
  `${numberAt}
  return [...editor.querySelectorAll('.codelens-decoration')]
    .map((e) => ({ e, top: e.getBoundingClientRect().top }))
    .sort((a, b) => a.top - b.top)
    .map(({ e, top }) => ({
      line: numbers.find((n) => n.top > top + 2)?.line ?? 0,
      titles: e.innerText.split(/\\s*\\|\\s*/).map((t) => t.replace(/\\u00a0/g, ' ').trim()).filter(Boolean),
    }))
    .filter((lens) => lens.titles.length > 0);`,
) as (editor: unknown) => PaintedLens[];
