import { type Finding, findings } from '../../core/check/finding.ts';
import type { Names } from '../../core/people/names.ts';
import { visible } from '../../core/tree/path.ts';
import { version } from '../version.ts';
import { titles, wordsOf } from '../words/checkwords.ts';

/** How findings are printed. */
export const formats = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof formats)[number];

/** The findings as a text that ends with a line break, or none. @param label how a person here writes a path */
export function report(format: Format, all: readonly Finding[], names: Names, label: (path: string) => string): string {
  switch (format) {
    case 'text':
      return all.map((one) => `${visible(textOf(one, names, label))}\n`).join('');
    case 'json':
      return `${JSON.stringify(all.map((one) => jsonOf(one, names)))}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifOf(all, names))}\n`;
    case 'github':
      return all.map((one) => `${githubOf(one, names)}\n`).join('');
  }
}

function textOf(one: Finding, names: Names, label: (path: string) => string): string {
  const at = one.line === undefined ? label(one.path) : `${label(one.path)}:${one.line}`;
  return `${at}: ${findings[one.code]}: ${wordsOf(one, names)}`;
}

function jsonOf(one: Finding, names: Names) {
  const { code, path, line, name, of, more } = one;
  return { code, level: findings[code], file: path, line, name, of, more, message: visible(wordsOf(one, names)) };
}

/** A workflow command (docs.github.com, "Workflow commands"): what would end a part of it is escaped. */
function githubOf(one: Finding, names: Names): string {
  const part = (text: string) => message(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const message = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const line = one.line === undefined ? '' : `,line=${one.line}`;
  const title = part(titles[one.code]);
  const words = message(visible(wordsOf(one, names)));
  return `::${findings[one.code]} file=${part(one.path)}${line},title=${title}::${words}`;
}

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
function sarifOf(all: readonly Finding[], names: Names) {
  const rules = [...new Set(all.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Lockstep',
            version,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: titles[id] },
              defaultConfiguration: { level: findings[id] },
            })),
          },
        },
        results: all.map((one) => resultOf(one, names, rules.indexOf(one.code))),
      },
    ],
  };
}

/** A byte that is no UTF-8 is one in an address, too. */
const uriOf = (name: string) =>
  name
    .split(/([\udc80-\udcff])/u)
    .map((part, i) =>
      i % 2 === 1 ? `%${(part.charCodeAt(0) - 0xdc00).toString(16).toUpperCase()}` : encodeURIComponent(part),
    )
    .join('');

function resultOf(one: Finding, names: Names, ruleIndex: number) {
  const { code, path, line } = one;
  return {
    ruleId: code,
    ruleIndex,
    level: findings[code],
    message: { text: visible(wordsOf(one, names)) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(uriOf).join('/'), uriBaseId: '%SRCROOT%' },
          ...(line !== undefined && { region: { startLine: line } }),
        },
      },
    ],
    // By names, so that it stays the same when lines move.
    partialFingerprints: { lockstep: [code, path, one.name ?? '', one.of ?? ''].join('/') },
  };
}
