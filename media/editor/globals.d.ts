declare module '*.svg' {
  /** The drawing's text. */
  const text: string;
  export default text;
}
declare module '*.css';

/** Given to every webview by VS Code; may be called once. */
declare function acquireVsCodeApi(): import('./place.ts').Vscode;
