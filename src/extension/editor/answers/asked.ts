import { change } from '../../../core/change/change.ts';
import type { Intent, Step } from '../../../core/change/intent.ts';
import type { Opened } from '../../../core/open/open.ts';
import type { RowId } from '../../../protocol/messages.ts';
import type { Done } from '../../../protocol/requests.ts';
import type { Services } from '../../services.ts';
import { requireTrust } from '../../session/trust.ts';
import type { SecretsDocument } from '../document/document.ts';
import type { Page } from '../page.ts';

/** Where a request comes from. */
export interface Asked {
  readonly services: Services;
  readonly page: Page;
  /** The revision of the rows that its ids are from. */
  readonly revision: number;
}

/** The document, if it may be changed at all. Throws UNTRUSTED in a workspace that is not trusted. */
export function editable({ page }: Asked): SecretsDocument {
  requireTrust();
  return page.sheet.document;
}

/**
 * Changes the document by what `intend` says, as one step that can be undone. `label` is for VS Code's undo history, which may
 * show and keep it: no name of an entry.
 */
export function step(asked: Asked, label: string, intend: (opened: Opened) => Intent | readonly Step[]): Promise<void> {
  return editable(asked).change(label, async (opened) => change(opened, intend(opened), asked.services.clock));
}

/** The revision after a change, and the row to go to. */
export function done({ page }: Asked, focus?: RowId): Done {
  const { revision, table } = page.sheet;
  return focus !== undefined && table.targets.has(focus) ? { revision, focus } : { revision };
}
