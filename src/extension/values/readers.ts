import * as vscode from 'vscode';
import { change as changeFile } from '../../core/change/change.ts';
import { LockstepError } from '../../core/errors.ts';
import { requireKeys } from '../../core/keys/others.ts';
import { requiredGroups } from '../../core/keys/shamir.ts';
import { type KeyPlan, newWraps, planForRule } from '../../core/keys/updatekeys.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { configName } from '../../core/view/names.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { requireEditable } from '../session/apply.ts';
import { offerRule } from '../session/newrule.ts';
import { ownKeysAmong } from '../session/readers.ts';
import { openAt } from '../session/tabs.ts';
import { findFiles, findOpenFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { requireOwnAccess } from '../vault/ownaccess.ts';
import { updateReadersOfMany } from './many.ts';

const { t } = vscode.l10n;

/** Gives an encrypted file the readers that its rule in `.sops.yaml` names. No value changes, nor the data key. */
export async function updateReaders(services: Services, ids: readonly unknown[]): Promise<void> {
  const files = findFiles(ids);
  await services.rules.renew();
  if (files.length > 1) return updateReadersOfMany(services, files);
  if (!(await mayWrite(services))) return;
  const file = await findOpenFile(services, ids);
  if (!file) return;
  const { uri } = file;
  const { sealed, dataKey } = await requireEditable(services, file, await file.ready());
  dataKey.requireOwnLabels();
  const rule = (await services.rules.find(uri))?.rule;
  if (!rule) return writeRule(services, uri, sealed.metadata);
  const plan = planForRule(sealed.metadata, rule);
  if (!plan.changed) {
    const open = t('Open {0}', configName);
    const message = t('{0} already has exactly the readers in its rule.', fileName(uri));
    if ((await services.ui.info(message, open)) === open) await openRules(services, uri);
    return;
  }
  await requireKeys(newWraps(sealed.metadata, plan).flat());
  if (!(await confirmPlan(services, uri, plan))) return;
  const { reached, required } = await reach(services, plan);
  const lockOut = reached < required;
  if (lockOut && !(await confirmLockOut(services, uri))) return;
  await file.change(t('Update Who Can Read It'), async (opened) => {
    const { metadata, format } = opened.sealed;
    // What was agreed to is this change, not one that has become another meanwhile.
    const now = planForRule(metadata, rule);
    if (JSON.stringify([plan.diff, plan.threshold]) !== JSON.stringify([now.diff, now.threshold]))
      throw new LockstepError('CHANGED_ON_DISK');
    const wanted = { kind: 'readers', groups: plan.groups, threshold: plan.threshold.after } as const;
    const change = await changeFile(opened, wanted, services.clock);
    if (!lockOut) await requireOwnAccess(services, file.uri, change.text, format);
    return change;
  });
  if (removes(plan)) offerRotation(services, uri);
}

async function openRules({ rules }: Services, uri: vscode.Uri): Promise<void> {
  const config = await rules.placeFor(uri);
  if (config) await openAt(config);
}

/** Without a rule nothing says who is to read the file: one with its present readers is written, and opened to be changed. */
async function writeRule(services: Services, uri: vscode.Uri, { groups }: Metadata): Promise<void> {
  const [group = [], ...others] = groups;
  if (others.length > 0 || group.some(({ kind }) => kind !== 'age')) throw new LockstepError('NO_RULE');
  const recipients = group.map(({ name }) => name);
  if (!(await offerRule(services, [uri], t('Write Down Who Can Read {0}', fileName(uri)), recipients))) return;
  await openRules(services, uri);
  void services.ui.info(t('Change who is named in {0}, then update who can read the file.', configName));
}

/** How many groups one's own keys will be in, and how many are needed. */
async function reach(services: Services, plan: KeyPlan): Promise<{ reached: number; required: number }> {
  const isOwn = await ownKeysAmong(services, plan.groups);
  const reached = plan.groups.filter((keys) => keys.some(isOwn)).length;
  return { reached, required: requiredGroups(plan.groups.length, plan.threshold.after) };
}

const removes = ({ diff }: KeyPlan) => diff.some(({ removed }) => removed.length > 0);

/** A question of its own: the last word of whoever will not read the file again. */
function confirmLockOut({ ui }: Services, uri: vscode.Uri): Promise<boolean> {
  return ui.confirm(
    t('Lock yourself out of {0}?', fileName(uri)),
    t(
      'None of your keys will open it any more, or not enough of them. Only those whom the rule names can change that.',
    ),
    t('Lock Me Out'),
  );
}

async function confirmPlan(services: Services, uri: vscode.Uri, plan: KeyPlan): Promise<boolean> {
  const { reached, required } = await reach(services, plan);
  const parts = [
    ...(reached === 0 ? [t('You will not be able to read it: none of your keys is named.')] : []),
    ...(reached > 0 && reached < required
      ? [
          t(
            'You will not be able to read it alone: it will need keys of {0} groups, and yours are in {1}.',
            required,
            reached,
          ),
        ]
      : []),
    changeLines(plan, await services.rules.names(uri)).join('\n'),
    removes(plan)
      ? t('No value changes. Whoever is removed may have kept the data key: rotate it afterwards.')
      : t('No value changes.'),
  ];
  return services.ui.confirm(
    t('Update who can read {0}?', fileName(uri)),
    parts.join('\n\n'),
    t('Update Who Can Read It'),
  );
}

/** Who comes and who goes, by group where there are several. */
function changeLines({ diff, groups, threshold }: KeyPlan, names: Names): string[] {
  const several = diff.length > 1;
  const lines = diff.flatMap(({ added, removed }, i) => {
    const changes = [
      ...added.map((key) => t('Added: {0}', namedKey(names, key))),
      ...removed.map((key) => t('Removed: {0}', namedKey(names, key))),
    ];
    return changes.map((line) => (several ? t('Group {0} · {1}', i + 1, line) : line));
  });
  if (groups.length > 1 || threshold.before !== threshold.after)
    lines.push(
      groups.length > 1
        ? t('Needed together: keys of {0} of {1} groups', requiredGroups(groups.length, threshold.after), groups.length)
        : t('Each key opens it alone.'),
    );
  return lines;
}

function offerRotation({ ui }: Services, uri: vscode.Uri): void {
  const rotate = t('Rotate Data Key');
  const message = t(
    'Whoever was removed from {0} may still know its data key. Give it a new one. They may have kept the values, too: replace the secrets at their source.',
    fileName(uri),
  );
  void ui.info(message, rotate).then((verb) => {
    if (verb === rotate) void vscode.commands.executeCommand(commands.rotateDataKey, uri.toString());
  });
}
