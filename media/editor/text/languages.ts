import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage } from '@codemirror/language';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import type { Extension } from '@codemirror/state';
import type { TextState } from '../../../src/protocol/requests.ts';

const made: Readonly<Record<TextState['language'], () => Extension>> = {
  yaml: () => yaml(),
  json: () => json(),
  dotenv: () => StreamLanguage.define(properties),
  ini: () => StreamLanguage.define(properties),
};

export const languageOf = (language: TextState['language']): Extension => made[language]();
