// Words on a page that no reader should meet: keys shown raw, names of the machine, and on an English
// page Chinese that the program itself has English words for. Data and names stay as they are.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const HAN = /\p{Script=Han}/u;
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8');

// Chinese sentences of the program: whole ones as they are, those with places as patterns.
function readSentences() {
  const whole = new Set();
  const patterns = [];
  for (const line of read('i18n/zh-CN.msg').split('\n')) {
    const text = /^[a-z][\w.-]* = (.*)$/.exec(line)?.[1].trim();
    if (!text || !HAN.test(text)) continue;
    const parts = text.split(/\{[^{}]*\}/);
    if (parts.length === 1) whole.add(text);
    else if (parts.join('').match(/\p{Script=Han}/gu).length >= 2 && !text.includes('{{'))
      patterns.push(new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`, 'u'));
  }
  return { whole, patterns };
}

// Words of packs and dictionaries; what is equally the title of some matter is data.
function addPackWords(whole) {
  for (const file of fs.readdirSync(path.join(root, 'regimes')).filter((name) => name.endsWith('.yaml')))
    for (const [, quoted, plain] of read(`regimes/${file}`).matchAll(/\bzh: (?:"([^"]*)"|([^,}\n]*))/g)) whole.add((quoted ?? plain).trim());
  for (const file of fs.readdirSync(path.join(root, 'data/dict')).filter((name) => name.endsWith('.csv'))) {
    const [head, ...rows] = read(`data/dict/${file}`).split('\n').map((line) => line.split(','));
    const at = head.indexOf('zh');
    if (at >= 0 && head.includes('en')) rows.filter((row) => row[at]).forEach((row) => whole.add(row[at].trim()));
  }
  // Titles that a pack gives to the cases it opens are data; names of units may be those of roles.
  for (const file of fs.readdirSync(path.join(root, 'regimes')).filter((name) => name.endsWith('.yaml')))
    for (const [, title] of read(`regimes/${file}`).matchAll(/\{value: ([^}]*)\}/g)) whole.delete(title.trim());
  for (const line of read('data/demo/units.csv').split('\n').slice(1))
    line.split(',').slice(1, 3).forEach((name) => whole.delete(name));
  // One sign alone, as 无, is what people write.
  for (const word of whole) if ([...word].length < 2) whole.delete(word);
}

const sentences = readSentences();
addPackWords(sentences.whole);

// Names as machines write them: web.case.title, primary_unit; not an address or a file's name.
const RAW = /(?<![\w./@-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,4})(?![\w./@-])/;
const FILE = /\.(?:csv|xlsx?|png|jpe?g|webp|pdf|docx|ya?ml|msg|json|html|md)\b/;

// The texts of the page at hand that a reader sees or hears, without code and what people typed.
export function readTexts(page) {
  return page.evaluate(() => {
    const texts = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement.closest('code, pre, script, style, textarea, [data-raw], .hash, [lang]:not(html)')) texts.add(node.data.trim().replace(/\s+/g, ' '));
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.add(element.getAttribute(name)?.trim() ?? '');
    texts.add(document.title);
    return [...texts].filter(Boolean);
  });
}

// One line for each text that is not a reader's word in the language of the page.
export function findRawWords(texts, lang) {
  return texts.flatMap((text) => {
    const raw = RAW.exec(text);
    if (raw && !FILE.test(raw[0])) return [`a key: ${text}`];
    if (lang !== 'en' || !HAN.test(text)) return [];
    return sentences.whole.has(text) || sentences.patterns.some((pattern) => pattern.test(text)) ? [`Chinese: ${text}`] : [];
  });
}
