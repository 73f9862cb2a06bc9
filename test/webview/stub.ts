import type { Answer, Problem, Row, RowId, State, ToPage, ValueType } from '../../src/protocol/messages.ts';
import type { ConflictEntry, PasteReason, Place, Request, Requests } from '../../src/protocol/requests.ts';
import { StubText } from './stub-text.ts';

/** One entry, group or comment of the stub's document. */
export interface Node {
  name: string;
  value?: string;
  type?: ValueType;
  plain?: boolean;
  comment?: string;
  secretComment?: boolean;
  children?: Node[];
  list?: boolean;
  changed?: string;
  days?: number;
  term?: { text: string; state?: 'due' | 'overdue' };
  damaged?: boolean;
  odd?: boolean;
  binary?: boolean;
  fixed?: string;
  reference?: { manager: string; where: string };
  encryptionKey?: boolean;
}

export class Refused extends Error {
  readonly problem: Problem;
  constructor(text: string, code = 'REFUSED') {
    super(text);
    this.problem = { code, text };
  }
}

/** Milliseconds to an answer. Never none: a test that does not wait for the answer fails each time, not now and then. */
const usual = 40;

/** A host in memory: it owns the document, as the extension does, and counts what it was asked for. */
export class StubHost {
  nodes: Node[];
  state: Partial<State>;
  revision = 1;
  readonly asked: Request[] = [];
  readonly clipboard: string[] = [];
  readonly text: StubText;
  conflicts: ConflictEntry[] = [];
  sides: Record<string, string> = {};
  /** The person says no to the readers that came to the file meanwhile. */
  declined = false;
  /** What the pages kept for those after them, the last one last. */
  kept: unknown[] = [];
  /** Requests that get no answer, until they are let go. */
  readonly silent = new Set<string>();
  /** Requests that are refused. */
  readonly refuses = new Set<string>();
  /** Requests that a person says no to, when the host asks. */
  readonly refusedByPerson = new Set<string>();
  /** Requests whose answer has the wrong shape. */
  readonly odd = new Set<string>();
  /** How long an answer takes, in milliseconds, by request; others take the usual time. */
  readonly slow = new Map<string, number>();
  readonly #held = new Map<string, Promise<void>>();
  send: (message: ToPage) => Promise<void> = () => Promise.resolve();
  #past: string[] = [];
  #future: string[] = [];

  constructor(nodes: Node[], state: Partial<State> = {}, text = '') {
    this.nodes = nodes;
    this.state = state;
    this.text = new StubText(text);
  }

  named(type: Request['type']): Request[] {
    return this.asked.filter((request) => request.type === type);
  }

  fullState(): State {
    const format = this.state.format ?? 'yaml';
    return {
      type: 'state',
      revision: this.revision,
      fileName: 'production.yaml',
      format,
      readOnly: false,
      presenting: false,
      readers: 3,
      revealSeconds: 10,
      features: {
        groups: format !== 'dotenv',
        comments: true,
        lists: format !== 'dotenv',
        types: format === 'dotenv' ? ['str'] : ['str', 'int', 'float', 'bool', 'time', 'null'],
        markPlain: true,
        textView: true,
        wholeFile: true,
      },
      conflict: false,
      ...this.state,
      rows: this.rows(),
    };
  }

  rows(): Row[] {
    const out: Row[] = [];
    const walk = (nodes: readonly Node[], path: readonly (string | number)[], list: boolean) => {
      nodes.forEach((node, index) => {
        const here = [...path, list ? index : node.name || `#${index}`];
        out.push(rowOf(node, here, list, index));
        if (node.children) walk(node.children, here, node.list === true);
      });
    };
    walk(this.nodes, [], false);
    return out;
  }

