import type { RowId, ToPage } from '../../src/protocol/messages.ts';
import type { Done, RequestName, Requests, Results, requests } from '../../src/protocol/requests.ts';
import type { Desk } from './fields/desk.ts';
import type { Host } from './host.ts';
import type { Model } from './model.ts';
import type { Live } from './parts/live.ts';
import type { Table } from './table/table.ts';

/** The page's line to the extension host. */
export type EditorHost = Host<typeof requests, Exclude<ToPage, { readonly type: 'answer' }>>;

/** What the parts of the page share. */
export interface Context {
  readonly host: EditorHost;
  readonly model: Model;
  readonly table: Table;
  readonly live: Live;
  readonly desk: Desk;
  /** The row that gets the focus once a revision is here: rows come apart from answers. */
  awaitRow(done: Done): void;
}

/** Asks the host; a refusal is said and gives undefined. */
export async function attempt<N extends RequestName>(
  { host, live }: Context,
  name: N,
  args: Requests[N],
): Promise<Results[N] | undefined> {
  try {
    return await host.ask(name, args);
  } catch (error) {
    live.refuse(error);
    return undefined;
  }
}

/** Gives the focus back to the table, at a row or the current one. */
export function backToTable({ model, table }: Context, id: RowId | undefined = model.current): void {
  if (id !== undefined && model.shownAt(id) !== undefined) {
    if (model.current !== id) model.select(id);
    table.focus(id);
  }
}
