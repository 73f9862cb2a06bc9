import type * as vscode from 'vscode';
import { register } from '../../../src/extension/tree/register.ts';
import { fake, type TreeItem } from '../../fakes/vscode.ts';
import { makeStage } from '../session/session.ts';

/** A row as a person sees or hears it, with those below it. */
export interface Row {
  readonly node: unknown;
  readonly item: TreeItem & vscode.TreeItem;
  /** Label and description. */
  readonly text: string;
  readonly below: readonly Row[];
}

/** The views over a workspace. */
export async function makeViews() {
  const stage = await makeStage();
  const feature = register(stage.services);
  const viewOf = (id: string) => fake.trees.find((one) => one.id === id) ?? assertNever(id);
  const rows = async (id: string, deep = 9, node?: unknown): Promise<Row[]> => {
    const { provider } = viewOf(id);
    const nodes = (await provider.getChildren(node)) as unknown[];
    return Promise.all(
      nodes.map(async (one): Promise<Row> => {
        const item = (await provider.getTreeItem(one)) as Row['item'];
        const text = [item.label, item.description].filter((part) => part !== '').join(' | ');
        return { node: one, item, text, below: deep > 0 ? await rows(id, deep - 1, one) : [] };
      }),
    );
  };
  return {
    stage,
    feature,
    viewOf: (id: string) => viewOf(id) as unknown as vscode.TreeView<unknown>,
    rows,
    /** The rows as indented lines. */
    lines: async (id: string, deep?: number): Promise<string[]> => linesOf(await rows(id, deep)),
    /** Everything that a view gives to VS Code, as a text. */
    everything: async (id: string): Promise<string> =>
      JSON.stringify(await rows(id), (key, value) => (key === 'node' || key === 'arguments' ? undefined : value)),
    run: (id: string, ...args: unknown[]) => feature.commands[id as keyof typeof feature.commands]?.(...args),
    /** The search is over, and the views drawn. */
    async settled() {
      await stage.services.inventory.refresh();
      await new Promise((resolve) => setTimeout(resolve, 250));
    },
    end() {
      feature.disposable.dispose();
      stage.end();
    },
  };
}
export type Views = Awaited<ReturnType<typeof makeViews>>;

function linesOf(rows: readonly Row[], depth = 0): string[] {
  return rows.flatMap(({ text, below }) => [`${'  '.repeat(depth)}${text}`, ...linesOf(below, depth + 1)]);
}

function assertNever(id: string): never {
  throw new Error(`no view ${id}`);
}
