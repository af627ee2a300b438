import { stopTestServer } from './postgres.ts';

/** Mocha calls this once, when every test has run. */
export const mochaGlobalTeardown = (): Promise<void> => stopTestServer();
