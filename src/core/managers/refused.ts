/** Why a program of a manager failed, by what it wrote to its error output. Nothing of that text goes further than here. */

const reasons = [
  [
    'signed-out',
    /not (?:currently |yet )?(?:signed|logged) in|vault is locked|az login|gcloud auth|unable to locate credentials|(?:session|token)\S*(?: \S+)? expired|expired ?token|missing client token|no accounts? configured|active account|invalidclienttokenid|unrecognizedclient|sso session/,
  ],
  ['denied', /permission[ _]denied|access ?denied|forbidden|not authorized|unauthorized|\b403\b/],
  [
    'none',
    /not[ _]?found|isn't an? (?:item|vault|field)|no value found|does not exist|no such|field \S+ not present|doesn't (?:seem|have)/,
  ],
] as const;

/** The case of MANAGER for an error output. */
export function reasonOf(errors: string): (typeof reasons)[number][0] | 'failed' {
  const text = errors.toLowerCase();
  return reasons.find(([, pattern]) => pattern.test(text))?.[0] ?? 'failed';
}
