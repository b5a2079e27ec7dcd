// The pictures of docs/guide, taken from the example as a reader sees it and kept small.
//
//   node guide.mjs PROGRAM FOLDER
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { findBrowser, openBrowser } from './browser.mjs';

const [program, target] = process.argv.slice(2);
const CLOCK = '2026-11-22T18:00:00+08:00';
const VIEW = { width: 1200, height: 760 };
const QUALITY = 0.6;

// Name of the picture: who looks, at what, and which part comes to the top of it. {CAMPAIGN PROCEDURE} is
// the case with the longest story there.
const PICTURES = {
  desk: ['county', '/desk'],
  case: ['county', '{look-back letter}'],
  evidence: ['county', '{look-back letter}', '.gallery'],
  import: ['taskforce', '/imports'],
  cases: ['taskforce', '/cases?campaign=look-back'],
  batch: ['taskforce', '/batches/look-back/1'],
  problem: ['office', '{district-routine problem}'],
  obligations: ['office', '/obligations'],
  scores: ['office', '/scores'],
  rounds: ['bureau', '/boards'],
  'blue-problem': ['bureau', '{blue-sky problem}'],
  'bureau-desk': ['bureau', '/desk'],
  reception: ['coordination', '/desk'],
};

if (!findBrowser()) throw new Error('no chromium, or npm ci has not run');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lantian-guide-'));
const data = path.join(folder, 'data');
execFileSync(program, ['demo', '--data', data, '--clock', CLOCK], { stdio: 'ignore' });
const server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--clock', CLOCK], { stdio: ['ignore', 'pipe', 'ignore'] });
const ended = new Promise((resolve) => { server.on('exit', resolve); });
const { value } = await readline.createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
const origin = value.trim().replace(/\/$/, '');
const browser = await openBrowser();

// The browser itself packs its picture.
async function pack(page, bytes) {
  const packed = await page.evaluate(async ([source, quality]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${source}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', quality).split(',')[1];
  }, [bytes.toString('base64'), QUALITY]);
  return Buffer.from(packed, 'base64');
}

async function find(request, wanted) {
  const [, campaign, procedure] = /^\{(\S+) (\S+)\}$/.exec(wanted) ?? [];
  if (!campaign) return wanted;
  const { items } = await (await request.get(`${origin}/api/v1/cases?campaign=${campaign}&procedure=${procedure}&limit=200`)).json();
  return items.sort((a, b) => b.version - a.version)[0].url;
}

try {
  fs.mkdirSync(target, { recursive: true });
  for (const username of new Set(Object.values(PICTURES).map(([who]) => who))) {
    const context = await browser.newContext({ viewport: VIEW, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    const page = await context.newPage();
    await page.goto(`${origin}/login?lang=zh`);
    await page.fill('#username', username);
    await page.fill('#password', 'lantian-demo');
    await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
    for (const [name, [who, wanted, part]] of Object.entries(PICTURES)) {
      if (who !== username) continue;
      await page.goto(origin + await find(context.request, wanted));
      if (part) await page.locator(part).first().evaluate((element) => element.scrollIntoView());
      const bytes = await pack(page, await page.screenshot());
      fs.writeFileSync(path.join(target, `${name}.webp`), bytes);
      console.log(`${name}.webp ${bytes.length}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await ended;
  fs.rmSync(folder, { recursive: true, force: true });
}
