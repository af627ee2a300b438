import { resolve } from 'node:path';

/** The folder that holds package.json. */
export const repositoryRoot = resolve(import.meta.dirname, '../..');
