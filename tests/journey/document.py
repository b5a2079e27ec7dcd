#!/usr/bin/env python3
"""The life of a document, over HTTP: document.py PROGRAM ENGINE

A supervision letter is looked at as a draft, issued with its number, opened and signed for by the city, corrected, and
voided; its paper stays as it was, whatever the template becomes; anybody may verify it. Several writers issue at
once, and no number is missing or given twice. Prints TAP. Standard library only.
"""
import concurrent.futures
import hashlib
import http.client
import io
import json
import os
import pathlib
import re
import sys
import time
import zipfile

from matrix import Client
from run_journey import Server

CLOCK = '2019-06-03T09:00:00+08:00'
CAMPAIGN = 'document'
DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
PACK = """regime: document
title: {zh: 文书, en: documents}
version: 1
source: s2
calendar: cn-workdays
roles:
  office: {zh: 整改办, en: office, holds: one unit, for: campaign, kinds: [rectification_office]}
  town: {zh: 主体责任单位, en: town, holds: units, kinds: [town, sub_district]}
words:
  agreed: {zh: 同意, en: agreed}
documents:
  - {id: order, zh: 督办通知, en: order, form: letter, number: "{mark}督〔{year}〕{seq}号", issuer: office, receipt: true}
procedures:
  order:
    zh: 督办
    en: order
    number: "{year}-{seq:04}"
    subject: title
    created_by: [office]
    fields:
      - {name: title, zh: 标题, en: title, kind: text, required: true}
      - {name: demand, zh: 要求, en: demand, kind: longtext}
    states:
      draft: {zh: 草拟, en: draft, like: planning}
      sent: {zh: 已印发, en: sent, like: handed_over}
      done: {zh: 已办结, en: done, like: filed, end: true}
    transitions:
      - do: review
        zh: 审核
        en: review
        from: draft
        by: office
        then: [{opinion: {verdict: agreed}}]
      - do: issue
        zh: 印发
        en: issue
        from: draft
        to: sent
        by: office
        asks:
          - {name: town, zh: 收文单位, en: to, kind: unit, many: true, role: town, required: true}
        needs: [{opinions: {role: office, verdict: agreed}}]
        then: [{issue: {document: order, to: [town]}}]
      - do: amend
        zh: 修改要求
        en: amend
        from: sent
        by: office
        asks: [{name: demand, required: true}]
      - do: finish
        zh: 办结
        en: finish
        from: sent
        to: done
        by: office
"""


