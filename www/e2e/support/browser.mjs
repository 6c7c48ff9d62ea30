import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** A Chromium with a profile of its own. `close()` ends it and removes the profile. */
export async function launch(options = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'portolan-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'], ...options,
  });
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
    });
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}

/**
 * A page that remembers what must not happen: script errors, console errors, dialogs, policy violations, requests to an origin
 * other than its own and those `allowed`. `expected` matches console errors that a test provokes on purpose (the browser logs
 * every failed request).
 */
export async function openPage(context, expected = /^$/, allowed = []) {
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && page.url() !== 'about:blank' && ![new URL(page.url()).origin, ...allowed].includes(origin)) faults.push(`request: ${request.url()}`);
  });
  const check = async () => {
    const violations = await page.evaluate(() => window.violations);
    return [...faults, ...violations.map((violation) => `policy: ${violation}`)];
  };
  return { page, check };
}
