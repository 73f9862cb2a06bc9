import assert from 'node:assert/strict';
import { leakFiles, makeCanaries, typeAndSave } from '../e2e/editorleaks.ts';
import { EditorPage, importKey } from '../e2e/editorpage.ts';
import { describeLeaks } from '../e2e/leaksuite.ts';
import { lineOf, Workbench } from '../e2e/workbench.ts';
import { buildMutant } from './build.ts';
import { mutants } from './mutants.ts';

/**
 * The leak tests look for values in files, in the browser's storage and in what another extension sees. Each protection
 * is taken out here, one after the other, and the same search must find what it let through.
 */
describeLeaks('with a protection taken out, a value of the Secrets Editor is found', () => {
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
