import * as vscode from 'vscode';
import type { Purpose } from '../../core/access/event.ts';
import { momentOf, type Wanted, wantedOf } from '../../core/access/filter.ts';
import type { AccessRecord } from '../../core/access/record.ts';
import { asCsv, asJsonLines } from '../../core/access/table.ts';
import { type Finding, isTampering } from '../../core/access/verify.ts';
import { utf8 } from '../../core/bytes.ts';
import { writeAnywhere } from '../elsewhere.ts';
import type { AccessLogs, Services } from '../services.ts';
import { openAt } from '../session/tabs.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { findingWords } from './faults.ts';
import { purposeIcons, purposeWords } from './words.ts';

const { t } = vscode.l10n;

/** Records in the list at most; a filter or the export has the others. */
const most = 500;

/** What an item of the list does: gives the next filter, or undefined to end. */
interface Item extends Choice {
  readonly run: (shown: Shown) => Promise<Wanted | undefined>;
}

interface Shown {
  readonly services: Services;
  readonly records: readonly AccessRecord[];
  readonly wanted: Wanted;
}

/**
 * Shows the access log as a list that can be typed into, filtered and exported. It is VS Code's own list, because no extension can read
 * that: names of files and secrets are for the person who asked. A document or a tree is there for all.
 */
export async function showAccessLog(services: Services): Promise<void> {
  const logs = await services.access.read();
  if (!logs) return void services.ui.info(t('There is no place for an access log here, so accesses are not recorded.'));
  const all = [...logs.own.records, ...logs.commandLine.records].sort((a, b) => (a.at < b.at ? 1 : -1));
  let wanted: Wanted | undefined = {};
  while (wanted) {
    const shown: Shown = { services, wanted, records: wantedOf(all, wanted) };
    const chosen: Item | undefined = await services.ui.pick(itemsOf(logs, all, shown), {
      title: t('Access Log'),
      placeholder: t('Type a part of a file, a key or a purpose'),
    });
    wanted = await chosen?.run(shown);
  }
}

function itemsOf(logs: AccessLogs, all: readonly AccessRecord[], { wanted, records }: Shown): Item[] {
  const findings = [...logs.own.findings, ...logs.commandLine.findings];
  const isFiltered = records.length < all.length;
  const rest = records.length - most;
  return [
    healthItem(findings, all.length),
    { icon: 'file', label: t('Filter by File…'), run: (shown) => byFile(shown, all) },
    { icon: 'tag', label: t('Filter by Purpose…'), run: (shown) => byPurpose(shown, all) },
    { icon: 'calendar', label: t('Filter by Time…'), run: byTime },
    ...(isFiltered ? [{ icon: 'clear-all', label: t('Show Everything'), run: async () => ({}) }] : []),
    {
      icon: 'export',
      label: isFiltered ? t('Export These Records…') : t('Export…'),
      description: t('{0} of {1}', records.length, all.length),
      run: exportRecords,
    },
    { label: t('Newest first'), kind: vscode.QuickPickItemKind.Separator, run: async () => wanted },
    ...records.slice(0, most).map(recordItem),
    ...(rest > 0 ? [{ label: t('{0} older records: filter, or export', rest), run: async () => wanted }] : []),
  ];
}

function healthItem(findings: readonly Finding[], count: number): Item {
  const faults = findings.filter(isTampering).length;
  return {
    icon: faults > 0 ? 'warning' : 'pass',
    label:
      faults > 0
        ? t('Changed by something other than Lockstep: {0}', faults)
        : count === 1
          ? t('1 record, unchanged')
          : t('{0} records, unchanged', count),
    description: findings.length > faults ? t('{0} not finished', findings.length - faults) : '',
    run: async ({ services: { ui }, wanted }) => {
      const items = findings.map((one) => ({ icon: isTampering(one) ? 'warning' : 'info', label: findingWords(one) }));
      if (items.length > 0) await ui.pick(items, { title: t('What Was Found in the Access Log') });
      return wanted;
    },
  };
}

function recordItem(record: AccessRecord): Item {
  const { purpose, key, file, by, to, at } = record;
  const where = file === undefined ? undefined : shortFile(file);
  return {
    icon: purposeIcons[purpose],
    label: [purposeWords[purpose](), key].filter(Boolean).join(': '),
    description: [where, to && `→ ${to}`, localTime(at), by].filter(Boolean).join(' · '),
    run: (shown) => actions(shown, record),
  };
}

