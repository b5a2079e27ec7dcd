// Every page of the example, served by the program itself: in both languages, on a desk and on a
// phone. Nothing stands over the right edge, axe-core finds nothing, no script fails, and no word is
// raw or of the other language (words.mjs).
//
//   node every.mjs PROGRAM [--shots DIR] [--only TEXT] [--data DIR]
//
// axe-core looks at the Chinese page on a desk and at the English one on a phone. LANTIAN_LONG=1: at all
// four, at more pages, and at a case of every state of every procedure that the example has.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { findBrowser, openBrowser, auditPage } from './browser.mjs';
import { findRawWords, readTexts } from './words.mjs';

const [program, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const shots = option('--shots');
const only = option('--only') ?? '';
const CLOCK = '2026-11-22T18:00:00+08:00';
const WIDTHS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const LANGS = ['zh', 'en'];
const WAIT_MS = 60000; // for one page; only a fault waits so long
const LONG = Boolean(process.env.LANTIAN_LONG);

// Who opens what. {case CAMPAIGN PROCEDURE} is the address of the case with the longest story there.
const PAGES = {
  '': ['/login', '/verify?hash=0', '/public', '/public/complain', '/public/search?q=D1305000022', '{release}'],
  taskforce: ['/desk', '/cases', '/cases?view=board', '/calendar', '/imports', '/batches/look-back/1', '/stats?by=region', '/stats/table', '/regimes', '/regimes/look-back', '/units', '/people', '/me',
    '{case look-back letter}', '{case look-back letter}/events', '{case look-back public_release drawn_up}/redaction'],
  office: ['/desk', '/scores', '/measures', '/obligations', '/coverage', '{case district-routine problem}', '{case district-routine problem}/sealed', '/cases/new?campaign=district-routine&procedure=problem'],
  bureau: ['/desk', '/documents', '/boards', '/regions/130500?campaign=blue-sky', '{case blue-sky problem}', '{case blue-sky problem}/paper'],
  coordination: ['/desk', '{case reception matter}'],
};
// Looked at too when there is time: with LANTIAN_LONG=1.
const MORE = {
  taskforce: ['/login?next=/desk', '/cases?view=calendar', '/cases?campaign=look-back&state=written_off', '/cases?q=没有这样的', '/cases/new', '/cases/new?campaign=look-back', '/batches',
    '/measures', '/scores', '/stats?by=unit', '/counts', '/obligations', '/coverage', '/regimes/look-back/replay', '/regions/130500', '/reports', '/suggestions', '/nothing'],
  office: ['/counts', '/regimes/district-routine', '{case district-routine duty}', '{score district-routine}'],
  bureau: ['/coverage', '/obligations', '/regimes/blue-sky', '{case blue-sky round}', '{case blue-sky pairing}', '/cases/new?campaign=blue-sky&procedure=problem'],
  coordination: ['/cases?campaign=reception', '/regimes/reception'],
  county: ['/desk', '{case look-back letter}'],
  'central-team': ['/desk'],
  city: ['/desk', '/documents?state=waiting', '{case blue-sky supervision_letter}'],
  secadmin: ['/accounts'],
  auditor: ['/audit'],
};

if (!findBrowser()) {
  console.log('1..0 # SKIP no chromium, or npm ci has not run');
  process.exit(0);
}

async function serve() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lantian-every-'));
  const data = option('--data') ?? path.join(folder, 'data');
  if (!option('--data')) execFileSync(program, ['demo', '--data', data, '--clock', CLOCK], { stdio: 'ignore' });
  const clock = option('--data') ? [] : ['--clock', CLOCK];
  const server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...clock], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => { server.on('exit', resolve); });
  const { value } = await readline.createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    fs.rmSync(folder, { recursive: true, force: true });
  };
  if (!value) throw new Error('the server did not start');
  return { origin: value.trim().replace(/\/$/, ''), stop };
}

const { origin, stop } = await serve();
const browser = await openBrowser();
let number = 0;
let failed = 0;

function report(faults, name) {
  number++;
  failed += faults.length ? 1 : 0;
  console.log(`${faults.length ? 'not ok' : 'ok'} ${number} - ${name}`);
  [...new Set(faults)].slice(0, 20).forEach((fault) => console.log(`# ${fault}`));
}

// All cases that the reader sees, as the list gives them.
async function listCases(request) {
  const cases = [];
  for (let cursor = ''; cursor !== undefined;) {
    const reply = await request.get(`${origin}/api/v1/cases?limit=200${cursor && `&cursor=${cursor}`}`, { timeout: WAIT_MS });
    const page = await reply.json();
    cases.push(...page.items);
    cursor = page.next || undefined;
  }
  return cases;
}

