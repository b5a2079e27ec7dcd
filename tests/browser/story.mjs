// The story of one batch in a real browser, on a server of its own with the example's accounts: upload,
// preview, commit, hand over all at once inside the hour, two confirmations, work, photos, answer,
// signature, a leader's own acts, spot check, closing, the public table. Each page is held against what
// every page must satisfy.
//
//   node story.mjs PROGRAM [--shots DIR] [--lang zh|en] [--phone]
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { findBrowser, openBrowser, auditPage } from './browser.mjs';

const [program, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : otherwise);
const here = path.dirname(fileURLToPath(import.meta.url));
const evidence = path.join(here, '../../data/demo/evidence');
const shots = option('--shots');
const lang = option('--lang', 'zh');
const viewport = rest.includes('--phone') ? { width: 390, height: 844 } : { width: 1440, height: 900 };
const FINDING = '现场核查属实，露天喷漆无审批手续。';
const PASSWORD = 'lantian-demo';
const CLOCK = '2026-11-22T18:00:00+08:00'; // stands still, so that the hour never runs out
const WAIT_MS = 90000; // for a condition; only a fault waits so long

if (!findBrowser()) {
  console.log('1..0 # SKIP no chromium, or npm ci has not run');
  process.exit(0);
}

// An example of its own, served at a free port; { origin, stop }.
async function serve() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lantian-story-'));
  const data = path.join(folder, 'data');
  execFileSync(program, ['demo', '--data', data, '--clock', CLOCK], { stdio: 'ignore' });
  const server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--clock', CLOCK],
    { stdio: ['ignore', 'pipe', 'ignore'] });
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

// One part of a zip archive as text, found by the directory at its end; empty where it is not there.
function unzip(bytes, name) {
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06') + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [length, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    if (bytes.toString('utf8', at + 46, at + 46 + length) === name) {
      const local = bytes.readUInt32LE(at + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
      return (bytes.readUInt16LE(at + 10) === 8 ? zlib.inflateRawSync(packed) : packed).toString('utf8');
    }
    at += 46 + length + extra + comment;
  }
  return '';
}

const { origin, stop } = await serve();
const browser = await openBrowser();
let number = 0;
let failed = 0;

function report(ok, name, lines = []) {
  number++;
  failed += ok ? 0 : 1;
  console.log(`${ok ? 'ok' : 'not ok'} ${number} - ${name}`);
  if (!ok) lines.forEach((line) => console.log(`# ${line}`));
}

// One person at one browser.
class Person {
  static async enter(username) {
    const person = new Person();
    person.name = username;
    person.errors = [];
    person.context = await browser.newContext({ viewport, locale: lang === 'en' ? 'en-GB' : 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true });
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(WAIT_MS);
    person.page.on('pageerror', (error) => person.errors.push(String(error)));
    person.page.on('console', (message) => { if (message.type() === 'error') person.errors.push(message.text()); });
    await person.go(`/login?lang=${lang}`);
    await person.page.fill('#username', username);
    await person.page.fill('#password', PASSWORD);
    await person.submit('main form button[type=submit]');
    if (new URL(person.page.url()).pathname === '/login') throw new Error(`${username} could not log in`);
    return person;
  }

  go(address) { return this.page.goto(origin + address); }

  async submit(selector) {
    await Promise.all([this.page.waitForNavigation(), this.page.click(selector)]);
  }

  async offers(command) { return await this.page.locator(`#do-${command}`).count() > 0; }

  // The state of a time limit as its clock tells it.
  clock(name) { return this.page.locator('.clock', { hasText: name }).first().innerText(); }

  async look(name) {
    const faults = [...this.errors, ...await auditPage(this.page)];
    this.errors = [];
    if (shots) {
      fs.mkdirSync(shots, { recursive: true });
      await this.page.screenshot({ path: path.join(shots, `${String(number + 1).padStart(2, '0')}-${name}.png`), fullPage: true });
    }
    report(faults.length === 0, name, faults);
  }

  // Fills the form of an action on the case at hand and sends it. A value of true ticks a box, a
  // list ticks several, { file } names a file, { nth } takes the nth choice.
  async give(command, values = {}) {
    const form = this.page.locator(`#do-${command} form`);
    if (await form.count() === 0) throw new Error(`${this.name} is not offered ${command}: ${await this.page.locator('.closed').innerText()}`);
    await this.page.evaluate((id) => { document.getElementById(id).open = true; }, `do-${command}`);
    for (const [name, value] of Object.entries(values)) {
      const field = form.locator(`[name="${name}"]`);
      if (value === true) await field.check();
      else if (value.file) await field.setInputFiles(value.file);
      else if (value.nth !== undefined && await field.first().evaluate((e) => e.tagName) === 'SELECT') await field.selectOption({ index: value.nth });
      else if (value.nth !== undefined) await field.nth(value.nth - 1).check();
      else if (await field.evaluate((e) => e.tagName) === 'SELECT') await field.selectOption(value);
      else await field.fill(value);
    }
    await this.submit(`#do-${command} form button[type=submit]`);
    const refusal = this.page.locator('.flash-refused').first();
    const lines = await refusal.count() ? [await refusal.innerText()] : [];
    report(lines.length === 0, `${this.name} gives ${command}`, lines);
  }

  state() { return this.page.locator('.case-head .state').innerText(); }
  leave() { return this.context.close(); }
}

