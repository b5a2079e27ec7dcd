#!/usr/bin/env python3
"""What is public is what was released: disclosure.py PROGRAM ENGINE

A table is drawn up, redacted, approved by somebody else and released; then every public address is
crawled without signing in, and nothing of what was masked, of what was not released, nor of who wrote it
may come out. Prints TAP. Standard library only.
"""
import http.client
import io
import json
import re
import shutil
import sys
import urllib.parse
import zipfile

from matrix import Client
from run_journey import Server

CLOCK = '2026-11-22T18:00:00+08:00'
# Planted where people write; none of it may be found in public. The release asks for a choice about some of them.
SECRETS = ['13812345678', '张建国', '3号楼2单元501室']
WORDS_KEPT_BACK = ['taskforce', 'actor', '简景行', '龚永平']


class Story:
    def __init__(self, program, engine):
        self.server = Server(program, engine)
        self.number = self.failed = 0

    def hold(self, good, what, more=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        if not good:
            print(f'# {more}'.replace('\n', '\n# '), flush=True)

    def fetch(self, path, accept):
        connection = http.client.HTTPConnection(self.server.address, timeout=60)
        connection.request('GET', path, headers={'Accept': accept})
        answer = connection.getresponse()
        body, status = answer.read(), answer.status
        connection.close()
        if body[:2] == b'PK':  # a workbook: all its parts
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                body = b'\n'.join(book.read(name) for name in book.namelist())
        return status, body.decode('utf-8', 'replace')

    def crawl(self):
        """Every public address that links lead to, from the list on, in both languages and as data."""
        seen, todo, texts = set(), ['/public', '/public?lang=en', '/api/v1/public', '/public/feed'], {}
        while todo and len(seen) < 200:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            status, text = self.fetch(path, 'application/json' if path.startswith('/api') else 'text/html')
            self.reachable = status
            texts[path] = text
            for found in re.findall(r'"(/public[^"#]*)"', text):
                found = urllib.parse.unquote(found.replace('&amp;', '&'))
                todo += [found, '/api/v1' + found]
        return texts

    def find_release(self, force, state):
        for row in force.rows('&campaign=look-back&procedure=public_release'):
            if row['state'] == state:
                return row['id']
        return None

    def release(self, force, head):
        case = self.find_release(force, 'drawn_up')
        _, page = force.call('GET', f'/api/v1/cases/{case}/redaction')
        marks = [mark for row in page['rows'] for cell in row['cells'] for mark in cell['marks']]
        self.hold({mark['text'] for mark in marks} >= set(SECRETS), 'what was planted is marked', marks)
        status, said = force.give(case, 'redact', {}, page['version'])
        status, said = force.give(case, 'submit', {}, said.get('version'))
        self.hold(status == 409, 'a telephone left in holds it back', said)
        status, page = force.call('GET', f'/api/v1/cases/{case}/redaction')
        accept = [mark['id'] for mark in marks]
        status, _ = force.call('POST', f'/api/v1/cases/{case}/redaction', {'accept': accept}, page['version'] - 1)
        self.hold(status == 412, 'a choice about an older text is refused', status)
        status, page = force.call('POST', f'/api/v1/cases/{case}/redaction',
                                  {'accept': accept, 'also': {'2': '三里庄'}}, page['version'])
        self.hold(status == 200 and page['marks'] == 0, 'all that was accepted is masked', page)
        _, said = force.call('GET', f'/api/v1/cases/{case}')
        status, said = force.give(case, 'submit', {}, said['version'])
        self.hold(status == 200, 'it is submitted', said)
        self.hold(force.give(case, 'approve', {'signed': True}, said['version'])[0] == 403, 'who redacted does not approve')
        status, said = head.give(case, 'approve', {'signed': True}, said['version'])
        self.hold(status == 200, 'somebody else approves', said)
        self.hold(self.fetch(f'/api/v1/public/releases/{case}', 'application/json')[0] == 404,
                  'approved is not yet public')
        status, said = force.give(case, 'publish', {}, said['version'])
        self.hold(status == 200, 'it is published', said)
        return case

    def correct(self, force, head, case):
        _, old = force.call('GET', f'/api/v1/cases/{case}')
        status, new = force.call('POST', '/api/v1/cases', {
            'campaign': 'look-back', 'procedure': 'public_release', 'region': '130500',
            'fields': {'title': '更正公告', 'release_batch': '1', 'corrects': old['number'],
                       'correction_note': '第1件类型更正'}})
        self.hold(status == 201, 'a correction is another release', new)
        for client, command, body in ((force, 'redact', {}), (force, 'submit', {}),
                                      (head, 'approve', {'signed': True}), (force, 'publish', {})):
            status, said = client.give(new['id'], command, body, new['version'])
            self.hold(status == 200, f'{command} of the correction', said)
            new['version'] = said.get('version')
        status, page = self.fetch(f'/public/releases/{case}', 'text/html')
        self.hold(status == 200 and '更正公告' in page, 'the old version stays and names the new one')
        status, page = self.fetch(f'/public/releases/{new["id"]}', 'text/html')
        self.hold('第1件类型更正' in page and case in page, 'the new one says what it corrects')

    def query(self, force, case):
        """By a number people find the answer; by what was masked or not released nothing."""
        number = force.call('GET', f'/api/v1/cases/{case}')[1]['fields']['rows'][0]['number']
        status, found = self.fetch(f'/api/v1/public/search?q={number}', 'application/json')
        found = json.loads(found)['found']
        self.hold(status == 200 and len(found) == 1 and case in found[0]['url'], 'a number finds its answer', found)
        status, proof = self.fetch('/api/v1' + found[0]['proof_url'], 'application/json')
        self.hold(status == 200 and 'checkpoint' in proof, 'with a proof', proof[:200])
        for q in [*SECRETS, '%25', 'D', 'D1305_00']:
            _, found = self.fetch('/api/v1/public/search?q=' + urllib.parse.quote(q, safe='%'), 'application/json')
            self.hold(json.loads(found)['found'] == [], f'nothing is found by {q}', found[:300])

    def run(self):
        self.server.make('demo', CLOCK)
        self.server.start(CLOCK)
        force, head = Client(self.server, 'taskforce'), Client(self.server, 'taskforce-principal')
        case = self.release(force, head)
        self.correct(force, head, case)
        self.query(force, case)
        texts = self.crawl()
        self.hold(len(texts) > 20 and any('油烟' in text or '扬尘' in text for text in texts.values()),
                  f'{len(texts)} public addresses answer', sorted(texts))
        self.hold(any('xlsx' in path for path in texts) and any('csv' in path for path in texts),
                  'files are among them', sorted(texts))
        for secret in SECRETS + WORDS_KEPT_BACK:
            found = [path for path, text in texts.items() if secret in text]
            self.hold(not found, f'{secret} is nowhere in public', found)
        hidden = [row['number'] for row in force.rows('&campaign=look-back&procedure=letter') if row['state'] == 'reported']
        self.hold(hidden and not any(number in text for number in hidden for text in texts.values()),
                  'no letter that was not released is named')
        self.server.stop()
        self.server.run('rebuild', '--check')
        print(f'1..{self.number}')
        return 1 if self.failed else 0


def main(program, engine):
    try:
        story = Story(program, engine)
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    try:
        return story.run()
    finally:
        story.server.end()
        shutil.rmtree(story.server.folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
