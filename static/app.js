/*
 * Small helps on top of pages that work without: keys, ticking all rows, tidy addresses. No words
 * for readers here; what is shown stands in the page.
 */
(() => {
  'use strict';

  const rows = () => [...document.querySelectorAll('[data-row]')];
  const isTyping = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;

  function move(step) {
    const all = rows();
    if (all.length === 0) return;
    const now = all.findIndex((row) => row.classList.contains('at'));
    const next = Math.min(all.length - 1, Math.max(0, now + step));
    all.forEach((row, i) => row.classList.toggle('at', i === next));
    all[next].scrollIntoView({ block: 'nearest' });
    const link = all[next].querySelector('[data-open]') ?? all[next].querySelector('a');
    link?.focus({ preventScroll: true });
  }

  const acts = {
    '/': () => document.querySelector('[data-key="/"]')?.focus(),
    j: () => move(1),
    k: () => move(-1),
    '?': () => document.getElementById('keys')?.showModal(),
    Enter: () => document.querySelector('[data-row].at [data-open]')?.click(),
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const isLink = event.target.closest('a, button, summary') !== null;
    if (!(event.key in acts) || (event.key === 'Enter' && isLink)) return;
    event.preventDefault();
    acts[event.key]();
  });

  // One tick for all rows of the table it stands in.
  document.addEventListener('change', (event) => {
    if (!event.target.matches('[data-all]')) return;
    event.target.closest('table').querySelectorAll('tbody .pick input:not(:disabled)')
      .forEach((box) => { box.checked = event.target.checked; });
  });

  // Filters that say nothing stay out of the address.
  document.addEventListener('formdata', (event) => {
    if (event.target.method !== 'get') return;
    for (const [name, value] of [...event.formData])
      if (value === '') event.formData.delete(name);
  });

  // A form goes out once; coming back by the browser's history gives the button back.
  document.addEventListener('submit', (event) => {
    if (event.target.method !== 'post') return;
    setTimeout(() => event.target.querySelectorAll('[type=submit]').forEach((b) => { b.disabled = true; }));
  });
  window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[method=post] [type=submit]').forEach((b) => { b.disabled = false; });
  });

  // What a refused part of a page has to say stands on the whole page.
  document.addEventListener('htmx:response:error', (event) => {
    const { request, push } = event.detail.ctx;
    if (push && request.method === 'GET') location.assign(request.action);
  });

  // An address that names an action opens it: /cases/…#do-hand_over
  function openNamed() {
    const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    if (named instanceof HTMLDetailsElement) named.open = true;
  }
  window.addEventListener('hashchange', openNamed);
  openNamed();

  // On a phone the list comes first and its filters are folded away.
  if (matchMedia('(max-width: 640px)').matches)
    document.querySelectorAll('details[data-fold]').forEach((box) => { box.open = false; });

  // A menu closes when something else is touched.
  document.addEventListener('click', (event) => {
    document.querySelectorAll('details.menu[open]').forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* A paper's hash is taken here; the file goes nowhere. */
  document.querySelector('[data-verify] input[type="file"]')?.addEventListener('change', async (event) => {
    const file = event.target.files[0];
    if (file === undefined || crypto.subtle === undefined) return;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    const form = event.target.form;
    form.elements.hash.value = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    form.requestSubmit();
  });
})();
