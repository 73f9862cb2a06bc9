import { isSlow, testVectors } from './cctv.ts';
import { ageVectors as all } from './kit.ts';

describe('the test vectors of age', () => testVectors(all.filter(isSlow)));
