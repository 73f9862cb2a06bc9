import { baseOf, isDotenvxKeysName, isTemplateName } from '../view/names.ts';

/** Words that say what a file holds, and not for which environment. */
const subject = /^(?:secrets?|credentials|config|configuration|settings|values|vars|variables|app|application)$/i;
/** What files are for, from the most careful place to the least. */
export const environments = ['production', 'staging', 'testing', 'preview', 'development'] as const;
export type Environment = (typeof environments)[number];

const words: Readonly<Record<Environment, readonly string[]>> = {
  production: ['production', 'prod', 'prd', 'live'],
  staging: ['staging', 'stage', 'stg', 'preprod', 'preproduction'],
  testing: ['testing', 'test', 'tests', 'qa', 'uat', 'ci', 'e2e'],
  preview: ['preview', 'review', 'demo', 'sandbox'],
  development: ['development', 'develop', 'dev', 'local'],
};
const known = new Map(environments.flatMap((one) => words[one].map((word) => [word, one] as const)));

/** The environment that a usual word stands for: `production` for `prod`. Undefined for other words. */
export const knownEnvironment = (word: string): Environment | undefined => known.get(word.toLowerCase());

/**
 * The environment that the name of a file speaks of, without looking at its folder: `production` of `.env.production`, `production.env`,
 * `secrets.production.yaml`, `production-secrets.json` and `production.yaml`. Empty for a name that speaks of all of them (`.env`,
 * `secrets.yaml`); undefined for one that says nothing, for templates, and for the keys of dotenvx.
 */
export function environmentOf(path: string): string | undefined {
  if (isTemplateName(path) || isDotenvxKeysName(path)) return undefined;
  const base = baseOf(path).replace(/\.(?:enc|sops|encrypted)$/i, '');
  const dotenv = /^(?:(.*)\.)?env(?:\.(.+))?$/i.exec(base);
  if (dotenv) return [dotenv[1], dotenv[2]].filter((part) => part && !subject.test(part)).join('.');
  const [, stem = ''] = /^(.+?)(?:\.(?:enc|sops))?\.(?:ya?ml|json|ini)$/i.exec(base) ?? [];
  if (/^(?:secrets?|credentials)$/i.test(stem)) return '';
  // A name that is nothing but such a word.
  if (knownEnvironment(stem)) return stem;
  const [, first = '', rest = ''] = /^([^._-]+)[._-](.+)$/.exec(stem) ?? [];
  if (subject.test(first)) return rest;
  const [, before = '', last = ''] = /^(.+)[._-]([^._-]+)$/.exec(stem) ?? [];
  return /^(?:secrets?|credentials)$/i.test(last) ? before : undefined;
}
