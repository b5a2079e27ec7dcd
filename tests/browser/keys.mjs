// What the keyboard and the small script do, on the pages of mock/.
//
//   node keys.mjs RENDER MOCK_DIR
import { findBrowser, openBrowser, drawMocks } from './browser.mjs';

const [render, mocks] = process.argv.slice(2);
if (!findBrowser()) {
  console.log('1..0 # SKIP no chromium, or npm ci has not run');
  process.exit(0);
}
const drawn = drawMocks(render, mocks);
const browser = await openBrowser();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
await context.route('**/*', drawn.serve);
let page;
const open = (name) => page.goto(`${drawn.origin}/${name}.zh.html`);
const at = () => page.evaluate(() => [...document.querySelectorAll('[data-row]')].findIndex((row) => row.classList.contains('at')));

const facts = {
  'slash goes to the search': async () => {
    await open('cases');
    await page.keyboard.press('/');
    return page.evaluate(() => document.activeElement.id === 'find');
  },
  'j and k move between rows': async () => {
    await open('cases');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    return await at() === 0;
  },
  'enter opens the row': async () => {
    await open('desk');
    await page.keyboard.press('j');
    const asking = page.waitForRequest(/\/cases\/130500-/, { timeout: 30000 });
    await page.keyboard.press('Enter');
    return (await asking).isNavigationRequest();
  },
  'question mark shows the keys': async () => {
    await open('cases');
    await page.keyboard.press('?');
    return page.evaluate(() => document.getElementById('keys').open);
  },
  'letters typed into a field are no keys': async () => {
    await open('cases');
    await page.focus('#find');
    await page.keyboard.type('jk?/');
    return await at() === -1 && await page.inputValue('#find') === 'jk?/';
  },
  'one tick takes all rows': async () => {
    await open('cases');
    await page.check('[data-all]');
    return page.evaluate(() => [...document.querySelectorAll('tbody .pick input')].every((box) => box.checked));
  },
  'a filter asks for the list alone and leaves out what is empty': async () => {
    await open('cases');
    const asking = page.waitForRequest(/region=130523/, { timeout: 30000 });
    await page.selectOption('#f-region', '130523');
    const url = (await asking).url();
    return !url.includes('unit=') && url.includes('campaign=look-back') && url.includes('batch=5');
  },
  'an address with an action opens it': async () => {
    await page.goto(`${drawn.origin}/case.zh.html#do-note`);
    await page.waitForFunction(() => document.getElementById('do-note').open, null, { timeout: 30000 });
    return true;
  },
  'without scripts every page still holds its forms': async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    await plain.route('**/*', drawn.serve);
    const silent = await plain.newPage();
    await silent.goto(`${drawn.origin}/cases.zh.html`);
    const ok = await silent.locator('form.filters button[type=submit]').isVisible() && await silent.locator('.bulk button').first().isVisible();
    await plain.close();
    return ok;
  },
};

let number = 0;
let failed = 0;
console.log(`1..${Object.keys(facts).length}`);
for (const [name, fact] of Object.entries(facts)) {
  // A page of its own: a fact may leave a navigation behind that would run into the next one.
  let why = 'not tried';
  for (let tries = 0; why && tries < 3; tries++) {
    page = await context.newPage();
    why = await fact().then((ok) => (ok ? '' : 'it does not'), (error) => String(error).replace(/\s+/g, ' '));
    await page.close();
  }
  number++;
  failed += why ? 1 : 0;
  console.log(`${why ? 'not ok' : 'ok'} ${number} - ${name}`);
  if (why) console.log(`# ${why}`);
}
await browser.close();
drawn.clear();
process.exit(failed ? 1 : 0);
