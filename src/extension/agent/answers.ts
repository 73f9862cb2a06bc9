import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { fileLine, programLine } from './words.ts';

const { t } = vscode.l10n;

/** The list of what programs are allowed and refused, from which answers can be taken; and the command that takes them all. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.showAnswers]: () => showAnswers(services),
      [commands.forgetAnswers]: () => forgetAnswers(services),
    },
    disposable: new vscode.Disposable(() => undefined),
  };
}

async function showAnswers({ agent, ui }: Services): Promise<void> {
  const { grants } = agent;
  if (grants.length === 0) return tellNone({ ui });
  const items = grants.map((grant) => ({
    grant,
    label: fileLine(grant.file),
    description: grant.verdict === 'session' ? t('allowed for this session') : t('never allowed'),
    detail: programLine(grant.client),
  })) satisfies Choice[];
  const chosen = await ui.pickMany(items, {
    title: t('Answers to Programs'),
    placeholder: t('Choose the answers to forget: the next time you are asked again.'),
  });
  for (const { grant } of chosen ?? []) agent.forget(grant);
}

async function forgetAnswers({ agent, ui }: Services): Promise<void> {
  const count = agent.grants.length;
  if (count === 0) return tellNone({ ui });
  agent.forget();
  const message =
    count === 1
      ? t('Lockstep has forgotten 1 answer. The program asks again.')
      : t('Lockstep has forgotten {0} answers. The programs ask again.', count);
  void ui.info(message);
}

async function tellNone({ ui }: Pick<Services, 'ui'>): Promise<void> {
  void ui.info(t('You have answered no program for longer than once in this window.'));
}
