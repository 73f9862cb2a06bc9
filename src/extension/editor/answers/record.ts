import type { Purpose } from '../../../core/access/event.ts';
import { showPath } from '../../../core/tree/path.ts';
import type { Request, RequestName } from '../../../protocol/requests.ts';
import type { Page } from '../page.ts';
import type { Asked } from './asked.ts';

/** What each request whose answer lets a value out is in the access log. */
const recordedAs: { readonly [N in RequestName]?: Purpose } = {
  reveal: 'reveal',
  edit: 'edit',
  copy: 'copy',
  comment: 'reveal',
  markPlain: 'decrypt',
  findValues: 'search',
  textShow: 'reveal',
  textFind: 'search',
  textReplace: 'search',
  revealSide: 'reveal',
};

/** A search sends a request for each letter: of each page one is recorded in this many milliseconds. */
const between = 60_000;
const searched = new WeakMap<Page, number>();

/** Records what a request is about to get, in the access log. @returns does it, once it is known that there is an answer. */
export function recording(request: Request, asked: Asked): () => void {
  const purpose = recordedAs[request.type];
  if (!purpose) return () => undefined;
  const { services, page } = asked;
  // Before the work: afterwards the row may be another one.
  const key = keyOf(request, asked);
  return () => {
    if (purpose === 'search') {
      const now = services.clock.now().getTime();
      if (now - (searched.get(page) ?? Number.NEGATIVE_INFINITY) < between) return;
      searched.set(page, now);
    }
    services.access.record({ purpose, uri: page.sheet.document.uri, key, by: 'Secrets Editor' });
  };
}

function keyOf(request: Request, { page: { sheet } }: Asked): string | undefined {
  if (request.type === 'textShow') return sheet.text.namesOf(request.args.tokens).map(keyOfName).join(', ');
  if (!('row' in request.args)) return undefined;
  const target = sheet.table.targets.get(request.args.row);
  const path = target && showPath(target.path);
  const { reference } = sheet.table.rows.find(({ id }) => 'row' in request.args && id === request.args.row) ?? {};
  if (request.type === 'reveal' && reference) return `${path} from ${reference.manager}`;
  return request.type === 'comment' || target?.kind === 'comment'
    ? ['comment', path].filter(Boolean).join(' of ')
    : path;
}

/** The id of an entry is its key path, behind the number of its document. */
function keyOfName(name: string): string {
  if (!name.startsWith('[')) return name;
  const [, ...path] = JSON.parse(name) as [number, ...(string | number)[]];
  return showPath(path);
}
