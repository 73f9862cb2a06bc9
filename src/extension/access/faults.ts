import * as vscode from 'vscode';
import { type Checked, type Finding, isTampering } from '../../core/access/verify.ts';
import { commands } from '../ids.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';

const { t } = vscode.l10n;

/** Checks the log once in the life of a window, and says what is wrong with it. */
export function checkSoon(services: Services, ms: number): vscode.Disposable {
  const soon = later(ms, () => {
    tellFaults(services).catch((error) => services.log.error(`access log: ${describeError(error)}`));
  });
  soon.start();
  return soon;
}

/** Warns of what nobody was told of yet. A record in the log says that it was found, and the log goes on from there. */
async function tellFaults({ access, ui }: Services): Promise<void> {
  const own = (await access.read())?.own;
  const fresh = own && freshFaults(own);
  if (!fresh) return;
  access.record({ purpose: 'fault', key: fresh, by: 'lockstep' });
  await access.acceptEnd();
  const show = t('Show Access Log');
  const message = t('The access log was changed by something other than Lockstep. It says where.');
  if ((await ui.warn(message, show)) === show) await vscode.commands.executeCommand(commands.showAccessLog);
}

/** What is wrong, as the log keeps it; undefined where nothing is, or a record says so already. */
function freshFaults({ records, findings }: Checked): string | undefined {
  const faults = findings.filter((one) => isTampering(one) && one.kind !== 'noticed').map(inLog);
  const text = faults.slice(0, 20).join(', ');
  return text === '' || records.some(({ purpose, key }) => purpose === 'fault' && key === text) ? undefined : text;
}

const inLog = ({ kind, file, line, missing }: Finding) =>
  `${kind} ${file}:${line}${missing === undefined ? '' : ` (${missing})`}`;

/** A finding as people read it. */
export function findingWords({ kind, missing, file, line }: Finding): string {
  const count = missing === undefined ? '' : missing === 1 ? t(' (1 record)') : t(' ({0} records)', missing);
  const words: Readonly<Record<Finding['kind'], string>> = {
    torn: t('A record was not finished, because VS Code or the computer stopped. That is no tampering.'),
    changed: t('This line is not as it was written.'),
    gap: t('Records before this line were removed, added or moved{0}.', count),
    front: t('The oldest records were removed{0}.', count),
    cut: t('The last records were removed or replaced{0}, or lost when the computer lost power.', count),
    noticed: t('Lockstep found a fault of the log here and recorded it.'),
  };
  return `${file}, ${t('line {0}', line)}: ${words[kind]}`;
}
