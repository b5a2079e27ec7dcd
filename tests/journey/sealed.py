#!/usr/bin/env python3
"""Who complained is found nowhere but where it is opened: sealed.py PROGRAM ENGINE

Name, telephone and address are told with a petition. Then everything that holds or shows data is read for them: the
files of the data directory byte by byte (or a dump of the database), a backup, the log, every list, search, export,
page and public address, the case's complete file. The named post opens them, with a reason, once a request, and
only while the key is there; the ledger says so and stays whole. Prints TAP. Standard library only.
"""
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

from matrix import Client
from run_journey import Server

CLOCK = '2026-11-22T18:00:00+08:00'
NAME, PHONE, ADDRESS = '欧阳霁月', '13955550142', '观澜胡同77号院9室'
SECRETS = [NAME, PHONE, ADDRESS]
REASON = '回访核实办理结果'
TOLD = {'complainant_name': NAME, 'complainant_phone': PHONE, 'complainant_address': ADDRESS}


def spellings(text):
    """As bytes: plain, as JSON escapes it, as a form and a workbook would."""
    escaped = json.dumps(text)[1:-1]
    return {text.encode(), escaped.encode(), escaped.upper().encode(), text.encode('utf-16-le'), text.encode('gb18030')}


def found_in(data):
    if data[:2] == b'PK':  # a workbook, a document, an archive: all its parts
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            data += b'\n'.join(book.read(name) for name in book.namelist())
    return [text for text in SECRETS if any(spelling in data for spelling in spellings(text))]