class Story:
    def __init__(self, program, engine):
        self.server = Server(program, engine)
        self.engine = engine
        self.number = self.failed = 0

    def hold(self, good, what, more=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        if not good:
            print(f'# {more}'.replace('\n', '\n# '), flush=True)

    def raw(self, path, who=None, accept='*/*'):
        connection = http.client.HTTPConnection(self.server.address, timeout=120)
        try:
            connection.request('GET', path, headers=dict(who.headers, Accept=accept) if who else {'Accept': 'application/json'})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def case(self, who, ref):
        return who.call('GET', f'/api/v1/cases/{ref}')[1]

    def give(self, who, ref, command, body):
        return who.give(ref, command, body, self.case(who, ref)['version'])

    def make(self, who, title):
        status, case = who.call('POST', '/api/v1/cases', {
            'campaign': CAMPAIGN, 'procedure': 'order', 'region': '420506', 'fields': {'title': title, 'demand': '三日内清运。'}})
        assert status == 201, case
        return case['id']

    # ---- scenes ----

    def prepare(self):
        self.server.make('scene', CLOCK)
        pack = pathlib.Path(self.server.folder, 'document.yaml')
        pack.write_text(PACK, encoding='utf-8')
        self.server.run('regime', 'activate', str(pack))
        self.server.run('campaign', 'open', CAMPAIGN, '--regime', 'document', '--zh', '文书', '--en', 'documents', '--region', '420506',
                        '--from', '2019-01-01', '--roles', 'office=420506-office')
        self.server.start(CLOCK)
        self.office, self.town = Client(self.server, 'office'), Client(self.server, 'primary')
        units = self.office.call('GET', '/api/v1/units?region=420506')[1]['items']
        mine = self.town.call('GET', '/api/v1/me')[1]
        names = {post['unit_label'] for post in mine['posts']}
        self.unit = next(unit['id'] for unit in units if unit['name'] in names)
        other = [unit['id'] for unit in units if unit['kind'] in ('town', 'sub_district') and unit['id'] != self.unit]
        self.both = [self.unit, other[0]]

    def draft(self):
        self.ref = self.make(self.office, '关于料堆的督办')
        drafts = self.case(self.office, self.ref)['drafts']
        self.hold([row['document'] for row in drafts] == ['order'], 'a case that may issue a document shows its draft', drafts)
        status, pdf = self.raw(drafts[0]['url'], self.office)
        self.hold(status == 200 and pdf.startswith(b'%PDF'), 'the draft is a PDF', status)
        status, _ = self.raw(drafts[0]['url'].replace('/order', '/nothing'), self.office)
        self.hold(status == 404, 'of what no command issues there is no draft', status)
        status, answer = self.give(self.office, self.ref, 'issue', {'town': self.both})
        self.hold(status == 409, 'what was not reviewed is not issued', answer)

    def issue(self):
        self.give(self.office, self.ref, 'review', {})
        status, case = self.give(self.office, self.ref, 'issue', {'town': self.both})
        document = case['documents'][0] if status == 200 else {}
        self.hold(document.get('number') == '夷整改办督〔2019〕1号', 'it is issued under the mark of its issuer', case)
        events = self.office.call('GET', f'/api/v1/cases/{self.ref}/events')[1]['items']
        payload = next(event['payload'] for event in events if event['type'] == 'document_issued')
        self.hold(payload['number'] == document['number'] and re.fullmatch('[0-9a-f]{64}', payload['sha256']) is not None,
                  'number and hash stand in the ledger', payload)
        self.hold(len(document['receipts']) == 2 and not any('opened' in row for row in document['receipts']),
                  'nobody has opened it yet', document['receipts'])
        self.document = document

    def receive(self):
        seq = self.document['sequence']
        desk = self.town.call('GET', '/api/v1/desk')[1]['inbox']
        self.hold([row['number'] for row in desk] == [self.document['number']] and not desk[0]['is_opened'], 'it lies on the recipient\'s desk', desk)
        status, answer = self.give(self.office, self.ref, 'open_document', {'document': seq})
        self.hold(status == 403 and answer['errors'][0]['field'] == 'document' if 'errors' in answer else status == 403, 'who is no recipient gives no receipt', answer)
        status, case = self.give(self.town, self.ref, 'open_document', {'document': seq})
        row = next((row for row in case['documents'][0]['receipts'] if 'opened' in row), {})
        self.hold(status == 200 and row.get('opened_by') and 'received' not in row, 'opening is recorded with who and when', case)
        status, _ = self.give(self.town, self.ref, 'open_document', {'document': seq})
        self.hold(status == 409, 'once', status)
        self.hold(len(self.town.call('GET', '/api/v1/desk')[1]['inbox']) == 1, 'it stays until it is signed for')
        status, case = self.give(self.town, self.ref, 'receive_document', {'document': seq})
        self.hold(status == 200 and sum('received' in row for row in case['documents'][0]['receipts']) == 1, 'it is signed for', case)
        self.hold(self.town.call('GET', '/api/v1/desk')[1]['inbox'] == [], 'and off the desk')
        page = self.office.call('GET', '/api/v1/documents?state=waiting')[1]['items']
        self.hold([(row['received_n'], row['recipients_n']) for row in page] == [(1, 2)], 'the issuer sees who has not', page)

    def fixed(self):
        """The template is changed; what was issued is not."""
        url, verify = self.document['url'], self.document['verify_url']
        status, before = self.raw(url, self.office)
        self.hold(status == 200 and before.startswith(b'%PDF'), 'the paper is a PDF', status)
        folder = pathlib.Path(self.server.data, 'furniture/paper')
        folder.mkdir(parents=True)
        (folder / 'letter.html').write_text('<paper form="letter"><mark>x</mark><title>y</title><sign>z</sign><date>1</date></paper>', encoding='utf-8')
        self.server.end()
        self.server.start(CLOCK)
        self.office, self.town = Client(self.server, 'office'), Client(self.server, 'primary')
        _, again = self.raw(url, self.office)
        self.hold(len(again) > 0.9 * len(before), 'it stays as it was issued, whatever the template becomes', (len(before), len(again)))
        (folder / 'letter.html').unlink()
        self.server.end()
        self.server.start(CLOCK)
        self.office, self.town = Client(self.server, 'office'), Client(self.server, 'primary')
        _, page = self.raw('/api/v1' + verify)
        told = json.loads(page)
        self.hold(told['found'] and told['stands'] and told['number'] == self.document['number'] and told['issuer_label'] == '夷陵区整改工作领导小组办公室',
                  'anybody who has its hash may verify it', told)
        self.hold(set(told) <= {'asked', 'found', 'hash', 'of_file', 'number', 'title', 'issuer_label', 'issued', 'day_text', 'state', 'state_label', 'stands', 'links', 'page'},
                  'and learns nothing else', sorted(told))
        file = hashlib.sha256(again).hexdigest()
        for _ in range(200):  # the file's hash is written behind the reader
            told = json.loads(self.raw('/api/v1/verify?hash=' + file)[1])
            if told['found']:
                break
            time.sleep(0.05)
        self.hold(told['found'] and told['of_file'], 'so may who has the file', told)
        changed = hashlib.sha256(again[:-1] + b'x').hexdigest()
        self.hold(not json.loads(self.raw('/api/v1/verify?hash=' + changed)[1])['found'], 'a changed file is none of ours')

    def formats(self):
        """PDF is the document; DOCX is a copy to go on writing with."""
        address, url = '/api/v1/documents/' + self.document['id'], self.document['url']
        _, pdf = self.raw(address, self.office)
        self.hold(pdf.startswith(b'%PDF'), 'a document has an address of its own')
        for path, accept in ((address, DOCX), (url, DOCX), (url + '?format=docx', '*/*')):
            status, file = self.raw(path, self.office, accept)
            text = zipfile.ZipFile(io.BytesIO(file)).read('word/document.xml').decode() if status == 200 else ''
            self.hold(self.document['number'] in text, 'it comes as DOCX where that is asked for', (path, accept, status))
        self.hold(self.raw(url + '?format=odt', self.office)[0] == 400, 'another format is refused')
        self.hold([self.raw('/api/v1/documents/' + of, self.office)[0] for of in ('1', self.ref, self.ref + '-999', self.ref + '-x')]
                  == [404] * 4, 'what is no document is not found')

    def change(self):
        seq = self.document['sequence']
        self.give(self.office, self.ref, 'amend', {'demand': '五日内清运。'})
        status, answer = self.give(self.office, self.ref, 'correct_document', {'document': seq})
        self.hold(status == 422, 'a correction says what for', answer)
        status, answer = self.give(self.town, self.ref, 'correct_document', {'document': seq, 'reason': '时限'})
        self.hold(status == 403, 'only its issuer corrects it', answer)
        status, case = self.give(self.office, self.ref, 'correct_document', {'document': seq, 'reason': '时限有误'})
        old, new = case['documents'] if status == 200 else ({}, {})
        self.hold(old.get('state') == 'corrected' and old.get('corrected_number') == new.get('number') == '夷整改办督〔2019〕2号' and
                  new.get('corrects_number') == old.get('number'), 'a correction is a document of its own, and both say so', case)
        told = json.loads(self.raw('/api/v1' + self.document['verify_url'])[1])
        self.hold(told['state'] == 'corrected' and not told['stands'], 'the old one verifies as corrected', told)
        status, answer = self.give(self.town, self.ref, 'receive_document', {'document': seq})
        self.hold(status == 409, 'nobody signs for what was corrected', answer)
        status, case = self.give(self.office, self.ref, 'void_document', {'document': new['sequence'], 'reason': '发文对象有误'})
        self.hold(status == 200 and case['documents'][1]['state'] == 'voided', 'it is voided', case)
        rows = self.office.call('GET', '/api/v1/documents?state=voided')[1]['items']
        self.hold([(row['number'], row['reason']) for row in rows] == [('夷整改办督〔2019〕2号', '发文对象有误')],
                  'the number stays in the register, with the reason', rows)
        status, _ = self.give(self.office, self.ref, 'void_document', {'document': new['sequence'], 'reason': '再次'})
        self.hold(status == 409, 'once')

    def crowd(self, count=24):
        """Cases are made beforehand; all issue at once."""
        refs = [self.make(self.office, f'同时印发{i}') for i in range(count)]
        for ref in refs:
            assert self.give(self.office, ref, 'review', {})[0] == 200

        def issue(ref):
            client = Client(self.server, 'office')
            return self.give(client, ref, 'issue', {'town': [self.unit]})
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(issue, refs))
        self.hold(all(status == 200 for status, _ in answers), 'many issue at once', [a for a in answers if a[0] != 200][:1])
        numbers = sorted(int(re.search(r'〕(\d+)号', case['documents'][0]['number']).group(1)) for status, case in answers if status == 200)
        self.hold(numbers == list(range(3, 3 + count)), 'no number is missing, none is given twice', numbers)

    def scan(self):
        ref = self.make(self.office, '盖章')
        self.give(self.office, ref, 'review', {})
        _, case = self.give(self.office, ref, 'issue', {'town': [self.unit]})
        document = case['documents'][0]
        _, pdf = self.raw(document['url'], self.office)
        border = 'BOUNDARY'
        parts = {'version': case['version'], 'kind': 'document', 'document': document['sequence']}
        body = ''.join(f'--{border}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items()).encode()
        body += f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="seal.pdf"\r\nContent-Type: application/pdf\r\n\r\n'.encode()
        body += pdf + f'\r\n--{border}--\r\n'.encode()
        connection = http.client.HTTPConnection(self.server.address, timeout=120)
        connection.request('POST', f'/api/v1/cases/{ref}/commands/add_evidence', body=body, headers=dict(
            self.office.headers, **{'Content-Type': f'multipart/form-data; boundary={border}', 'If-Match': f'"{case["version"]}"'}))
        answer = connection.getresponse()
        said = json.loads(answer.read())
        connection.close()
        scans = said['documents'][0]['scans'] if answer.status == 200 else []
        self.hold([row['name'] for row in scans] == ['seal.pdf'], 'a sealed copy is attached to its document', said)
        row = next(row for row in self.office.call('GET', '/api/v1/documents')[1]['items'] if row['case'] == ref)
        self.hold(row['scans'] == 1, 'and shows in the register', row)

    def pages(self):
        for path, who in (('/documents', self.office), ('/desk', self.town), (f'/cases/{self.ref}', self.office)):
            connection = http.client.HTTPConnection(self.server.address, timeout=120)
            connection.request('GET', path, headers=dict(who.headers, Accept='text/html'))
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            self.hold(answer.status == 200 and '夷整改办督〔2019〕' in text, f'{path} is a page', (answer.status, text[:300]))

    def proof(self):
        self.server.end()
        said = self.server.run('rebuild', '--check')
        self.hold('bit' in said, 'the rows are what the ledger gives', said)
        self.server.run('verify')

    def play(self):
        for scene in (self.prepare, self.draft, self.issue, self.receive, self.fixed, self.formats, self.change, self.crowd, self.scan, self.pages, self.proof):
            scene()
        print(f'1..{self.number}')
        return self.failed


def main():
    story = Story(sys.argv[1], sys.argv[2])
    try:
        return 1 if story.play() else 0
    finally:
        story.server.close()


if __name__ == '__main__':
    sys.exit(main())