  /** The node that something comes before. The host knows none for a comment line. */
  #before({ before }: Place): Node | undefined {
    const node = before === undefined ? undefined : this.find(before).node;
    if (node && !node.children && node.name === '' && node.value === undefined) throw new Refused('No such entry.');
    return node;
  }

  /** The node of a row, with the list it stands in. */
  find(id: RowId): { node: Node; siblings: Node[]; at: number } {
    const path = JSON.parse(id) as (string | number)[];
    let siblings = this.nodes;
    let found: { node: Node; siblings: Node[]; at: number } | undefined;
    let list = false;
    for (const part of path) {
      const at: number = list
        ? (part as number)
        : siblings.findIndex((node, index) => (node.name || `#${index}`) === part);
      const node: Node | undefined = siblings[at];
      if (!node) throw new Refused('This entry is no longer there.', 'GONE');
      found = { node, siblings, at };
      list = node.list === true;
      siblings = node.children ?? [];
    }
    return found!;
  }

  idOf(wanted: Node): RowId {
    const walk = (nodes: readonly Node[], path: readonly (string | number)[], list: boolean): string | undefined => {
      for (const [index, node] of nodes.entries()) {
        const here = [...path, list ? index : node.name || `#${index}`];
        if (node === wanted) return JSON.stringify(here);
        const below = node.children && walk(node.children, here, node.list === true);
        if (below) return below;
      }
      return undefined;
    };
    return walk(this.nodes, [], false)!;
  }

  async pushState(change: Partial<State> = {}): Promise<void> {
    this.state = { ...this.state, ...change };
    this.revision++;
    await this.send(this.fullState());
  }

  /** Keeps back the answers to a request until the function that it returns is called. */
  hold(type: Request['type']): () => void {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#held.set(type, held);
    return () => {
      this.#held.delete(type);
      release?.();
    };
  }

  async receive(request: Request): Promise<void> {
    this.asked.push(request);
    if (this.silent.has(request.type)) return;
    await new Promise((resolve) => setTimeout(resolve, this.slow.get(request.type) ?? usual));
    await this.#held.get(request.type);
    let answer: Answer;
    try {
      if (this.refuses.has(request.type)) throw new Refused('Lockstep is locked.', 'LOCKED');
      const no = this.refusedByPerson.has(request.type);
      const result = this.odd.has(request.type) ? { odd: 1 } : no ? null : await this.#answer(request);
      answer = { type: 'answer', request: request.request, ok: true, result };
    } catch (error) {
      const problem = error instanceof Refused ? error.problem : { code: 'BUG', text: String(error) };
      answer = { type: 'answer', request: request.request, ok: false, error: problem };
    }
    await this.send(answer);
  }

  async #answer({ type, args }: Request): Promise<unknown> {
    const acts: { [N in keyof Requests]: (args: Requests[N]) => unknown } = {
      ready: async () => {
        await this.send(this.fullState());
        return null;
      },
      reveal: ({ row }) => ({ text: this.#shown(row) }),
      copy: ({ row }) => {
        this.clipboard.push(this.find(row).node.value ?? '');
        return null;
      },
      edit: ({ row }) => ({ text: this.#shown(row), type: this.find(row).node.type ?? 'str' }),
      set: ({ row, text, as }) => {
        if (text === 'refuse') throw new Refused('The value cannot be stored.');
        return this.#change(() => {
          const { node } = this.find(row);
          node.value = text;
          node.type = as;
          node.changed = 'unsaved';
          return node;
        });
      },
      generate: ({ options }) => ({
        text: `generated-${options.kind}-${this.asked.length}`,
        bits: options.kind === 'characters' ? options.length * 6.5 : options.kind === 'key' ? options.bits : 77,
      }),
      add: ({ place, name, text, as }) =>
        this.#change(() => this.#insert(place, { name, value: text, type: as, changed: 'unsaved' })),
      addGroup: ({ place, name, list }) => this.#change(() => this.#insert(place, { name, children: [], list })),
      paste: ({ text, replace }) => this.#paste(text, replace),
      rename: ({ row, name }) =>
        this.#change(() => {
          const { node, siblings } = this.find(row);
          if (siblings.some((other) => other !== node && other.name === name)) {
            throw new Refused(`${name} exists already.`);
          }
          node.name = name;
          return node;
        }),
      remove: ({ rows }) =>
        this.#change(() => {
          const found = rows.map((row) => this.find(row));
          for (const { node, siblings } of found) siblings.splice(siblings.indexOf(node), 1);
          return undefined;
        }),
      duplicate: ({ row, name }) =>
        this.#change(() => {
          const { node, siblings, at } = this.find(row);
          const copy = { ...structuredClone(node), name };
          siblings.splice(at + 1, 0, copy);
          return copy;
        }),
      move: ({ row, place }) =>
        this.#change(() => {
          const { node, siblings } = this.find(row);
          const before = this.#before(place);
          const into = place.group === undefined ? this.nodes : this.find(place.group).node.children!;
          siblings.splice(siblings.indexOf(node), 1);
          into.splice(before ? into.indexOf(before) : into.length, 0, node);
          return node;
        }),
      comment: ({ row }) => ({ text: this.find(row).node.comment ?? '' }),
      setComment: ({ row, text }) =>
        this.#change(() => {
          const { node } = this.find(row);
          if (text === '') delete node.comment;
          else node.comment = text;
          return node;
        }),
      markPlain: ({ row, on }) =>
        this.#change(() => {
          const { node } = this.find(row);
          node.plain = on;
          return node;
        }),
      findValues: ({ text }) => ({
        rows: this.rows()
          .filter((row) => this.find(row.id).node.value?.toLowerCase().includes(text.toLowerCase()))
          .map((row) => row.id),
      }),
      agree: () => null,
      past: () => null,
      key: () => null,
      run: () => null,
      replaceFromFile: () => this.#change(() => Object.assign(this.nodes[0]!, { changed: 'unsaved' })),
      saveCopy: () => null,
      act: () => null,
      undo: () => this.#travel(this.#past, this.#future),
      redo: () => this.#travel(this.#future, this.#past),
      save: () => null,
      hidden: () => null,
      text: () => this.text.state(),
      textShow: ({ tokens }) => ({ sources: this.text.show(tokens) }),
      textSet: ({ text }) => this.#textChange(() => this.text.set(text)),
      textFind: ({ text, matchCase }) => ({ tokens: this.text.find(text, matchCase) }),
      textReplace: ({ text, by, tokens }) => this.#textChange(() => this.text.replace(text, by, tokens)),
      conflict: () => ({ entries: this.conflicts }),
      resolve: () => {
        if (this.declined) return null;
        this.state = { ...this.state, conflict: false };
        return this.#change(() => undefined);
      },
      revealSide: ({ index, side }) => ({ text: this.sides[`${index} ${side}`] ?? '' }),
    };
    return (acts[type] as (given: unknown) => unknown)(args);
  }

  #shown(row: RowId): string {
    if (this.state.presenting) throw new Refused('Presentation mode is on.');
    return this.find(row).node.value ?? '';
  }

  #insert(place: Place, node: Node): Node {
    const into = place.group === undefined ? this.nodes : this.find(place.group).node.children!;
    if (into.some((other) => other.name !== '' && other.name === node.name)) {
      throw new Refused(`${node.name} exists already.`);
    }
    const before = this.#before(place);
    into.splice(before ? into.indexOf(before) : into.length, 0, node);
    return node;
  }

  /** Does it, sends the rows that changed, and says which row to go to. */
  async #change(act: () => Node | undefined): Promise<unknown> {
    const before = this.rows();
    const saved = JSON.stringify(this.nodes);
    const node = act();
    this.#past.push(saved);
    this.#future = [];
    await this.#sendRows(before);
    return { revision: this.revision, ...(node && { focus: this.idOf(node) }) };
  }

  async #sendRows(before: readonly Row[]): Promise<void> {
    const rows = this.rows();
    const same = (a: Row | undefined, b: Row | undefined) => JSON.stringify(a) === JSON.stringify(b);
    const least = Math.min(before.length, rows.length);
    let at = 0;
    while (at < least && same(before[at], rows[at])) at++;
    let end = 0;
    while (end < least - at && same(before[before.length - 1 - end], rows[rows.length - 1 - end])) end++;
    this.revision++;
    const message = { revision: this.revision, at, remove: before.length - end - at };
    await this.send({ type: 'rows', ...message, rows: rows.slice(at, rows.length - end) });
  }

  async #travel(from: string[], to: string[]): Promise<null> {
    const saved = from.pop();
    if (saved === undefined) return null;
    const before = this.rows();
    to.push(JSON.stringify(this.nodes));
    this.nodes = JSON.parse(saved) as Node[];
    await this.#sendRows(before);
    return null;
  }

  async #paste(text: string, replace: boolean): Promise<unknown> {
    const existing: string[] = [];
    const skipped: { line: number; why: PasteReason }[] = [];
    let added = 0;
    await this.#change(() => {
      text.split('\n').forEach((line, index) => {
        if (line.trim() === '') return;
        const match = /^(\w+)=(.*)$/.exec(line);
        const known = match && this.nodes.find((node) => node.name === match[1]);
        if (!match) skipped.push({ line: index + 1, why: 'no-assignment' });
        else if (known && replace) known.value = match[2]!;
        else if (known && known.value === match[2]) return;
        else if (known) existing.push(known.name);
        else {
          this.nodes.push({ name: match[1]!, value: match[2]! });
          added++;
        }
      });
      return undefined;
    });
    return { added, existing, skipped };
  }

  async #textChange(act: () => void): Promise<unknown> {
    act();
    await this.#sendRows(this.rows());
    return this.text.state();
  }
}

