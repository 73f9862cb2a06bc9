// Makes src/core/scan/rules/vendor.ts of the rules of gitleaks: node test/corpus/vendor.mjs path/to/gitleaks.toml
import { readFileSync, writeFileSync } from 'node:fs';

/** These are covered by rules of our own, or are about whole files. */
const leftOut = new Set([
  'generic-api-key',
  'kubernetes-secret-yaml',
  'pkcs12-file',
  'private-key',
  'hashicorp-tf-password',
  'curl-auth-user',
]);

/** A `(?i)` and its like, written out: JavaScript has no flag for a part of a pattern before Node 23. */
function spelledOut(pattern) {
  const stack = [];
  let any = false;
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at);
    const flags = /^\(\?(-?)([is])(\)|:)/.exec(rest);
    if (flags) {
      const [whole, off, flag, end] = flags;
      if (end === ':') stack.push(any);
      if (flag === 'i') any = off === '';
      else if (!/^\(\?s:\.\)/.test(rest)) throw new Error(pattern);
      else {
        out += '[^]';
        stack.pop();
        at += '(?s:.)'.length - 1;
        continue;
      }
      if (end === ':') out += '(?:';
      at += whole.length - 1;
    } else if (rest.startsWith('(')) {
      stack.push(any);
      const named = /^\(\?P<\w+>/.exec(rest);
      out += named ? '(?:' : '(';
      if (named) at += named[0].length - 1;
    } else if (rest.startsWith(')')) {
      any = stack.pop();
      out += ')';
    } else if (rest.startsWith('[')) {
      const end = endOfClass(pattern, at);
      const inside = pattern.slice(at + 1, end).replaceAll('[:alnum:]', 'a-zA-Z0-9');
      out += `[${any ? bothCases(inside) : inside}]`;
      at = end;
    } else if (rest.startsWith('\\')) {
      const one = /^\\(?:x[\da-fA-F]{2}|x\{[\da-fA-F]+\}|.)/.exec(rest)[0];
      if (one === '\\z') out += '$';
      else if (one === '\\-' || one === '\\"' || one === "\\'" || one === '\\~' || one === '\\=' || one === '\\<')
        out += one.slice(1);
      else out += one;
      at += one.length - 1;
    } else if (any && /[a-z]/i.test(pattern[at])) out += `[${pattern[at].toLowerCase()}${pattern[at].toUpperCase()}]`;
    else out += pattern[at] === '/' ? '\\/' : pattern[at];
  }
  return out;
}

function endOfClass(pattern, start) {
  let at = start + (pattern[start + 1] === '^' ? 2 : 1);
  for (; pattern[at] !== ']'; at++) {
    if (pattern.startsWith('[:', at)) at = pattern.indexOf(':]', at) + 1;
    else if (pattern[at] === '\\') at++;
  }
  return at;
}

function bothCases(inside) {
  const added = [];
  const bare = inside.replace(/\\./g, '');
  for (const [, from, to] of bare.matchAll(/([a-z])-([a-z])/g)) added.push(`${from.toUpperCase()}-${to.toUpperCase()}`);
  for (const [, from, to] of bare.matchAll(/([A-Z])-([A-Z])/g)) added.push(`${from.toLowerCase()}-${to.toLowerCase()}`);
  for (const one of bare.replace(/[a-z]-[a-z]|[A-Z]-[A-Z]/g, '').replace(/[^a-zA-Z]/g, ''))
    added.push(one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase());
  const extra = [...new Set(added)].filter((one) => !bare.includes(one)).join('');
  // A dash at the end stays there.
  return inside.endsWith('-') && !inside.endsWith('\\-') ? `${inside.slice(0, -1)}${extra}-` : inside + extra;
}

const toml = readFileSync(process.argv[2], 'utf8');
const rules = toml.split(/^\[\[rules\]\]$/m).slice(1);
const lines = [];
for (const rule of rules) {
  const field = (name) =>
    new RegExp(`^${name} = (?:'''([^]*?)'''|"(.*)"|([\\d.]+)|(\\[[^\\]]*\\]))`, 'm')
      .exec(rule.split(/^\[\[rules\.allowlists\]\]/m)[0])
      ?.slice(1)
      .find((one) => one !== undefined);
  const id = field('id');
  if (leftOut.has(id)) continue;
  let regex = spelledOut(field('regex'));
  new RegExp(regex);
  const keywords = JSON.parse(field('keywords').replace(/,\s*\]/, ']'));
  const least = field('entropy');
  const path = field('path');
  const only =
    path === undefined ? '' : `, path: /${path.replace('(?i)', '').replaceAll('\\/', '/').replaceAll('/', '\\/')}/i`;
  // gitleaks' own exception: it is the name of a member.
  if (id === 'vault-service-token') regex = regex.replace('s\\.(', 's\\.(?![A-Za-z]{24}(?![\\w]))(');
  const group = field('secretGroup');
  lines.push(
    `  { id: '${id}', words: ${JSON.stringify(keywords).replaceAll('"', "'")}, pattern: /${regex}/, least: ${least ?? 0}${only}${group ? `, group: ${group}` : ''} },`,
  );
}
writeFileSync(
  new URL('../../src/core/scan/rules/vendor.ts', import.meta.url),
  `// Made by test/corpus/vendor.mjs from the rules of gitleaks 8.30.1 (MIT, Copyright (c) 2019 Zachary Rice). Do not edit.
import type { Rule } from './rule.ts';

/** Tokens that services give out, each known by a pattern of its own. */
export const vendorRules: readonly Rule[] = [
${lines.join('\n')}
];
`,
);
console.log(lines.length);
