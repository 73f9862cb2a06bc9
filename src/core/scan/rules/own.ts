import { looksRandom } from '../look.ts';
import { namesSecret } from '../names.ts';
import { isPlaceholder } from '../placeholder.ts';
import type { Rule } from './rule.ts';

/** Words that stand in the name of whatever is secret. */
const nameWords = [
  'pass',
  'pwd',
  'secret',
  'cred',
  'token',
  'key',
  'auth',
  'bearer',
  'jwt',
  'salt',
  'dsn',
  'connection',
  'webhook',
];

/** `name = "…"`, in the spellings of most languages: also `name: "…"`, `name := "…"`, `"name" => "…"`, `["name"] = "…"`, `define('name', '…')`. */
const inQuotes =
  /(?<name>[A-Za-z_][\w.-]{0,80})["'`]?\]?(?:\s{1,3}value(?=\s{0,3}=))?(?:\s{0,3}:\s{0,3}[A-Za-z][\w<>&' ?.[\]]{0,30})?\s{0,8}(?:=>|:=|={1,3}|:|,|\bto\b)\s{0,3}(?:[A-Za-z]{1,2}(?=["']))?(?:(")((?:[^"\\\n]|\\.){6,400})"|(')((?:[^'\\\n]|\\.){6,400})'|(`)([^`\n]{6,400})`)/;

/** The same without quotes, where a file holds settings. */
const bare =
  /(?<=^|\s|\/:)(?<name>[A-Za-z_][\w.-]{0,80})[ \t]{0,8}(?:=|:(?=[ \t]))[ \t]{0,8}([^\s"'#,;{}[\]()<>$|&!*%][^\s"',;<>()]{5,400})(?=[ \t]*(?:[\r\n]|$|[ \t]#))/;

const settings =
  /(?:^|\/)(?:\.env[^/]*|[^/]*\.(?:env|ya?ml|properties|ini|cfg|conf|toml|tfvars)|\.npmrc|\.netrc|\.pypirc|Dockerfile[^/]*|credentials|[^/]*\.(?:sh|bash|zsh|md|txt))$/i;

/** The name of something else: words as programs write them, or an address of a mail. */
const isIdentifier = (text: string) => /^_?[a-z]+\d{0,2}(?:_[a-z]+\d{0,2})+$|^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(text);

/** Whether what stands in a field whose name says "secret" is one. */
function isValue(text: string, name: string | undefined): boolean {
  if (name === undefined || !namesSecret(name) || isPlaceholder(text)) return false;
  if (isIdentifier(text)) return false;
  if (looksRandom(text, 10)) return true;
  // A password is made up by a person: no sentence, no name of something else.
  if (!/pass|pwd|cred|secret/i.test(name)) return false;
  return (
    /^[^\s]{7,64}$/.test(text) &&
    !/^[A-Z]?[a-z]+(?:[A-Z][a-z]+)+(?:V?\d)?$/.test(text) &&
    /\d|[!@#$%^&*+=~?]/.test(text) &&
    /[A-Za-z]/.test(text) &&
    !/^[\w.-]+(?:\.[\w-]+)+$|^[/~.@]|[-_.:/]v?\d{1,2}$|\(|\{|^[a-z]+(?:[-_/][a-z]+)*\d?$|^[A-Z]+(?:_[A-Z\d]+)+$|:\/\//.test(
      text,
    )
  );
}

/** Where a password stands for sure: whether it is one that somebody thought of. */
const isOwnPassword = (text: string) =>
  !isPlaceholder(text) &&
  !/^(?:pass(?:word|wd)?|pwd|secret|token|user(?:name)?|postgres|root|admin|guest|test|foo|bar|x+|\*+|\$.*|%.*)$/i.test(
    text,
  );

const assigned = (id: string, pattern: RegExp, path?: RegExp): Rule => ({
  ...{ id, words: nameWords, pattern, least: 0, atName: true, holds: isValue },
  ...(path && { path }),
});

/** What no service has a mark of its own for. */
export const ownRules: readonly Rule[] = [
  assigned('hard-coded-value', inQuotes),
  assigned('value-in-settings', bare, settings),
  {
    id: 'password-in-url',
    words: ['://'],
    pattern: /\b[a-zA-Z][a-zA-Z\d+.-]{1,20}:\/\/[^\s/?#:@"'`<>{}$%]{0,80}:([^\s/?#@"'`<>{}]{4,200})@[\w.[-]/,
    least: 0,
    reach: 400,
    holds: isOwnPassword,
  },
  {
    // `Server=…;User Id=…;Password=…;`, as .NET and ODBC have it.
    id: 'password-in-connection-string',
    words: ['password', 'pwd'],
    pattern:
      /=[^;=\s"'`]{1,100}(?: [^;=\s"'`]{1,40}){0,3};\s?(?:[Pp]assword|PASSWORD|[Pp]wd|PWD)\s?=\s?([^;"'`\s<>{}$%]{4,100})(?=[;"'`]|$)/m,
    least: 0,
    reach: 130,
    holds: isOwnPassword,
  },
  {
    id: 'private-key',
    words: ['private key'],
    // A dash ends the body: so no text is read twice.
    pattern:
      /-----BEGIN[ A-Z\d]{0,40}PRIVATE KEY(?: BLOCK)?-----[^\S\n]{0,4}(?:(?:\\r|\\n|\s){1,4}(?:Proc-Type|DEK-Info|Version|Comment)[^\n\\]{0,99}){0,3}[^-]{60,16000}-----END[ A-Z\d]{0,40}PRIVATE KEY(?: BLOCK)?-----/,
    least: 3,
    reach: 16_000,
  },
  { id: 'docker-token', words: ['dckr_pat_', 'dckr_oat_'], pattern: /\bdckr_[po]at_[\w-]{27,40}/, least: 3 },
  {
    id: 'discord-webhook',
    words: ['/api/webhooks/'],
    pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/,
    least: 3,
  },
  { id: 'new-relic-key', words: ['nrak-'], pattern: /\bNRAK-[A-Z\d]{27}\b/, least: 3 },
  { id: 'mailgun-key', words: ['key-'], pattern: /(?<![\w-])key-[\da-f]{32}\b/, least: 3 },
  {
    id: 'authorization-header',
    words: ['bearer ', 'basic '],
    pattern: /\b[Aa]uthorization["']?\s{0,3}[:=,]\s{0,3}["'`]?(?:[Bb]earer|[Bb]asic|[Tt]oken)\s+([\w.~+/-]{12,}={0,2})/,
    least: 3,
    reach: 1000,
    holds: (text) => looksRandom(text, 12),
  },
];