const shortFile = (file: string) => (file.includes('://') ? file : fileName(vscode.Uri.file(file)));

const two = (number: number) => String(number).padStart(2, '0');

function localTime(at: string): string {
  const d = new Date(at);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** What can be done with one record. */
async function actions(shown: Shown, { file, purpose }: AccessRecord): Promise<Wanted | undefined> {
  const { ui } = shown.services;
  const items: Item[] = [
    {
      icon: 'tag',
      label: t('Only {0}', purposeWords[purpose]()),
      run: async () => ({ ...shown.wanted, purposes: [purpose] }),
    },
    ...(file === undefined
      ? []
      : [
          { icon: 'filter', label: t('Only {0}', shortFile(file)), run: async () => ({ ...shown.wanted, file }) },
          { icon: 'go-to-file', label: t('Open {0}', shortFile(file)), run: () => openFile(file) },
        ]),
  ];
  const chosen = await ui.pick(items, { title: t('Access Log') });
  return chosen ? chosen.run(shown) : shown.wanted;
}

async function openFile(file: string): Promise<undefined> {
  await openAt(file.includes('://') ? vscode.Uri.parse(file) : vscode.Uri.file(file));
}

function countsOf<K>(records: readonly AccessRecord[], by: (record: AccessRecord) => K | undefined): [K, number][] {
  const counts = new Map<K, number>();
  for (const record of records) {
    const name = by(record);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

async function byFile({ services: { ui }, wanted }: Shown, all: readonly AccessRecord[]): Promise<Wanted> {
  const items = countsOf(all, ({ file }) => file).map(([file, count]) => ({
    label: shortFile(file),
    description: String(count),
    file,
  }));
  const chosen = await ui.pick(items, { title: t('Filter by File') });
  return chosen ? { ...wanted, file: chosen.file } : wanted;
}

async function byPurpose({ services: { ui }, wanted }: Shown, all: readonly AccessRecord[]): Promise<Wanted> {
  const items = countsOf<Purpose>(all, ({ purpose }) => purpose).map(([purpose, count]) => ({
    icon: purposeIcons[purpose],
    label: purposeWords[purpose](),
    description: String(count),
    purpose,
    picked: wanted.purposes?.includes(purpose) ?? false,
  }));
  const chosen = await ui.pickMany(items, { title: t('Filter by Purpose') });
  if (!chosen) return wanted;
  const { purposes: _, ...others } = wanted;
  return chosen.length === 0 ? others : { ...others, purposes: chosen.map(({ purpose }) => purpose) };
}

async function byTime({ services: { ui, clock }, wanted }: Shown): Promise<Wanted> {
  const items = [
    { label: t('Last Hour'), age: '1h' },
    { label: t('Last 24 Hours'), age: '24h' },
    { label: t('Last 7 Days'), age: '7d' },
    { label: t('Last 30 Days'), age: '30d' },
    { label: t('Since a Day…'), age: undefined },
  ];
  const chosen = await ui.pick(items, { title: t('Filter by Time') });
  if (!chosen) return wanted;
  const now = clock.now();
  const text =
    chosen.age ??
    (await ui.input({ title: t('Since'), prompt: t('For example {0}', '2026-01-31'), validate: dayFault(now) }));
  const since = text === undefined ? undefined : momentOf(text, now);
  return since ? { ...wanted, since } : wanted;
}

const dayFault = (now: Date) => (text: string) =>
  momentOf(text, now) ? undefined : t('Write the day as {0}.', '2026-01-31');

async function exportRecords({ services, records, wanted }: Shown): Promise<Wanted> {
  const { ui, platform } = services;
  const kinds = [
    {
      label: 'JSON Lines',
      description: t('with the hashes of the chain'),
      name: 'access-log.jsonl',
      write: asJsonLines,
    },
    { label: 'CSV', description: t('for a spreadsheet'), name: 'access-log.csv', write: asCsv },
  ];
  const kind = await ui.pick(kinds, { title: t('Export the Access Log') });
  const to = kind && (await ui.saveFile({ title: t('Export the Access Log'), name: kind.name }));
  if (!kind || !to) return wanted;
  await writeAnywhere(platform, to, utf8(kind.write([...records].reverse())));
  void ui.info(
    records.length === 1
      ? t('1 record is in {0}.', fileName(to))
      : t('{0} records are in {1}.', records.length, fileName(to)),
  );
  return wanted;
}
