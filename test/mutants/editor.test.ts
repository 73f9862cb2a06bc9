import assert from 'node:assert/strict';
import { leakFiles, makeCanaries, typeAndSave } from '../e2e/editorleaks.ts';
import { EditorPage, importKey } from '../e2e/editorpage.ts';
import { lineOf, Workbench } from '../e2e/workbench.ts';
import { buildMutant, type Mutant } from './build.ts';

const script = { file: 'media/editor/main.ts', line: '(message) => host.postMessage(message)' };
const andKeep = (how: string) => `(message) => { ${how}; host.postMessage(message); }`;
const set = { file: 'src/extension/editor/values.ts', line: 'const value = scalarIn(text, as, sheet.format);' };

/** What is taken out, and where the search has to find a value then. */
const mutants: readonly (Mutant & { readonly found: RegExp })[] = [
  {
    name: 'a backup in clear text',
    edits: [
      {
        file: 'src/extension/editor/document.ts',
        line: "baseText: this.#file.base?.text ?? '',",
        by: "baseText: this.#file.base?.text ?? '', ...{ clear: this.opened().sealed.leaves.map(({ id }) => this.opened().value(id)) },",
      },
    ],
    found: /workspaceStorage/,
  },
  {
    name: 'a value in the state of the page',
    edits: [{ ...script, by: andKeep('(host as unknown as { setState(one: unknown): void }).setState(message)') }],
    found: /web storage|IndexedDB|Backups/,
  },
  {
    name: 'a value in the storage of the browser',
    edits: [{ ...script, by: andKeep("localStorage.setItem('last', JSON.stringify(message))") }],
    found: /web storage|Local Storage/,
  },
  {
    name: 'fields that the browser may remember',
    edits: [
      { file: 'media/editor/field.ts', line: "  autocomplete: 'off',\n", by: '' },
      { file: 'media/editor/field.ts', line: "h('input', { type: 'password',", by: "h('input', { type: 'text'," },
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

/**
 * The leak tests look for values in files, in the browser's storage and in what another extension sees. Each protection
 * is taken out here, one after the other, and the same search must find what it let through.
 */
describe('with a protection taken out, a value of the Secrets Editor is found', () => {
  for (const mutant of mutants) {
    it(mutant.name, async () => {
      const canaries = makeCanaries();
      const values = Object.values(canaries);
      const workbench = await Workbench.start({
        files: await leakFiles(canaries),
        settings: { 'lockstep.offerSetUp': false },
        dist: await buildMutant(mutant),
      });
      const places: string[] = [];
      const look = async () => {
        places.push(...(await workbench.scan(...values)).map(lineOf));
      };
      try {
        await workbench.openFile('vault.env');
        await importKey(workbench);
        await workbench.closeAll();
        await typeAndSave(await EditorPage.open(workbench, 'vault.env'), canaries, look);
        places.push(...(await workbench.spyReport()).find(...values));
        await look();
        await workbench.close();
        await look();
      } finally {
        await workbench.close();
      }
      assert.ok(
        places.some((place) => mutant.found.test(place)),
        `only found in: ${places.join('\n')}`,
      );
    });
  }
});
