import { baseOf, isTemplateName } from '../view/names.ts';

/** Words that say what a file holds, and not for which environment. */
const subject = /^(?:secrets?|credentials|config|configuration|settings|values|vars|variables|app|application)$/i;
/** A name that is nothing but one of these is an environment's. */
const usual =
  /^(?:prod|production|live|stag|stage|staging|preprod|pre-prod|preview|uat|qa|dev|devel|develop|development|test|testing|ci|local|sandbox|demo)$/i;

/**
 * The environment that the name of a file speaks of, without looking at its folder: `production` of `.env.production`, `production.env`,
 * `secrets.production.yaml`, `production-secrets.json` and `production.yaml`. Empty for a name that speaks of all of them (`.env`,
 * `secrets.yaml`); undefined for one that says nothing, and for templates.
 */
export function environmentOf(path: string): string | undefined {
  if (isTemplateName(path)) return undefined;
  const base = baseOf(path).replace(/\.(?:enc|sops|encrypted)$/i, '');
  const dotenv = /^(?:(.*)\.)?env(?:\.(.+))?$/i.exec(base);
  if (dotenv) return [dotenv[1], dotenv[2]].filter((part) => part && !subject.test(part)).join('.');
  const [, stem = ''] = /^(.+?)(?:\.(?:enc|sops))?\.(?:ya?ml|json|ini)$/i.exec(base) ?? [];
  if (/^(?:secrets?|credentials)$/i.test(stem)) return '';
  if (usual.test(stem)) return stem;
  const [, first = '', rest = ''] = /^([^._-]+)[._-](.+)$/.exec(stem) ?? [];
  if (subject.test(first)) return rest;
  const [, before = '', last = ''] = /^(.+)[._-]([^._-]+)$/.exec(stem) ?? [];
  return /^(?:secrets?|credentials)$/i.test(last) ? before : undefined;
}
