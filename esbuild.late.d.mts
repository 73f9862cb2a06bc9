import type { Plugin } from 'esbuild';

export const latePackages: Plugin;
