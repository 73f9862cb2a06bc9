import type { FakeEditor } from './document.ts';
import type { Uri } from './values.ts';

export class TabInputText {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}
export class TabInputCustom {
  readonly uri: Uri;
  readonly viewType: string;
  constructor(uri: Uri, viewType: string) {
    this.uri = uri;
    this.viewType = viewType;
  }
}
export class TabInputTextDiff {
  readonly original: Uri;
  readonly modified: Uri;
  constructor(original: Uri, modified: Uri) {
    this.original = original;
    this.modified = modified;
  }
}

/** A tab of the fake: one for each editor. */
export interface FakeTab {
  readonly input: unknown;
  readonly isActive: boolean;
  readonly group: { readonly viewColumn: number; readonly isActive: boolean };
  readonly editor: FakeEditor;
}
