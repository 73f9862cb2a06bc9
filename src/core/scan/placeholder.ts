const shapes = [
  /^\$?[<[{(].*[>\]})]$/,
  /^(.)\1*$/,
  /^(?:your|my|the|an?|some|change|replace|insert|enter|add|put|fake|sample|dummy|todo|fixme)(?:[-_ .].*)?$/i,
  /^(?:your|my|some|change|replace|insert|enter|fake|sample|dummy)[A-Z][a-z]/,
  /^(?:xxx|\.\.\.|\u2026)/i,
  /placeholder|change-?_?me|replace-?_?me|(?:^|[-_.])(?:example|sample|dummy|redacted|masked|hidden|removed|fake|mock)(?:$|[-_.\d])|x{6,}|\*{3,}|\.{4,}|<[a-z-_ ]+>/i,
  /^(?:0?1234567890?|abcdefg?h?i?j?|deadbeef|abc123|password\d{0,3}|passw0rd|secret\d{0,3}|test(?:ing)?\d{0,3}|none|null|undefined|true|false)+$/i,
  // What stands for a value that comes from somewhere else.
  /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*\}\}|<%|%[({][\w.]+[)}]|#\{|^\$\w+$|^%\w+%$|^@\w+@$|^ENC\[|^!|process\.env|os\.environ|getenv|^(?:env|var|vault|ref|secret|op|lockstep|data|file|arn|projects)[:.+/]/i,
  // What another program encrypted: dotenvx, Jasypt, Spring, Fernet, KMS of AWS; and hashes as crypt and its like write them.
  /^['"]?(?:encrypted:[\w+/]{80,}={0,2}|ENC\([\w+/]{20,}={0,2}\)|\{cipher\}[\w+/]{20,}={0,2}|gAAAAA[\w-]{94,}={0,2}|AQICAH[\w+/]{100,}={0,2})['"]?$/,
  /^\$(?:2[abxy]|5|6|y|7|argon2i?d?|scrypt|pbkdf2[\w-]*)\$[\w./+=,$-]+$/,
];

/** Whether a text stands where a secret will be: `<your key>`, `changeme`, `${NAME}`, `xxxxxxxx`. */
export const isPlaceholder = (text: string): boolean => shapes.some((one) => one.test(text));