function rowOf(node: Node, path: readonly (string | number)[], inList: boolean, index: number): Row {
  const kind = node.children ? 'group' : node.name === '' && !inList ? 'comment' : 'entry';
  const breaks = node.value?.split('\n').length ?? 1;
  return {
    id: JSON.stringify(path),
    kind,
    depth: path.length - 1,
    name: inList ? `[${index}]` : node.name,
    children: node.children?.length ?? 0,
    list: node.children ? node.list === true : inList,
    type: node.type ?? 'str',
    secret: kind === 'entry' && !node.plain,
    ...(node.plain && { plain: node.value ?? '' }),
    empty: kind === 'entry' && node.value === '' && node.type !== 'null',
    binary: node.binary === true,
    lines: breaks === 1 || node.reference ? '1' : breaks <= 10 ? '2-10' : '10+',
    ...(node.comment !== undefined && !node.secretComment && { comment: node.comment }),
    secretComment: node.secretComment === true,
    ...(node.changed !== undefined && { changed: node.changed }),
    ...(node.days !== undefined && { days: node.days }),
    ...(node.term !== undefined && { term: node.term }),
    damaged: node.damaged === true,
    odd: node.odd === true,
    ...(node.fixed !== undefined && { fixed: node.fixed }),
    ...(node.reference !== undefined && { reference: node.reference }),
    ...(node.encryptionKey && { encryptionKey: true }),
  };
}
