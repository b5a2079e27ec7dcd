// Every page of mock/ in a real browser, under the policy that the server sends: both languages, a
// desk and a phone. Looks for script and policy errors, for words that run over the edge, and for
// what axe-core calls a barrier.
//
//   node pages.mjs RENDER MOCK_DIR [--shots DIR] [--only PAGE] [--furniture DIR]
import fs from 'node:fs';
import path from 'node:path';
import { findBrowser, openBrowser, auditPage, drawMocks } from './browser.mjs';

const [render, mocks, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const shots = option('--shots');
const WIDTHS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

if (!findBrowser()) {
  console.log('1..0 # SKIP no chromium, or npm ci has not run');
  process.exit(0);
}
const drawn = drawMocks(render, mocks, option('--furniture'));
const files = drawn.names.filter((name) => name.startsWith(option('--only') ?? ''));

const browser = await openBrowser();
let number = 0;
let failed = 0;
console.log(`1..${files.length * 2}`);
for (const [width, viewport] of Object.entries(WIDTHS)) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await context.route('**/*', drawn.serve);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  for (const name of files) {
    errors.length = 0;
    await page.goto(`${drawn.origin}/${name}`);
    const faults = [...errors, ...await auditPage(page)];
    if (shots) {
      fs.mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: path.join(shots, `${name.replace('.html', '')}.${width}.png`), fullPage: true });
    }
    number++;
    failed += faults.length > 0 ? 1 : 0;
    console.log(`${faults.length ? 'not ok' : 'ok'} ${number} - ${width} ${name}`);
    faults.forEach((fault) => console.log(`# ${fault}`));
  }
  await context.close();
}
await browser.close();
drawn.clear();
process.exit(failed ? 1 : 0);
