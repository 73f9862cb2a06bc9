const parts =
  /(?:pass(?:word|wd|phrase|code)?|pwd|secrets?|credentials?|creds?|tokens?|apikeys?|api[-_. ]?keys?|(?:access|account|auth|client|consumer|encryption|encrypt|private|secret|service|shared|signing|ssh|storage|webhook|master|session|cookie|jwt|hmac|crypto|deploy|license|integration|admin|app|application|api|bearer)[-_. ]?(?:keys?|secrets?|tokens?|password|passphrase|pass|auth)|auth(?:orization)?|bearer|jwt|salt|dsn|connection[-_. ]?string|webhook[-_. ]?url)/i;

/** What stands behind such a word and says that this is about a secret, and is none. */
const about =
  /(?:public|pub)[-_. ]?keys?|(?:names?|ids?|url|uri|path|file|files|dir|type|types|length|len|size|count|regex|pattern|field|label|header|prefix|suffix|format|policy|version|expir\w*|ttl|timeout|seconds|minutes|enabled|required|hint|help|title|text|message|error|placeholder|description|env|var|algorithm|alg|method|endpoint|host|status|state|kind|class|index|limit|limits|max|min|rounds|created|updated|at|usage|symbol|event|provider|store|manager|service|verified|strength|input|hash|digest|fingerprint|ref|arn|alias)$/i;

/** Whether the name of an entry, a variable or a field says that its value is a secret. */
export function namesSecret(name: string): boolean {
  const spaced = name.replace(/([a-z\d])([A-Z])/g, '$1_$2');
  const found = parts.exec(spaced);
  if (!found) return false;
  const before = spaced[found.index - 1];
  // `compass`, `monkey`, `author`, `tokenize`.
  if (
    before !== undefined &&
    /[A-Za-z]/.test(before) &&
    !/^(?:passw|passph|passcode|secret|api|token|credential)/i.test(found[0])
  )
    return false;
  const behind = spaced.slice(found.index + found[0].length);
  if (/^[a-z]/.test(behind) && !/^s?(?:[^a-z]|$)/.test(behind)) return false;
  if (/webhook[-_. ]?url$/i.test(spaced)) return true;
  return !about.test(spaced.replace(/[^A-Za-z]+$/, '').replace(/[-_. ]+/g, '_'));
}
