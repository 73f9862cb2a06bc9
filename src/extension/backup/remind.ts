import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';

const { t } = vscode.l10n;

/** In the global state: when the last reminder was, and the public keys that the person wants none for. */
const stateKey = 'lockstep.backUp.reminded';
const day = 24 * 60 * 60 * 1000;
/** Between two reminders; the first one does not come on the day that a key is made, when the wizard says it. */
const pause = 7 * day;

interface Reminded {
  readonly at: string;
  readonly never: readonly string[];
}

/**
 * One quiet message in a week, when a file that was opened shows that the keys are in use, until there is a backup of the
 * present keys. The status bar's menu says it all the time.
 */
export function remind(services: Services): vscode.Disposable {
  const { sessions } = services;
  let asking = false;
  const look = async () => {
    const due = asking ? [] : await missingFor(services);
    if (due.length === 0 || asking) return;
    asking = true;
    await ask(services, due);
  };
  return sessions.onDidChange((uri) => {
    if (!asking && sessions.current(uri)?.state.kind === 'open') void look();
  });
}

/** The public keys that a reminder would be about now. */
async function missingFor({ backUps, context, clock }: Services): Promise<readonly string[]> {
  const { at, never } = stateOf(context);
  const now = clock.now().getTime();
  if (now - Date.parse(at) < pause) return [];
  return (await backUps.missing())
    .filter(({ recipient, created }) => !never.includes(recipient) && !(now - Date.parse(created) < day))
    .map(({ recipient }) => recipient);
}

async function ask({ ui, context, clock }: Services, due: readonly string[]): Promise<void> {
  const { never } = stateOf(context);
  const at = clock.now().toISOString();
  await context.globalState.update(stateKey, { at, never });
  const backUp = t('Back Up Key');
  const no = due.length === 1 ? t('Not for This Key') : t('Not for These Keys');
  const message =
    due.length === 1
      ? t('There is no backup of your key. If this machine is lost, the files that only it opens are lost, too.')
      : t(
          'There is no backup of {0} of your keys. If this machine is lost, so are the files that only they open.',
          due.length,
        );
  const answer = await ui.info(message, backUp, no);
  if (answer === no) await context.globalState.update(stateKey, { at, never: [...never, ...due] });
  if (answer === backUp) await vscode.commands.executeCommand(commands.backUpKey);
}

function stateOf({ globalState }: vscode.ExtensionContext): Reminded {
  const found = globalState.get<Partial<Reminded>>(stateKey);
  const never = Array.isArray(found?.never) ? found.never.filter((one) => typeof one === 'string') : [];
  return { at: typeof found?.at === 'string' ? found.at : '1970-01-01T00:00:00Z', never };
}
