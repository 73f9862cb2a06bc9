import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { jsonStructure } from './json.ts';
import { linesStructure } from './lines.ts';
import type { Structure } from './structure.ts';
import { yamlStructure } from './yaml.ts';

/** The structure of a format. Throws UNSUPPORTED_VALUE for one that has none. */
export function structureOf(format: FormatId): Structure {
  if (format === 'yaml') return yamlStructure;
  if (format === 'json') return jsonStructure;
  if (format === 'dotenv' || format === 'ini') return linesStructure;
  throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}
