import type { EditorState, Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { mask } from '../table/row.ts';
import { words } from '../words.ts';
import { opened } from './opened.ts';
import { replaceTokens } from './tokens.ts';

/**
 * What goes to the clipboard holds dots in the place of values. Lines that are cut or copied and pasted again in this
 * view bring their values along: their tokens are remembered here, and mean the same values.
 */
export function clipboard(say: (text: string) => void): Extension {
  let copied: { readonly masked: string; readonly tokens: string } | undefined;
  return [
    EditorView.clipboardOutputFilter.of((text, state) => {
      const masked = replaceTokens(text, () => mask);
      copied = masked === text ? undefined : { masked, tokens: text };
      if (copied) say(words.notCopied);
      else if (touchesSource(state)) say(words.copiedAsText);
      return masked;
    }),
    EditorView.clipboardInputFilter.of((text) => {
      const own = text.replace(/\r\n?/g, '\n');
      if (copied && own === copied.masked) return copied.tokens;
      const plain = replaceTokens(text, () => mask);
      if (!plain.includes(mask)) return text;
      say(words.masksPasted);
      return '';
    }),
  ];
}

/** Whether a source that is shown is in what is being copied. */
function touchesSource(state: EditorState): boolean {
  const spans = state.field(opened)?.spans ?? [];
  return state.selection.ranges.some((range) => {
    const { from, to } = range.empty ? state.doc.lineAt(range.head) : range;
    return spans.some((span) => span.from < to && span.to > from);
  });
}
