#!/usr/bin/env python3
"""What anybody brings without a login: complaint.py PROGRAM ENGINE

A complaint comes by the page with a photo and by JSON, becomes a case where officers look, is found again by its
code and by nothing else, is rated once it has ended; who brought it stands nowhere in the clear; and whoever comes
too often waits. Prints TAP. Standard library only.
"""
import base64
import http.client
import json
import pathlib
import re
import shutil
import sys

from matrix import Client
from run_journey import Server

CLOCK = '2026-11-22T18:00:00+08:00'
NAME, PHONE = '周翠兰一', '13900001234'
TEXT = '夜里总有渣土车往河边倒渣土，河水都发白了。'
PHOTO = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')


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

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.server.address, timeout=60)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        said = answer.read()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        return answer.status, said

    def call(self, method, path, body=None):
        status, said = self.ask(method, '/api/v1' + path, None if body is None else json.dumps(body), {'Content-Type': 'application/json'})
        return status, json.loads(said)

    def form(self):
        return self.call('GET', '/public/complain')[1]

    def by_json(self):
        form = self.form()
        self.told = {'code': form['code'], 'region': '420506', 'text': TEXT, 'place': '黄柏河三桥下游', 'name': NAME, 'phone': PHONE}
        self.hold(form['asks_who'] and any(row['code'] == '420506' for row in form['regions']), 'the form knows where complaints are taken', form)
        for name, value in (('text', '短'), ('region', '110000'), ('place', ''), ('code', form['code'][:-1] + '?')):
            status, said = self.call('POST', '/public/complaints', {**self.told, name: value})
            self.hold(status == 422 and said['field'] == name, f'a wrong {name} is told', (status, said))
        status, said = self.call('POST', '/public/complaints', self.told)
        self.hold(status == 201, 'a complaint is taken', said)
        _, first = self.call('GET', '/public/complaints/' + form['code'])
        self.call('POST', '/public/complaints', self.told)
        _, rows = self.office.call('GET', '/api/v1/cases?q=' + first['number'])
        self.hold(len(rows['items']) == 1, 'sent twice it is one case', rows)
        self.ref = rows['items'][0]['id']
        self.number_of_case = first['number']
        self.hold(first['state'] and not first['ended'] and not first['may_rate'], 'its code tells how it stands', first)
        self.hold(not {'text', 'place', 'name', 'phone', 'actor'} & set(first), 'and nothing else of it', first)

    def codes(self):
        code = self.told['code']
        status, said = self.call('GET', '/public/complaints?code=' + code.replace('-', '').lower())
        self.hold(status == 200 and said['number'] == self.number_of_case, 'a code is read as people type it', said)
        slip = code[:-1] + ('0' if code[-1] != '0' else '1')
        wrong = [self.call('GET', '/public/complaints/' + other) for other in (slip, '0000-0000-00000', 'x')]
        self.hold([row[0] for row in wrong] == [404] * 3 and len({row[1]['detail'] for row in wrong}) == 1,
                  'a slip, a code of nobody and no code at all are answered alike', wrong)

    def by_page(self):
        """As a browser without scripts sends it."""
        form = self.form()
        fields = {'csrf': '', 'code': form['code'], 'region': '420506', 'text': TEXT + '请尽快处理。', 'place': '三桥'}
        body = b''.join(f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items())
        body += b'--B\r\nContent-Disposition: form-data; name="photo1"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + PHOTO + b'\r\n--B--\r\n'
        status, said = self.ask('POST', '/public/complaints', body, {'Content-Type': 'multipart/form-data; boundary=B', 'Accept': 'text/html'})
        self.hold(status == 303 and form['code'] in self.headers.get('location', ''), 'the page leads to the receipt', (status, said[:300]))
        _, receipt = self.ask('GET', self.headers['location'], headers={'Accept': 'text/html'})
        self.hold(form['code'].encode() in receipt and b'<svg' in receipt and b'class="qr"' in receipt, 'which has the code, as text and to be scanned', receipt[:300])
        number = self.call('GET', '/public/complaints/' + form['code'])[1]['number']
        other = self.office.call('GET', '/api/v1/cases?q=' + number)[1]['items'][0]['id']
        case = self.office.call('GET', '/api/v1/cases/' + other)[1]
        self.hold(len(case['evidence']) == 1 and case['evidence'][0]['type'] == 'image/png', 'the photo is evidence of the case', case['evidence'])
        self.hold([row for row in case['links'] if row['kind'] == 'similar' and self.ref in json.dumps(row)], 'officers see which one tells the same', case['links'])
        status, said = self.ask('POST', '/public/complaints', body.replace(form['code'].encode(), self.form()['code'].encode()).replace(b'420506', b'110000'),
                                {'Content-Type': 'multipart/form-data; boundary=B', 'Accept': 'text/html'})
        self.hold(status == 422 and TEXT.encode() in said, 'after a refusal what was typed still stands', (status, said[:300]))

    def rated(self):
        address = f'/public/complaints/{self.told["code"]}'
        status, said = self.call('POST', address + '/rating', {'satisfaction': 'satisfied'})
        self.hold(status == 409, 'before it has ended nobody rates it', said)
        version = self.office.call('GET', '/api/v1/cases/' + self.ref)[1]['version']
        headers = {'Content-Type': 'application/json', 'If-Match': f'"{version}"', **self.office.headers}
        answer = self.office.ask('POST', f'/api/v1/cases/{self.ref}/commands/refuse_listing', json.dumps({'reason': '已在清单内'}).encode(), headers)
        self.hold(answer.status == 200, 'an officer ends it', answer.read()[:300])
        status, said = self.call('POST', address + '/rating', {'satisfaction': 'fairly', 'remark': '还好'})
        self.hold(status in (200, 201), 'then it is rated', said)
        _, said = self.call('GET', address)
        self.hold(said['ended'] and said['rated'] and not said['may_rate'], 'which its page knows', said)
        status, said = self.call('POST', address + '/rating', {'satisfaction': 'satisfied'})
        self.hold(status == 409, 'and once', said)

    def proof(self):
        self.server.run('checkpoint')
        _, said = self.call('GET', f'/public/complaints/{self.told["code"]}/proof')
        self.hold(said['checkpoint']['root'] and said['items'] and all(row['path'] for row in said['items']), 'all of it stands in the signed root', said)
        self.hold(TEXT not in json.dumps(said, ensure_ascii=False) and '已在清单内' not in json.dumps(said, ensure_ascii=False), 'told by hashes alone', said)
        status, page = self.ask('GET', f'/public/complaints/{self.told["code"]}/proof', headers={'Accept': 'text/html'})
        self.hold(status == 200 and re.search(rb'[0-9a-f]{64}', page), 'its page too', status)  # a later root may be signed by now

    def sealed(self):
        said = json.dumps(self.office.call('GET', '/api/v1/cases/' + self.ref)[1], ensure_ascii=False)
        self.hold(NAME not in said and PHONE not in said, 'who brought it is not in the case', said[:500])
        found = [path.name for path in pathlib.Path(self.server.data).rglob('*') if path.is_file()
                 and any(word.encode() in path.read_bytes() for word in (NAME, PHONE))]
        self.hold(not found, 'nor in any file', found)

    def flood(self):
        for _ in range(60):
            status, said = self.call('GET', '/public/complaints/0000-0000-00000')
            if status == 429:
                break
        self.hold(status == 429 and said['code'] == 'complaint.too_often' and 'retry-after' in self.headers, 'whoever comes too often waits', (status, said))

    def play(self):
        self.server.make('scene', CLOCK)
        self.server.start(CLOCK)
        self.office = Client(self.server, 'office')
        self.by_json()
        self.codes()
        self.by_page()
        self.rated()
        self.proof()
        self.sealed()
        self.flood()
        print(f'1..{self.number}')


def main(program, engine):
    try:
        story = Story(program, engine)
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    try:
        story.play()
    finally:
        story.server.end()
        shutil.rmtree(story.server.folder, ignore_errors=True)
    return 1 if story.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
