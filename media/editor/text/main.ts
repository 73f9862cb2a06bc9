export { TextView } from './view.ts';
