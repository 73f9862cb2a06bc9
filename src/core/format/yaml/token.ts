import type { ScalarStyle } from '../document.ts';
import type { Mark } from './read.ts';

/** The tokens of libyaml's scanner, which go-yaml and so SOPS use. */
export type TokenType =
  | 'stream-start'
  | 'stream-end'
  | 'version'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'block-entry'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  readonly type: TokenType;
  readonly start: Mark;
  readonly end: number;
  /** Text of a scalar, name of an anchor or alias, suffix of a tag, prefix of a tag directive. */
  readonly value: string;
  /** Handle of a tag or tag directive. */
  readonly handle?: string;
  readonly style?: ScalarStyle;
}
