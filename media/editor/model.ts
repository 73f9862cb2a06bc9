import type { Notice, Row, RowId, RowsChanged, State } from '../../src/protocol/messages.ts';

/** What the table is about: the rows, which of them are shown, which one is current, which are selected. No value. */
export class Model {
  state: State | undefined;
  rows: readonly Row[] = [];
  /** What is shown of `rows`, in order. */
  shown: readonly Row[] = [];
  readonly collapsed = new Set<RowId>();
  readonly selected = new Set<RowId>();
  current: RowId | undefined;
  #anchor: RowId | undefined;
  query = '';
  #found: ReadonlySet<RowId> | undefined;
  /** Only entries that did not change for so many days are shown. */
  olderThan: number | undefined;
  /** How many rows match the search by themselves. */
  matches = 0;
  #position = new Map<RowId, number>();
  /** For each row the position of its group; -1 at the top level. */
  #parents: readonly number[] = [];
  #shownAt = new Map<RowId, number>();
  #hasGroups = false;
  #hasTerms = false;

  get searching(): boolean {
    return this.query !== '' || this.olderThan !== undefined;
  }

  setState(state: State): void {
    this.state = state;
    this.#setRows(state.rows);
  }

  /** False when the change does not fit the rows that are here: the whole state has to be asked for again. */
  change({ at, remove, rows }: RowsChanged): boolean {
    if (!this.state || at + remove > this.rows.length) return false;
    this.#setRows([...this.rows.slice(0, at), ...rows, ...this.rows.slice(at + remove)]);
    return true;
  }

  #setRows(rows: readonly Row[]): void {
    const at = this.shownAt(this.current) ?? 0;
    this.rows = rows;
    this.#position = new Map(rows.map((row, index) => [row.id, index]));
    this.#parents = parentsOf(rows);
    this.#hasGroups = rows.some(({ kind }) => kind === 'group');
    this.#hasTerms = rows.some(({ term }) => term !== undefined);
    this.refresh();
    // Locked, say: when the rows are back, one goes on where one was.
    if (rows.length === 0) return;
    for (const id of [...this.selected]) if (!this.#position.has(id)) this.selected.delete(id);
    if (this.current !== undefined && this.shownAt(this.current) === undefined) {
      this.current = this.shown[Math.min(at, this.shown.length - 1)]?.id;
      this.selected.clear();
      if (this.current !== undefined) this.selected.add(this.current);
    }
    this.current ??= this.shown[0]?.id;
  }

  /** `found`: rows whose value matches too, by the host's word. */
  search(query: string, found?: ReadonlySet<RowId>): void {
    this.query = query;
    this.#found = found;
    this.refresh();
    if (this.shownAt(this.current) === undefined) this.current = this.shown[0]?.id ?? this.current;
  }

  /** Without days, entries of any age. */
  older(days: number | undefined): void {
    this.olderThan = days;
    this.search(this.query, this.#found);
  }

  toggle(id: RowId, open = this.collapsed.has(id)): void {
    if (open) this.collapsed.delete(id);
    else this.collapsed.add(id);
    this.refresh();
  }

  /** What is shown in place of the table. A damaged file can be read, and a file that is gone from the disk is still here. */
  get blocked(): Notice | undefined {
    const notice = this.state?.notice;
    if (notice?.kind === 'readers') return undefined;
    const besides = notice?.kind === 'damaged' || notice?.kind === 'gone';
    return besides && this.rows.length > 0 ? undefined : notice;
  }

  /** The file has entries that come, go and have names. A binary file has its content only. */
  get structured(): boolean {
    return this.state?.format !== 'binary';
  }

  get hasGroups(): boolean {
    return this.#hasGroups;
  }

  /** Whether any row has an owner or an expiry. */
  get hasTerms(): boolean {
    return this.#hasTerms;
  }

  /** Whether any group is open. */
  get anyOpen(): boolean {
    return this.rows.some(({ kind, id }) => kind === 'group' && !this.collapsed.has(id));
  }

  /** Opens or closes all groups. What is current stays so, or the outermost group that it is in becomes it. */
  toggleAll(open: boolean): void {
    this.collapsed.clear();
    if (!open) for (const { kind, id } of this.rows) if (kind === 'group') this.collapsed.add(id);
    this.refresh();
    let outer = this.row(this.current);
    while (outer && this.shownAt(outer.id) === undefined) outer = this.parent(outer.id);
    if (outer && outer.id !== this.current) this.select(outer.id);
  }

  isOpen(id: RowId): boolean {
    return this.searching || !this.collapsed.has(id);
  }

  /** Computes what is shown again. */
  refresh(): void {
    this.shown = this.searching ? this.#matching() : this.#unfolded();
    this.#shownAt = new Map(this.shown.map(({ id }, index) => [id, index]));
  }

  #unfolded(): Row[] {
    let hiddenBelow = Number.POSITIVE_INFINITY;
    return this.rows.filter((row) => {
      if (row.depth > hiddenBelow) return false;
      hiddenBelow = row.kind === 'group' && this.collapsed.has(row.id) ? row.depth : Number.POSITIVE_INFINITY;
      return true;
    });
  }

