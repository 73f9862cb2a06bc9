/**
 * Just enough YAML for this service's own files: maps, lists, plain and quoted scalars, `|` blocks and comments.
 * A real service would use a library; this one has no dependencies so that it runs right after a clone.
 */
export function parseYaml(text) {
  const lines = text.split(/\r?\n/);
  let at = 0;

  const indentOf = (line) => line.length - line.trimStart().length;
  const isBlank = (line) => /^\s*(#|$)/.test(line);

  function peek() {
    while (at < lines.length && isBlank(lines[at])) at++;
    return lines[at];
  }

  function block(indent) {
    const first = peek();
    if (first === undefined || indentOf(first) < indent) return null;
    const own = indentOf(first);
    return first.trimStart().startsWith('- ') ? list(own) : map(own);
  }

  function list(indent) {
    const items = [];
    for (let line = peek(); line !== undefined && indentOf(line) === indent && line[indent] === '-'; line = peek()) {
      const rest = line.slice(indent + 1).trimStart();
      if (/^[\w-]+:(\s|$)/.test(rest)) {
        // A map that begins on the dash's line: read it as if the dash were a space.
        lines[at] = ' '.repeat(line.length - rest.length) + rest;
        items.push(map(line.length - rest.length));
      } else {
        at++;
        items.push(scalar(rest));
      }
    }
    return items;
  }

  function map(indent) {
    const result = {};
    for (let line = peek(); line !== undefined && indentOf(line) === indent; line = peek()) {
      const [, key, rest] = /^\s*([\w.-]+):\s*(.*)$/.exec(line) ?? [];
      if (key === undefined) break;
      at++;
      if (rest === '' || rest.startsWith('#')) result[key] = nested(indent);
      else if (/^\|-?$/.test(rest)) result[key] = literal(indent, rest);
      else result[key] = scalar(rest);
    }
    return result;
  }

  /** What stands below `key:`. A list may begin at the key's own indentation. */
  function nested(indent) {
    const line = peek();
    return line?.slice(indent).startsWith('- ') ? list(indent) : block(indent + 1);
  }

  function literal(indent, header) {
    const body = [];
    while (at < lines.length && (lines[at].trim() === '' || indentOf(lines[at]) > indent)) body.push(lines[at++]);
    const cut = indentOf(body[0] ?? '');
    const joined = body
      .map((line) => line.slice(cut))
      .join('\n')
      .trimEnd();
    return header === '|' ? `${joined}\n` : joined;
  }

  return block(0) ?? {};
}

function scalar(source) {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(source);
  if (quoted) return quoted[1] !== undefined ? JSON.parse(`"${quoted[1]}"`) : quoted[2].replaceAll("''", "'");
  const text = source.replace(/\s+#.*$/, '').trim();
  if (text === '' || text === '~' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
