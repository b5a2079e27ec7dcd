// The story of one batch in a real browser, against a running sandbox with the example's accounts:
// upload, preview, commit, hand over all at once, two confirmations, work, photo, answer,
// signature, closing, export. Each page is held against what every page must satisfy.
//
//   node story.mjs ORIGIN [--shots DIR] [--lang zh|en] [--phone]
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, openBrowser, auditPage } from './browser.mjs';

const [origin, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : otherwise);
const here = path.dirname(fileURLToPath(import.meta.url));
const evidence = path.join(here, '../../data/demo/evidence');
const shots = option('--shots');
const lang = option('--lang', 'zh');
const viewport = rest.includes('--phone') ? { width: 390, height: 844 } : { width: 1440, height: 900 };
const PASSWORD = 'lantian-demo';
const WAIT_MS = 15000;

if (!findBrowser()) {
  console.log('1..0 # SKIP no chromium, or npm ci has not run');
  process.exit(0);
}

const browser = await openBrowser();
let number = 0;
let failed = 0;

function report(ok, name, lines = []) {
  number++;
  failed += ok ? 0 : 1;
  console.log(`${ok ? 'ok' : 'not ok'} ${number} - ${name}`);
  lines.forEach((line) => console.log(`# ${line}`));
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
  report(await clerk.page.locator('.sheet td.cell-error, .sheet td.cell-warning').count() > 0, 'the doubtful cell is marked');
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
  const home = await clerk.page.locator('tbody tr', { hasText: '信都区' }).first().locator('[data-open]').getAttribute('href');
  await clerk.go(home);
  await clerk.look('case-handed-over');
  const before = await clerk.state();

  await clerk.give('log_call', { called_at: '2018-11-22T18:05', handler_post: '值班经办人' });
  const leader = await Person.enter('county-leader');
  await leader.go(home);
  await leader.give('sign_receipt', { signed: true });
  report(await leader.state() !== before, 'two confirmations move the case');
  await leader.look('case-received');
  await leader.leave();

  const county = await Person.enter('county');
  await county.go(home);
  await county.give('accept', { rectification_deadline: '2099-12-31', responsible_unit: { nth: 1 } });
  await county.give('add_evidence', { kind: 'before', file: { file: path.join(evidence, 'before.png') } });
  await county.give('add_evidence', { kind: 'after', file: { file: path.join(evidence, 'after.png') } });
  await county.look('case-with-evidence');
  report(await county.page.locator('.gallery img').count() === 2, 'before and after stand side by side');
  await county.give('report_result', { finding: '现场核查属实，洗砂点无审批手续。', substantiation: { nth: 1 }, measures: '责令停产，拆除设备，清运泥浆，沟渠清淤。', completion: 'closed' });
  await county.give('submit_for_signature');
  await county.look('case-signing');
  await county.leave();

  const principal = await Person.enter('county-principal');
  await principal.go(home);
  await principal.give('sign_feedback', { signed: true });
  await principal.leave();

  await clerk.go(home);
  await clerk.give('close', { facts_clear: true, rectified: true, responsibility_settled: true, satisfaction: 'satisfied' });
  await clerk.look('case-closed');

  await clerk.go(batch);
  const [download] = await Promise.all([
    clerk.page.waitForEvent('download'),
    clerk.page.evaluate(() => document.querySelector('.menu-list a[href*="xlsx"]').click()),
  ]);
  const saved = fs.readFileSync(await download.path());
  report(saved.subarray(0, 2).toString() === 'PK', 'the list comes out as xlsx');

  for (const page of ['/batches', '/regimes', '/regimes/look-back', '/units', '/people', '/stats?by=region', '/me', '/suggestions', '/nothing']) {
    await clerk.go(page);
    clerk.errors = clerk.errors.filter((line) => !line.includes('404'));
    await clerk.look(page.slice(1).replaceAll(/\W+/g, '-'));
  }
} catch (error) {
  if (office.clerk && shots) await office.clerk.page.screenshot({ path: path.join(shots, 'stuck.png'), fullPage: true });
  report(false, 'the story goes on to its end', String(error.stack).split('\n'));
}
console.log(`1..${number}`);
await browser.close();
process.exit(failed ? 1 : 0);