  /** Rows that match, the groups they are in, and what is in groups that match. Of groups themselves nobody knows an age. */
  #matching(): Row[] {
    const wanted = this.query.toLowerCase();
    const keep = new Set<number>();
    const above: number[] = [];
    let within = Number.POSITIVE_INFINITY;
    this.matches = 0;
    this.rows.forEach((row, at) => {
      above.length = Math.min(above.length, row.depth);
      above.push(at);
      if (row.depth <= within) within = Number.POSITIVE_INFINITY;
      const named = row.name.toLowerCase().includes(wanted) || this.#found?.has(row.id) === true;
      if (named && row.kind === 'group') within = Math.min(within, row.depth);
      if (named ? this.#isOld(row) : row.depth > within && this.#isOld(row)) for (const index of above) keep.add(index);
      if (named && this.#isOld(row)) this.matches++;
    });
    return this.rows.filter((_, at) => keep.has(at));
  }

  #isOld({ days = -1 }: Row): boolean {
    return this.olderThan === undefined || days >= this.olderThan;
  }

  row(id: RowId | undefined): Row | undefined {
    const at = id === undefined ? undefined : this.#position.get(id);
    return at === undefined ? undefined : this.rows[at];
  }

  shownAt(id: RowId | undefined): number | undefined {
    return id === undefined ? undefined : this.#shownAt.get(id);
  }

  parent(id: RowId): Row | undefined {
    return this.rows[this.#parents[this.#position.get(id) ?? -1] ?? -1];
  }

  /** The rows of one group, or of the top level. */
  siblings(id: RowId): Row[] {
    const parent = this.parent(id);
    return this.childrenOf(parent?.id);
  }

  /** What something behind a row comes before in their group. A comment line is no such place: the host knows none by it. */
  nextOf(id: RowId): Row | undefined {
    const siblings = this.siblings(id);
    const at = siblings.findIndex((row) => row.id === id);
    return siblings.slice(at + 1).find(isNamed);
  }

  childrenOf(group: RowId | undefined): Row[] {
    const start = group === undefined ? -1 : (this.#position.get(group) ?? this.rows.length);
    const depth = group === undefined ? -1 : (this.rows[start]?.depth ?? -1);
    const end = this.rows.findIndex((row, at) => at > start && row.depth <= depth);
    return this.rows.slice(start + 1, end < 0 ? undefined : end).filter((row) => row.depth === depth + 1);
  }

  /** The names from the top to a row, for sentences and pickers. */
  path(id: RowId): string[] {
    const names: string[] = [];
    for (let row = this.row(id); row; row = this.parent(row.id)) names.unshift(row.name);
    return names;
  }

  /** Whether `inner` is `outer` or below it. */
  within(inner: RowId, outer: RowId): boolean {
    for (let row = this.row(inner); row; row = this.parent(row.id)) if (row.id === outer) return true;
    return false;
  }

  /** Makes a row current. `extend`: from the anchor to it; `toggle`: it joins or leaves the selection. */
  select(id: RowId, how: 'one' | 'extend' | 'toggle' = 'one'): void {
    this.current = id;
    if (how === 'toggle') {
      this.#anchor = id;
      if (!this.selected.delete(id)) this.selected.add(id);
      return;
    }
    const from = this.shownAt(how === 'extend' ? (this.#anchor ?? id) : id) ?? 0;
    const to = this.shownAt(id) ?? 0;
    if (how === 'one') this.#anchor = id;
    this.selected.clear();
    for (const row of this.shown.slice(Math.min(from, to), Math.max(from, to) + 1)) this.selected.add(row.id);
  }

  selectAll(): void {
    for (const { id } of this.shown) this.selected.add(id);
  }

  /** The selected rows, or the current one; none that is inside another. In file order. */
  chosen(): Row[] {
    const ids = this.selected.size > 0 ? this.selected : new Set(this.current === undefined ? [] : [this.current]);
    const insideAnother = (row: Row) => {
      for (let above = this.parent(row.id); above; above = this.parent(above.id)) if (ids.has(above.id)) return true;
      return false;
    };
    return this.rows.filter((row) => ids.has(row.id) && !insideAnother(row));
  }
}

/** Whether a row is anything but a comment line. */
export const isNamed = ({ kind }: Row): boolean => kind !== 'comment';

function parentsOf(rows: readonly Row[]): number[] {
  const above: number[] = [];
  return rows.map((row, at) => {
    above.length = Math.min(above.length, row.depth);
    const parent = above.at(-1) ?? -1;
    above.push(at);
    return parent;
  });
}
