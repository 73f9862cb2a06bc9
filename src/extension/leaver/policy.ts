import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { isDay, type Term } from '../../core/policy/policy.ts';
import { labelOf } from '../../core/sops/label.ts';
import type { Services } from '../services.ts';
import { findLeaf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';

const { t } = vscode.l10n;

/** Asks for the owner and the expiry of an entry, and writes them into the policy. */
export async function setPolicy(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const found = await findLeaf(services, ids);
  if (!found) return;
  const { uri, leaf } = found;
  const entry = labelOf(leaf);
  const policy = await services.policies.of(uri);
  if (!policy) throw new LockstepError('GONE');
  if (policy.error) throw policy.error;
  const own = policy.of(entry);
  const owner = await services.ui.input({
    title: t('Owner of {0}', entry),
    prompt: t('Who replaces it: a person or a team. Empty for nobody. It is written to .lockstep/policy.yaml.'),
    value: own.owner ?? '',
  });
  if (owner === undefined) return;
  const expires = await services.ui.input({
    title: t('Expiry of {0}', entry),
    prompt: t('The day from which it has to be replaced, as 2027-03-01. Empty for none.'),
    value: own.expires ?? '',
    validate: (text) =>
      text.trim() === '' || isDay(text.trim())
        ? undefined
        : t('This is no day of the calendar, written as 2027-03-01.'),
  });
  if (expires === undefined) return;
  await services.policies.set(uri, entry, { owner: given(owner), expires: given(expires) } satisfies Term);
}

const given = (text: string) => text.trim() || undefined;
