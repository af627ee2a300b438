import { access, constants } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A window of its own: no cookies, no storage, nothing kept from others. */
export interface BrowserWindow {
  readonly page: Page;
  /** What the console of the page and its scripts complained about, blocked content included. */
  readonly complaints: readonly string[];
  /** Each request that left the browser, as `GET https://…`. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

let browser: Promise<Browser> | null = null;

/**
 * The Chromium of this run, launched by the first call: that of `CHROMIUM_PATH`, else Debian's.
 *
 * @throws where there is none: tests fail then, they do not skip
 */
export const testBrowser = (): Promise<Browser> => (browser ??= launch());

/** Ends the browser, where one was launched; for the end of the run. */
export async function stopTestBrowser(): Promise<void> {
  const launched = await browser?.catch(() => null);
  browser = null;
  await launched?.close();
}

/** Opens a window and watches it. */
export async function openWindow(options: BrowserContextOptions = {}): Promise<BrowserWindow> {
  const context = await (await testBrowser()).newContext({ locale: 'en-US', ...options });
  context.setDefaultTimeout(5000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
  return { page, complaints, requests, close: () => context.close() };
}

async function launch(): Promise<Browser> {
  const { CHROMIUM_PATH: given = '' } = process.env;
  const executablePath = given === '' ? DEBIAN_CHROMIUM : given;
  try {
    await access(executablePath, constants.X_OK);
  } catch {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install it with "make browser", or set CHROMIUM_PATH to one.`,
    );
  }
  const { chromium } = await import('playwright-core');
  // Chromium's sandbox refuses to run as root.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
