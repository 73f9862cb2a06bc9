import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { properties } from '@codemirror/legacy-modes/mode/properties';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { TextState } from '../../../src/protocol/requests.ts';

const code = {
  fontFamily: 'var(--vscode-editor-font-family, monospace)',
  fontSize: 'var(--vscode-editor-font-size, 13px)',
  lineHeight: '1.45',
};

/** VS Code's own colours. There are no variables for syntax, so those of the debugger are used. */
const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--vscode-editor-foreground)', backgroundColor: 'var(--vscode-editor-background)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': code,
  '.cm-content': { caretColor: 'var(--vscode-editorCursor-foreground)', padding: '6px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--vscode-editorCursor-foreground)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--vscode-editor-selectionBackground)',
  },
  '.cm-gutters': {
    color: 'var(--vscode-editorLineNumber-foreground)',
    backgroundColor: 'var(--vscode-editorGutter-background, var(--vscode-editor-background))',
    border: 'none',
  },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 12px 0 8px' },
  '.cm-activeLineGutter': {
    color: 'var(--vscode-editorLineNumber-activeForeground)',
    backgroundColor: 'transparent',
  },
  '.cm-activeLine': {
    backgroundColor: 'var(--vscode-editor-lineHighlightBackground, transparent)',
    boxShadow: 'inset 0 0 0 1px var(--vscode-editor-lineHighlightBorder, transparent)',
  },
  '.cm-open-value': { backgroundColor: 'var(--vscode-textCodeBlock-background)', borderRadius: '3px' },
  '.cm-found': {
    backgroundColor: 'var(--vscode-editor-findMatchHighlightBackground)',
    outline: '1px solid var(--vscode-editor-findMatchHighlightBorder, transparent)',
  },
  '.cm-found-now': {
    backgroundColor: 'var(--vscode-editor-findMatchBackground)',
    outline: '1px solid var(--vscode-editor-findMatchBorder, var(--vscode-focusBorder))',
  },
  '.cm-tooltip': {
    color: 'var(--vscode-editorHoverWidget-foreground)',
    backgroundColor: 'var(--vscode-editorHoverWidget-background)',
    border: '1px solid var(--vscode-editorHoverWidget-border)',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--vscode-editorError-foreground)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--vscode-editorError-foreground)',
  },
  '.cm-lint-marker': { width: '14px', height: '14px' },
  '.cm-lint-marker-error': {
    content: 'none',
    background: 'var(--vscode-editorError-foreground)',
    borderRadius: '50%',
    width: '8px',
    height: '8px',
    margin: '5px 3px',
  },
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--vscode-debugTokenExpression-name)' },
  { tag: [tags.string, tags.content], color: 'var(--vscode-debugTokenExpression-string)' },
  { tag: [tags.number, tags.integer, tags.float], color: 'var(--vscode-debugTokenExpression-number)' },
  { tag: [tags.bool, tags.null, tags.keyword], color: 'var(--vscode-debugTokenExpression-boolean)' },
  { tag: tags.comment, color: 'var(--vscode-descriptionForeground)', fontStyle: 'italic' },
]);

const named = StreamLanguage.define(properties);
const languages: Readonly<Record<TextState['language'], () => Extension>> = {
  yaml,
  json,
  dotenv: () => named,
  ini: () => named,
};

/** Colours and syntax of the Text view. */
export const lookOf = (language: TextState['language']): Extension => [
  theme,
  syntaxHighlighting(highlight),
  languages[language](),
];