// Addresses for what a row of PAGES names; empty where the example has no such thing.
async function resolve(request, cases, address) {
  if (address.startsWith('{release}')) {
    const releases = await (await request.get(`${origin}/api/v1/public`, { timeout: WAIT_MS })).json();
    return releases.items[0].url + address.slice('{release}'.length);
  }
  const [, kind, campaign, procedure, state, tail] = /^\{(case|score) (\S+?)(?: (\S+?))?(?: (\S+))?\}(.*)$/.exec(address) ?? [];
  if (!kind) return address;
  if (kind === 'score') {
    const scores = await (await request.get(`${origin}/api/v1/scores?campaign=${campaign}`, { timeout: WAIT_MS })).json();
    return scores.items?.find((item) => item.url)?.url ?? '';
  }
  const found = cases.filter((row) => row.campaign === campaign && row.procedure === procedure && (!state || row.state === state)).sort((a, b) => b.version - a.version)[0];
  return found ? found.url + tail : '';
}

// With LANTIAN_LONG one case of each state, by the first who may see it.
const seen = new Set();
function more(cases) {
  if (!LONG) return [];
  return cases.filter((row) => {
    const kind = [row.campaign, row.procedure, row.state].join(' ');
    return !seen.has(kind) && seen.add(kind);
  }).map((row) => row.url);
}

class Reader {
  static async enter(username) {
    const reader = new Reader();
    reader.name = username || 'nobody';
    reader.errors = [];
    reader.context = await browser.newContext({ viewport: WIDTHS.desk, timezoneId: 'Asia/Shanghai' });
    reader.page = await reader.context.newPage();
    reader.page.setDefaultTimeout(WAIT_MS);
    reader.page.on('pageerror', (error) => reader.errors.push(String(error)));
    reader.page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) reader.errors.push(message.text());
    });
    if (!username) return reader;
    await reader.page.goto(`${origin}/login`);
    await reader.page.fill('#username', username);
    await reader.page.fill('#password', 'lantian-demo');
    await Promise.all([reader.page.waitForNavigation(), reader.page.click('main form button[type=submit]')]);
    if (new URL(reader.page.url()).pathname === '/login') throw new Error(`${username} could not log in`);
    return reader;
  }

  // One load serves both widths.
  async look(address, lang) {
    const faults = {};
    await this.page.setViewportSize(WIDTHS.desk);
    const reply = await this.page.goto(origin + address);
    const wrong = reply.status() >= 400 && address !== '/nothing' ? [`answered with ${reply.status()}`] : [];
    const raw = findRawWords(await readTexts(this.page), lang);
    for (const [width, viewport] of Object.entries(WIDTHS)) {
      await this.page.setViewportSize(viewport);
      faults[width] = [...wrong, ...raw, ...this.errors, ...await auditPage(this.page, LONG || (lang === 'zh') === (width === 'desk'))];
      this.errors = [];
      const name = `${this.name} ${address} ${lang} ${width}`;
      if (shots) await this.page.screenshot({ path: path.join(shots, `${name.replaceAll(/[^\w-]+/g, '_').slice(0, 120)}.png`), fullPage: true });
      report(faults[width], name);
    }
  }
}

try {
  if (shots) fs.mkdirSync(shots, { recursive: true });
  const readers = LONG ? [...new Set([...Object.keys(PAGES), ...Object.keys(MORE)])] : Object.keys(PAGES);
  for (const username of readers) {
    const addresses = [...PAGES[username] ?? [], ...(LONG ? MORE[username] ?? [] : [])];
    if (only && !username.includes(only) && !addresses.some((address) => address.includes(only))) continue;
    const reader = await Reader.enter(username);
    const cases = username ? await listCases(reader.context.request) : [];
    const chosen = [];
    for (const address of addresses) chosen.push(await resolve(reader.context.request, cases, address));
    const open = [...new Set([...chosen, ...more(cases)])].filter((address) => address && (username.includes(only) || address.includes(only)));
    for (const lang of LANGS) {
      await reader.page.goto(`${origin}/me?lang=${lang}`);
      for (const address of open) await reader.look(address, lang);
    }
    await reader.context.close();
  }
} catch (error) {
  report(String(error.stack).split('\n'), 'all pages are opened');
}
console.log(`1..${number}`);
await browser.close();
await stop();
process.exit(failed ? 1 : 0);
