import type { TargetName } from '../../core/foreign/write/names.ts';
import type { Problem, Why } from '../../core/foreign/write/target.ts';
import { showPath, visible } from '../../core/tree/path.ts';

const words: Readonly<Record<Why, string>> = {
  name: 'its name has signs that no name has there',
  reserved: 'its name means something else there',
  clash: 'its name is that of another entry there',
  'line-break': 'its value has several lines, or ends in a line break',
  sign: 'its value has signs that cannot be written there together',
  length: 'its name or value is longer than what is taken there',
  sum: 'all values together are more than what is taken there',
  key: 'it is no encryption key: 16 bytes or more in base64',
};

/** Entries at most in a message. */
const most = 20;

/** A line for each entry that a target cannot hold, by name and key path. */
export function problemLines(problems: readonly Problem[]): string {
  const lines = problems.slice(0, most).map(({ variable, path, why }) => {
    const from = showPath(path);
    return `  ${visible(variable)}${from === variable ? '' : ` (${from})`}: ${words[why]}\n`;
  });
  return lines.join('') + (problems.length > most ? `  and ${problems.length - most} more\n` : '');
}

/** What a person can do about it. */
export function problemAdvice(format: TargetName): string {
  const other = format === 'docker' || format === 'kestra-macro' ? ' Another format may hold it.' : '';
  return `Nothing was written. --rename ENV=NAME gives an entry another name, and --secret ENV=NAME takes some alone.${other}`;
}
