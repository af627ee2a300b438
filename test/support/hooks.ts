import { stopTestBrowser } from './browser.ts';
import { stopTestServer } from './postgres.ts';

/** Mocha calls this once, when every test has run. */
export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopTestServer(), stopTestBrowser()]);
}
