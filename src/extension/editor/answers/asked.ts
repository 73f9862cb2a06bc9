import type { Services } from '../../services.ts';
import type { Page } from '../page.ts';

/** Where a request comes from. */
export interface Asked {
  readonly services: Services;
  readonly page: Page;
  /** The revision of the rows that its ids are from. */
  readonly revision: number;
}
