/** A protection taken out: texts of the source that stand there once, and what takes their place. */
export interface Mutant {
  /** What is wrong then. */
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly line: string; readonly by: string }[];
}

const script = { file: 'media/editor/editor.ts', line: '(message) => vscode.postMessage(message)' };
/** All messages: the last one is seldom the one with a value. */
const andKeep = (how: string) =>
  `((sent) => (message) => { sent.push(message); ${how}; vscode.postMessage(message); })([])`;
const set = { file: 'src/extension/editor/answers/values.ts', line: 'const value = scalarIn(text, as, sheet.format);' };

/** What is taken out of the Secrets Editor, and where the search has to find a value then. */
export const mutants: readonly (Mutant & { readonly found: RegExp })[] = [
  {
    name: 'a backup in clear text',
    edits: [
      {
        file: 'src/extension/editor/document/document.ts',
        line: 'return keptOf(this.#model.state);',
        by: 'return { ...keptOf(this.#model.state), ...{ clear: this.opened().sealed.leaves.map(({ id }) => this.opened().value(id)) } };',
      },
    ],
    found: /workspaceStorage/,
  },
  {
    name: 'a value in the state of the page',
    edits: [
      { ...script, by: andKeep('globalThis.sent = sent; vscode.setState({ sent })') },
      { file: script.file, line: '.setState({ view:', by: '.setState({ ...{ sent: globalThis.sent }, view:' },
    ],
    found: /web storage|IndexedDB|Backups/,
  },
  {
    name: 'a value in the storage of the browser',
    edits: [{ ...script, by: andKeep("localStorage.setItem('sent', JSON.stringify(sent))") }],
    found: /web storage|Local Storage/,
  },
  {
    name: 'fields that the browser may remember',
    edits: [
      { file: 'media/editor/fields/field.ts', line: "  autocomplete: 'off',\n", by: '' },
      {
        file: 'media/editor/fields/field.ts',
        line: "h('input', { type: 'password',",
        by: "h('input', { type: 'text',",
      },
      { file: 'media/editor/fields/field.ts', line: "on ? 'text' : 'password'", by: "'text'" },
    ],
    found: /Sessions/,
  },
  {
    name: 'a value in the log',
    edits: [{ ...set, by: `${set.line} asked.services.log.info(text);` }],
    found: /Lockstep\.log/,
  },
  {
    name: 'a value in a text document',
    edits: [{ ...set, by: `${set.line} void require('vscode').workspace.openTextDocument({ content: text });` }],
    found: /document opened/,
  },
];