const office = { name: '' };
try {
  const clerk = office.clerk = await Person.enter('taskforce');
  await clerk.look('desk');

  await clerk.go('/imports');
  await clerk.look('imports');
  await clerk.page.setInputFiles('#file', path.join(here, 'story/batch.csv'));
  await clerk.page.selectOption('#campaign', 'look-back');
  await clerk.page.selectOption('#procedure', 'letter');
  await clerk.submit('main form[action="/imports"] button[type=submit]');
  await clerk.page.waitForSelector('form[action$="/commit"]');
  await clerk.look('preview');
  const doubts = await clerk.page.locator('.sheet td.cell-error, .sheet td.cell-warning').allInnerTexts();
  report(doubts.length === 1 && doubts[0].includes('林西县'), 'the doubtful cell is marked, and no other', doubts);
  report(await clerk.page.locator('.column-unmapped').count() === 0, 'every column is understood');

  await clerk.submit('form[action$="/commit"] button[type=submit]');
  const cases = clerk.page.locator('#progress .flash-done a').first();
  await cases.waitFor();
  await clerk.look('imported');
  const batch = await cases.getAttribute('href');

  await clerk.go(batch);
  await clerk.look('cases-of-batch');
  await clerk.page.evaluate(() => document.querySelectorAll('tbody .pick input').forEach((box) => { box.checked = true; }));
  await clerk.submit('.bulk button[formaction$="/hand_over"]');
  await clerk.look('hand-over-preview');
  await clerk.submit('main form button[type=submit]');
  await clerk.go(batch);
  await clerk.look('handed-over');
  const home = await clerk.page.locator('tbody tr', { hasText: '柳林小区' }).first().locator('[data-open]').getAttribute('href');
  await clerk.go(home);
  await clerk.look('case-handed-over');
  report((await clerk.clock('转办')).includes('按时'), 'handed over inside the hour', [await clerk.clock('转办')]);
  const before = await clerk.state();

  await clerk.give('log_call', { called_at: '2026-11-22T18:00', handler_post: '值班经办人' });
  const leader = await Person.enter('county-leader');
  await leader.look('leader-desk');
  await leader.go(home);
  await leader.give('sign_receipt', { signed: true });
  report(await leader.state() !== before, 'two confirmations move the case');
  await leader.look('case-received');

  const county = await Person.enter('county');
  await county.go(home);
  await county.give('accept', { rectification_deadline: '2099-12-31', responsible_unit: { nth: 1 } });
  await county.give('add_evidence', { kind: 'before', file: { file: path.join(evidence, 'before.png') } });
  await county.give('add_evidence', { kind: 'after', file: { file: path.join(evidence, 'after.png') } });
  await county.look('case-with-evidence');
  report(await county.page.locator('.gallery img').count() === 2, 'before and after stand side by side');
  await county.give('report_result', { finding: FINDING, substantiation: { nth: 1 }, measures: '责令停产，拆除设备，清运废料。', completion: 'closed' });
  await county.give('submit_for_signature');
  await county.look('case-signing');
  await county.leave();

  const principal = await Person.enter('county-principal');
  await principal.go(home);
  await principal.give('sign_feedback', { signed: true });
  await principal.leave();

  await clerk.go(home);
  report(!await clerk.offers('close'), 'a key case is not closed before a leader acted in person');
  await leader.go(home);
  for (const act of ['verification', 'coordination', 'supervision', 'acceptance']) await leader.give('record_act', { act, note: '到现场。' });
  await leader.leave();

  const verifier = await Person.enter('verifier');
  await verifier.go(home);
  await verifier.give('draw_check');
  await verifier.give('record_check', { mode: 'surprise', checked_at: '2026-11-22T18:00', result: '现场已清理，设备已拆除。', rectified_on_site: true });
  await verifier.look('case-checked');
  await verifier.leave();

  await clerk.go(home);
  await clerk.give('close', { facts_clear: true, rectified: true, responsibility_settled: true, satisfaction: 'satisfied' });
  await clerk.look('case-closed');

  await clerk.go(batch);
  const [download] = await Promise.all([
    clerk.page.waitForEvent('download'),
    clerk.page.evaluate(() => document.querySelector('.menu-list a[href*="columns=public-"]').click()),
  ]);
  const saved = fs.readFileSync(await download.path());
  const table = ['xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml'].map((part) => unzip(saved, part)).join('');
  report(table.includes('群众信访举报转办和边督边改公开情况一览表'), 'the public table has its title');
  report(table.includes('X9905000002') && table.includes(FINDING), 'the public table has the answered problem');

  for (const page of ['/batches', '/batches/look-back/9', '/cases/new?campaign=look-back', '/regimes', '/regimes/look-back', '/units', '/people', '/reports', '/boards', '/calendar', '/calendar?view=list', '/counts', '/regions/130000', '/coverage', '/obligations', '/stats?by=region', '/me', '/suggestions', '/nothing']) {
    await clerk.go(page);
    clerk.errors = clerk.errors.filter((line) => !line.includes('404'));
    await clerk.look(page.slice(1).replaceAll(/\W+/g, '-'));
  }
  await clerk.leave();
  for (const [username, page] of [['auditor', '/audit'], ['secadmin', '/accounts'], ['county', '/desk'], ['office', '/desk']]) {
    const person = await Person.enter(username);
    await person.go(page);
    await person.look(`${username}-${page.slice(1)}`);
    await person.leave();
  }
} catch (error) {
  if (office.clerk && shots) await office.clerk.page.screenshot({ path: path.join(shots, 'stuck.png'), fullPage: true }).catch(() => {});
  report(false, 'the story goes on to its end', String(error.stack).split('\n'));
}
console.log(`1..${number}`);
await browser.close();
await stop();
process.exit(failed ? 1 : 0);