class Story:
    def __init__(self, program, engine):
        self.server, self.engine = Server(program, engine), engine
        self.number = self.failed = 0

    def hold(self, good, what, more=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        if not good:
            print(f'# {more}'.replace('\n', '\n# '), flush=True)

    def fetch(self, client, method, path, body=None, **headers):
        data = json.dumps(body).encode() if body is not None else None
        sent = {**client.headers, **({'Content-Type': 'application/json'} if data else {}),
                **{name.replace('_', '-'): value for name, value in headers.items()}}
        answer = client.ask(method, path, data, sent)
        return answer.status, answer.read(), answer

    # ---- telling ----

    def tell(self):
        """Twice with one key: one case."""
        body = {'campaign': 'look-back', 'procedure': 'letter', 'region': '130503', 'source': 'inspection-petition',
                'fields': {'description': '夜间作业噪声扰民，油烟直排。', **TOLD}}
        answers = [self.fetch(self.force, 'POST', '/api/v1/cases', body, Idempotency_Key='petition-1') for _ in range(2)]
        cases = [json.loads(data) for _, data, _ in answers]
        self.hold([status for status, _, _ in answers] == [201, 201], 'a petition is taken, and taken again', answers)
        self.hold(cases[0]['id'] == cases[1]['id'], 'one key is one case', [case['id'] for case in cases])
        same = [row for row in self.force.rows('&campaign=look-back&procedure=letter') if row['id'] == cases[0]['id']]
        self.hold(len(same) == 1, 'which is listed once', same)
        self.hold(not any(found_in(data) for _, data, _ in answers), 'the answer does not repeat who complained')
        return cases[0]['id']

    # ---- reading everything ----

    def files(self):
        """Every byte that is kept, and what was logged."""
        faults = []
        for path in sorted(pathlib.Path(self.server.folder).rglob('*')):
            if path.is_file() and found_in(path.read_bytes()):
                faults.append(f'{path}: {found_in(path.read_bytes())}')
        if self.server.database.uri:
            dump = subprocess.run(['pg_dump', self.server.database.uri], capture_output=True, timeout=120, check=True).stdout
            # bytea is dumped in hex: what lies plainly in a blob would be found there
            plain = dump + b''.join(bytes.fromhex(text.decode()) for text in re.findall(rb'\\\\x((?:[0-9a-f]{2})+)', dump))
            self.hold(b'sealed_identity' in dump, 'the dump holds the table')
            faults += found_in(plain)
        self.hold(not faults, 'no file of the data directory, no log and no table holds it', '\n'.join(faults))

    def backup(self):
        for words in ([], ['--with-keys']):
            path = os.path.join(self.server.folder, 'backup')
            self.server.run('backup', '-o', path, *words)
            data = pathlib.Path(path).read_bytes()
            self.hold(not found_in(data), f'a backup does not hold it {" ".join(words)}', found_in(data))
            os.unlink(path)

    def lists(self, case):
        faults = []
        paths = ['/cases?campaign=look-back', '/desk', '/stats', '/calendar', f'/cases/{case}', f'/cases/{case}/events', f'/cases/{case}/paper',
                 f'/cases/{case}/proof', f'/cases/{case}/sealed', '/documents', '/deadlines', '/reports', '/search?q=x']
        for client in (self.force, self.principal, self.county):
            for path in paths:
                for accept in ('application/json', 'text/html'):
                    _, data, _ = self.fetch(client, 'GET', path if accept == 'text/html' else '/api/v1' + path, Accept=accept)
                    if found_in(data):
                        faults.append(f'{client.name} {accept} {path}')
        self.hold(not faults, 'no page and no answer shows it', '\n'.join(faults))
        for word in ('%E6%AC%A7%E9%98%B3%E9%9C%81%E6%9C%88', PHONE):
            status, page = self.force.call('GET', f'/api/v1/cases?q={word}')
            self.hold(status == 200 and not page['items'], 'nobody finds the case by who complained', page)

    def exports(self, case):
        faults, seen = [], 0
        for form in ('xlsx', 'csv', 'json'):
            for columns in ('list', 'public-2', 'public-3', 'public-provincial'):
                path = os.path.join(self.server.folder, f'export.{form}')
                self.server.run('export', '--format', form, '-o', path, '--campaign', 'look-back', '--columns', columns)
                faults += [f'{form} {columns}'] if found_in(pathlib.Path(path).read_bytes()) else []
                seen += 1
            status, data, _ = self.fetch(self.force, 'GET', f'/api/v1/export?format={form}&campaign=look-back&procedure=letter')
            self.hold(status == 200, f'the list is exported as {form}', data[:200])
            faults += [f'/export {form}'] if found_in(data) else []
        self.hold(seen == 12 and not faults, 'no export holds it', '\n'.join(faults))
        folder = pathlib.Path(self.server.folder) / 'casefile'
        self.server.run('casefile', 'export', '--case', case, '-o', str(folder))
        faults = [str(path) for path in folder.rglob('*') if path.is_file() and found_in(path.read_bytes())]
        marks = [path for path in folder.rglob('*') if path.is_file() and b'sealed:' in path.read_bytes()]
        self.hold(not faults and marks, 'the complete file of the case holds marks', '\n'.join(faults))
        for path in folder.rglob('*.pdf') if shutil.which('pdftotext') else []:
            text = subprocess.run(['pdftotext', str(path), '-'], capture_output=True, timeout=60, check=True).stdout
            self.hold('夜间作业'.encode() in text and not found_in(text), f'{path.name} tells what was complained of, not by whom', text[:400])
        status, data, _ = self.fetch(self.force, 'POST', f'/api/v1/cases/{case}/casefile', {})
        self.hold(status == 200 and not found_in(data), 'the one that a page gives likewise', status)

    def public(self):
        nobody, faults = Client(self.server, 'nobody'), []
        for path in ['/public', '/public?lang=en', '/api/v1/public', '/public/feed', '/public/search?q=%E6%AC%A7%E9%98%B3']:
            status, data, _ = self.fetch(nobody, 'GET', path)
            faults += [path] if found_in(data) or status >= 500 else []
        self.hold(not faults, 'no public page shows it', '\n'.join(faults))

    # ---- opening ----

    def refusals(self, case):
        status, shown = self.force.call('GET', f'/api/v1/cases/{case}')
        mark = shown['fields'].get('complainant_name', '')
        self.hold(status == 200 and re.fullmatch(r'sealed:[0-9a-f]{64}', mark), 'the case holds a mark', shown['fields'])
        self.hold(not shown['sealed']['allowed'] and shown['sealed']['why_clause'] == 'S3-3.3.2', 'and says by which rule it is closed', shown['sealed'])
        for client in (self.force, Client(self.server, 'verifier')):
            status, data, _ = self.fetch(client, 'POST', f'/api/v1/cases/{case}/sealed', {'reason': REASON})
            said = json.loads(data)
            self.hold((status, said.get('clause')) == (403, 'S3-3.3.2') if client is self.force else status in (403, 404),
                      f'{client.name} may not open it', said)
        status, data, _ = self.fetch(self.principal, 'POST', f'/api/v1/cases/{case}/sealed', {'reason': '  '})
        self.hold(status == 422 and json.loads(data)['errors'][0]['field'] == 'reason', 'nobody opens it without a reason', data)
        status, said = self.principal.give(case, 'open_sealed', {'reason': REASON}, shown['version'])
        self.hold(status == 404 and not self.count(case), 'nor by the way of other commands, which would show nothing', said)

    def count(self, case):
        _, page = self.force.call('GET', f'/api/v1/cases/{case}/events')
        return [event for event in page['items'] if event['command'] == 'open_sealed']

    def open(self, case):
        answers = [self.fetch(self.principal, 'POST', f'/api/v1/cases/{case}/sealed', {'reason': REASON}, Idempotency_Key='look-1') for _ in range(2)]
        told = {row['name']: row['text'] for row in json.loads(answers[0][1]).get('told', [])}
        self.hold(answers[0][0] == 200 and told == TOLD, 'the named post opens it', answers[0][:2])
        self.hold('no-store' in answers[0][2].getheader('Cache-Control', ''), 'nothing on the way keeps it')
        self.hold(answers[1][0] == 409 and not found_in(answers[1][1]), 'a second time the same request shows nothing', answers[1][:2])
        events = self.count(case)
        self.hold(len(events) == 1 and REASON in json.dumps(events[0], ensure_ascii=False), 'one opening stands in the ledger, with its reason', events)
        _, page = self.force.call('GET', f'/api/v1/cases/{case}/sealed')
        self.hold([row['reason'] for row in page['sealed']['openings']] == [REASON], 'who reads the case reads who opened it', page)
        html = b'reason=' + b'%E5%A4%8D%E6%A0%B8'
        sent = {**self.principal.headers, 'Accept': 'text/html', 'Content-Type': 'application/x-www-form-urlencoded'}
        answer = self.principal.ask('POST', f'/cases/{case}/sealed', html, sent)
        data = answer.read()
        self.hold(answer.status == 200 and found_in(data) == SECRETS and 'no-store' in answer.getheader('Cache-Control', ''),
                  'the page shows it once', data[:400])

    def without_key(self, case):
        keys = pathlib.Path(self.server.data) / 'keys'
        self.hold((keys / 'sealed').stat().st_mode & 0o777 == 0o600, 'the key is its owner\'s alone')
        before = len(self.count(case))
        (keys / 'sealed').rename(keys / 'away')
        status, data, _ = self.fetch(self.principal, 'POST', f'/api/v1/cases/{case}/sealed', {'reason': REASON})
        self.hold(status == 503 and len(self.count(case)) == before, 'without the key nothing is opened, and no opening written', data)
        (keys / 'away').rename(keys / 'sealed')

    def whole(self):
        self.server.run('verify')
        self.server.run('rebuild', '--check')
        self.hold(True, 'the ledger is whole, and folds to the same rows')
        pack = os.path.join(self.server.folder, 'look-back.yaml')
        pathlib.Path(pack).write_bytes((pathlib.Path(__file__).resolve().parents[2] / 'regimes' / 'look-back.yaml').read_bytes())
        said = json.loads(self.server.run('regime', 'replay', '--with', pack, '--clock', CLOCK, '--json'))
        self.hold(said['replayed'] > 0 and said['changed'] == said['refused'] == 0 and not found_in(json.dumps(said).encode()), 'its acts are decided again without what was told', said)

    def play(self):
        self.server.make('scene', CLOCK)
        self.server.start(CLOCK)
        self.force, self.principal, self.county = (Client(self.server, name) for name in ('taskforce', 'taskforce-principal', 'county'))
        kept = b'x' + PHONE.encode()
        self.hold(found_in(kept) == [PHONE] and not found_in(b'nothing'), 'what is looked for would be found')
        case = self.tell()
        self.files()
        self.refusals(case)
        self.open(case)
        self.lists(case)
        self.exports(case)
        self.public()
        self.without_key(case)
        self.backup()
        self.files()
        self.server.end()
        self.whole()
        self.files()


def main():
    story = Story(*sys.argv[1:3])
    try:
        story.play()
    except Exception as fault:  # told as a test, so that the reader sees where it ended
        story.hold(False, f'{type(fault).__name__}: {fault}', story.server.tail())
    finally:
        story.server.close()
    print(f'1..{story.number}')
    return 1 if story.failed else 0


if __name__ == '__main__':
    sys.exit(main())
