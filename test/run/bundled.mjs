// What other people's code is in a package, for those who receive it: a list for machines (CycloneDX) and the licences.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { root } from './setup.mjs';
import { Stop } from './steps.mjs';

export const bomName = 'bom.cdx.json';
export const noticesName = 'THIRD-PARTY-NOTICES.txt';

/**
 * Writes both files into the folder of a package that is being made.
 * @param chosen which bundles are in the package, by their path, such as `dist/cli.js`
 */
export async function writeBundled(folder, chosen) {
  const metafile = join(folder, 'metafile.json');
  writeFileSync(metafile, JSON.stringify(metafileOf(chosen)));
  const tool = join(root, 'node_modules', '@cyclonedx', 'cyclonedx-esbuild', 'bin', 'cyclonedx-esbuild-cli.js');
  const words = ['--output-reproducible', '--gather-license-texts', '--validate', '--build-working-dir', root];
  const bom = JSON.parse(await run(process.execPath, [tool, ...words, '--output-file', '-', metafile], { cwd: root }));
  rmSync(metafile);
  for (const [name, text] of [
    [bomName, `${JSON.stringify(bom, undefined, 2)}\n`],
    [noticesName, noticesOf(bom)],
  ]) {
    writeFileSync(join(folder, name), text);
    // Packages hold modes, which depend on who makes them.
    chmodSync(join(folder, name), 0o644);
  }
}

/** esbuild's account of some bundles: the files that left something in them. The stand-ins of esbuild.mjs are our own. */
export function metafileOf(chosen) {
  const { inputs, outputs } = JSON.parse(readFileSync(join(root, 'dist', 'metafile.json'), 'utf8'));
  const missing = chosen.filter((name) => !outputs[name]);
  if (missing.length > 0) throw new Stop(`The build made no ${missing.join(', ')}.`);
  const isUsed = ([name, { bytesInOutput }]) => bytesInOutput > 0 && !/^(?:late-package|left-out:|<define:)/.test(name);
  const kept = chosen.map((name) => {
    const used = Object.fromEntries(Object.entries(outputs[name].inputs).filter(isUsed));
    return [name, { ...outputs[name], inputs: used }];
  });
  const names = kept.flatMap(([, output]) => Object.keys(output.inputs));
  return {
    inputs: Object.fromEntries(names.map((name) => [name, inputs[name]])),
    outputs: Object.fromEntries(kept),
  };
}

/** What came from no package: it was made into source of ours. */
const takenOver = [['rules of gitleaks 8.30.1 (MIT)', 'src/core/scan/rules/LICENSE-gitleaks.txt']];

/** The licences in one text. Every component must have one. */
function noticesOf({ components }) {
  const parts = components.map((component) => {
    const name = [component.group, component.name].filter(Boolean).join('/');
    const texts = (component.evidence?.licenses ?? []).flatMap(({ license }) => license?.text ?? []);
    if (texts.length === 0) throw new Stop(`${name} ${component.version} comes without the text of its licence.`);
    const declared = component.licenses?.map(({ license, expression }) => license?.id ?? license?.name ?? expression);
    return [`${name} ${component.version} (${declared?.join(', ')})`, ...texts.map(readable)].join('\n\n');
  });
  const line = '-'.repeat(80);
  const taken = takenOver.map(([what, file]) => `${what}\n\n${readFileSync(join(root, file), 'utf8').trim()}`);
  return `Lockstep contains code and pictures of others. Their licences follow.\n\n${[...parts, ...taken].map((part) => `${line}\n${part}\n`).join('\n')}`;
}

const readable = ({ encoding, content }) =>
  (encoding === 'base64' ? Buffer.from(content, 'base64').toString() : content).replaceAll('\r\n', '\n').trim();
