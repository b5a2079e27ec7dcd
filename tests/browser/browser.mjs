// One browser for the tests of pages, and what every page must satisfy.
import { execFileSync, execSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

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

// What axe-core finds, if wanted, and whether anything stands out over the right edge; one line each.
export async function auditPage(page, barriers = true) {
  if (barriers) await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(async (wanted) => {
    const result = wanted ? await window.axe.run(document, { resultTypes: ['violations'] }) : { violations: [] };
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
  }, barriers);
  return found;
}

const TYPES = { '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkqPpfDwADRgGHzG6c9AAAAABJRU5ErkJggg==', 'base64');

// The pages of mock/ as files, and what answers for a server that has them.
export function drawMocks(render, mocks, furniture) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lantian-pages-'));
  execFileSync(render, [mocks, folder, ...(furniture ? [furniture] : [])], { stdio: ['ignore', 'ignore', 'inherit'] });
  const serve = (route) => {
    const { pathname } = new URL(route.request().url());
    const file = path.join(folder, decodeURIComponent(pathname));
    if (pathname.endsWith('.png')) return route.fulfill({ body: PIXEL, contentType: 'image/png' });
    // A page that looks again by itself has nobody to ask here, and how soon it does is not the test's matter.
    if (['xhr', 'fetch'].includes(route.request().resourceType())) return route.fulfill({ status: 204 });
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return route.fulfill({ status: 404, body: '' });
    return route.fulfill({
      body: fs.readFileSync(file), contentType: TYPES[path.extname(file)],
      headers: { 'Content-Security-Policy': POLICY },
    });
  };
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.html'));
  return { origin: 'http://lantian.test', names, serve, clear: () => fs.rmSync(folder, { recursive: true }) };
}
