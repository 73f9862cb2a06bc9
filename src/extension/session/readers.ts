import * as vscode from 'vscode';
import { bareRecipient } from '../../core/age/sshkey.ts';
import { ownOthers } from '../../core/keys/others.ts';
import { requiredGroups } from '../../core/keys/shamir.ts';
import { namedKey } from '../../core/people/names.ts';
import type { Rule } from '../../core/rules/rules.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import type { KeyInfo, Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** workspaceState: the public keys of others that a person agreed to encrypt for. */
const agreedKey = 'lockstep.agreedRecipients';

/**
 * Whether a file may be encrypted for these recipients. The rule that names them comes with the repository, where anybody
 * may have changed it: so a person is asked about a file that none of their keys could open, and once in a workspace
 * about each key of somebody else.
 */
export async function confirmReaders(
  services: Services,
  uri: vscode.Uri,
  rule: Pick<Rule, 'groups' | 'shamirThreshold'>,
): Promise<boolean> {
  const isOwn = await ownKeysAmong(services, rule.groups);
  const others = once(rule.groups.flat().filter((key) => !isOwn(key)));
  const own = rule.groups.filter((group) => group.some(isOwn));
  const required = requiredGroups(rule.groups.length, rule.shamirThreshold);
  const encrypt = t('Encrypt File');
  if (own.length === 0) {
    const what =
      others.length === 1
        ? t(
            'The rule in .sops.yaml encrypts it for another key and for none of yours. Add your public key to the rule first if you need the values.',
          )
        : t(
            'The rule in .sops.yaml encrypts it for {0} other keys and for none of yours. Add your public key to the rule first if you need the values.',
            others.length,
          );
    return services.ui.confirm(t('You will not be able to read {0}.', fileName(uri)), what, encrypt);
  }
  const together = t(
    'The rule in .sops.yaml asks for keys of {0} groups at once, and yours are in {1}. You need the keys of others to open the file again.',
    required,
    own.length,
  );
  if (
    own.length < required &&
    !(await services.ui.confirm(t('You will not be able to read {0} alone.', fileName(uri)), together, encrypt))
  )
    return false;
  const state = services.context.workspaceState;
  const agreed = state.get<readonly string[]>(agreedKey, []);
  const unknown = others.filter((key) => !agreed.includes(idOf(key)));
  if (unknown.length === 0) return true;
  const names = await services.rules.names(uri);
  const sure = await services.ui.confirm(
    unknown.length === 1
      ? t('Encrypt {0} for one more person?', fileName(uri))
      : t('Encrypt {0} for {1} more people?', fileName(uri), unknown.length),
    t(
      'By the rule in .sops.yaml it can also be read by {0}. You are asked once about each key.',
      unknown.map((key) => namedKey(names, key)).join(', '),
    ),
    encrypt,
  );
  if (sure) await state.update(agreedKey, [...agreed, ...unknown.map(idOf)]);
  return sure;
}

/** As which a key is remembered. */
const idOf = ({ kind, name }: KeyName) => (kind === 'age' ? bareRecipient(name) : `${kind} ${name}`);

const once = (keys: readonly KeyName[]) => [...new Map(keys.map((key) => [idOf(key), key])).values()];

/** Which of these keys are one's own: in SecretStorage, or with one's gpg. */
export async function ownKeysAmong(
  { vault }: Pick<Services, 'vault'>,
  groups: readonly (readonly KeyName[])[],
): Promise<(key: KeyName) => boolean> {
  const mine = new Set((await vault.keys()).map(({ recipient }) => recipient));
  for (const key of await ownOthers(groups.flat())) mine.add(idOf(key));
  return (key) => mine.has(idOf(key));
}

/** Recipients that are none of one's own keys, without their comments. */
export function othersOf(recipients: readonly string[], keys: readonly KeyInfo[]): string[] {
  const mine = new Set(keys.map((key) => key.recipient));
  return [...new Set(recipients.map(bareRecipient))].filter((recipient) => !mine.has(recipient));
}
