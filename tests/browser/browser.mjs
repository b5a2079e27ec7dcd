// One browser for the tests of pages, and what every page must satisfy.
import { execSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const POLICY = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'";

// The browser's path; empty where it or the packages of package.json are not there.
export function findBrowser() {
  try {
    require.resolve('playwright-core');
    require.resolve('axe-core');
    return execSync('command -v chromium', { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

export function openBrowser() {
  const { chromium } = require('playwright-core');
  return chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// What axe-core finds, and whether anything stands out over the right edge; one line each.
export async function auditPage(page) {
  await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'] });
    const lines = result.violations.flatMap((rule) =>
      rule.nodes.slice(0, 3).map((node) => `axe ${rule.id}: ${node.target.join(' ')} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`));
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) {
      const edge = document.documentElement.clientWidth;
      const culprit = [...document.querySelectorAll('main *, header *, footer *')].find((e) =>
        e.getBoundingClientRect().right > edge + 1 && !e.closest('.scroll, .nav-main'));
      lines.push(`${wide} px wider than the window: ${culprit?.outerHTML.slice(0, 120)}`);
    }
    return lines;
  });
  return found;
}
