#!/usr/bin/env python3
"""A case file stands without Lantian: casefile.py PROGRAM VERIFIER ENGINE

A case with evidence is exported by the command line and by its page's button; the stand-alone verifier
finds it whole. Then one byte is changed, again and again: every file of it, every kind of place in the
texts, a random sample; each time the verifier must refuse and name the file or the event. With
LANTIAN_LONG=1 every byte of every file below 8 KiB, and each 997th of the others. Prints TAP. Standard
library only.
"""
import io
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import zipfile

from matrix import Client
from run_journey import Server

CLOCK = '2026-11-20T09:00:00+08:00'
SAMPLE = 150


class Story:
    def __init__(self, program, verifier, engine):
        self.verifier = verifier
        self.server = Server(program, engine)
        self.number = self.failed = 0

    def hold(self, good, what, more=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        if not good:
            print(f'# {more}'.replace('\n', '\n# '), flush=True)

    def verify(self, folder, *words):
        done = subprocess.run([self.verifier, *words, folder], capture_output=True, text=True, errors='replace', timeout=120, check=False)
        return done.returncode, done.stdout

    def case_with_evidence(self, client):
        """The most told case among those with evidence."""
        best = None
        status, page = client.call('GET', '/api/v1/cases?limit=200')
        assert status == 200, page
        for row in page['items']:
            _, case = client.call('GET', f'/api/v1/cases/{row["id"]}')
            if case.get('evidence') and (best is None or len(case['evidence']) > best[1]):
                best = row['id'], len(case['evidence'])
        return best[0]

    def tampered(self, folder, name, at):
        """The file with one byte changed; then it is as before."""
        path = folder / name
        before = path.read_bytes()
        after = bytearray(before)
        after[at] ^= random.choice((1, 2, 4, 8, 16, 32, 64, 128))
        path.write_bytes(bytes(after))
        code, said = self.verify(folder)
        path.write_bytes(before)
        named = any(line.startswith(f'FILE {name}:') for line in said.splitlines())
        if name == 'MANIFEST.sha256':  # a name that was changed is named as it now stands
            named = 'FILE ' in said
        return code == 1 and named, f'{name} byte {at}: exit {code}\n{said}'

    def tamper(self, folder):
        files = sorted(str(p.relative_to(folder)) for p in folder.rglob('*') if p.is_file())
        for name in files:
            size = (folder / name).stat().st_size
            faults = [more for good, more in (self.tampered(folder, name, at) for at in
                                              {0, size - 1, size // 2, *random.sample(range(size), min(size, 6))}) if not good]
            self.hold(not faults, f'a changed byte of {name} is named', '\n'.join(faults))
        weights = [(folder / name).stat().st_size for name in files]
        faults = []
        for _ in range(SAMPLE):
            name = random.choices(files, weights)[0] if random.random() < 0.3 else random.choice(files)
            good, more = self.tampered(folder, name, random.randrange((folder / name).stat().st_size))
            faults += [] if good else [more]
        self.hold(not faults, f'{SAMPLE} random bytes are named', '\n'.join(faults[:5]))

    def tamper_all(self, folder):
        """Every byte of what is small, every 997th of what is not."""
        faults, tried = [], 0
        for path in sorted(p for p in folder.rglob('*') if p.is_file()):
            size = path.stat().st_size
            for at in range(0, size, 1 if size < 8192 else 997):
                good, more = self.tampered(folder, str(path.relative_to(folder)), at)
                faults += [] if good else [more]
                tried += 1
        self.hold(not faults, f'each of {tried} changed bytes is named', '\n'.join(faults[:5]))

    def events(self, folder):
        path = folder / 'ledger/events.txt'
        before = path.read_bytes()
        pieces = before.split(b'lantian-event-1\n')[1:]
        faults = []
        for i, piece in enumerate(pieces):
            at = before.index(piece) + random.randrange(len(piece))
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1:])
            code, said = self.verify(folder)
            if code != 1 or f'EVENT {i + 1}:' not in said:
                faults.append(f'event {i + 1}: {said}')
        path.write_bytes(before)
        self.hold(len(pieces) > 2 and not faults, 'a changed event is named by its number', '\n'.join(faults[:3]))
        path.write_bytes(before[:before.rindex(b'lantian-event-1\n')])
        code, said = self.verify(folder)
        path.write_bytes(before)
        self.hold(code == 1 and 'FILE ledger/proofs.txt' in said, 'a last event that is cut off is noticed', said)

    def folder_changes(self, folder):
        evidence = next((folder / 'evidence').iterdir())
        kept = evidence.read_bytes()
        evidence.unlink()
        code, said = self.verify(folder)
        self.hold(code == 1 and f'FILE evidence/{evidence.name}: is missing' in said, 'missing evidence is named', said)
        evidence.write_bytes(kept)
        (folder / 'extra.txt').write_text('slipped in')
        code, said = self.verify(folder)
        self.hold(code == 1 and 'FILE extra.txt' in said, 'a file that was slipped in is named', said)
        (folder / 'extra.txt').unlink()
        code, said = self.verify(folder, '--key', '00' * 32)
        self.hold(code == 1 and 'another key' in said, 'a root by another key is refused', said)

    def reading_copy(self, status, pdf, told):
        """One PDF: the case, its history, each issued document, the photos."""
        path = pathlib.Path(self.server.folder) / 'copy.pdf'
        path.write_bytes(pdf)
        if not pdf.startswith(b'%PDF'):
            self.hold(False, 'one PDF tells the whole case', (status, pdf[:500]))
            return
        text = ''.join(subprocess.run(['pdftotext', path, '-'], capture_output=True, text=True, timeout=60, check=True).stdout.split())
        self.hold(told['number'] in text, 'one PDF tells the whole case', text[:500])
        missing = [row['number'] for row in told['documents'] if row['number'] and text.count(row['number']) < 2]
        self.hold(told['documents'] and not missing, 'each issued document is listed and follows', missing)
        missing = [row['sha256'] for row in told['evidence'] if row['sha256'][:20] not in text]
        self.hold(not missing, 'evidence is there by its hash', missing)
        photos = sum(row['type'].startswith('image/') for row in told['evidence'])
        images = subprocess.run(['pdfimages', '-list', path], capture_output=True, text=True, timeout=60, check=True).stdout
        self.hold(photos > 0 and images.count(' jpeg ') >= photos, 'and every photo', images)
        fonts = subprocess.run(['pdffonts', path], capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()[2:]
        self.hold(fonts and all(line.split()[-5] == 'yes' for line in fonts), 'its fonts are embedded', fonts)

    def by_page(self, case):
        client = Client(self.server, 'county')
        headers = {'Content-Type': 'application/json', **client.headers}
        answer = client.ask('POST', f'/api/v1/cases/{case}/casefile', b'{}', headers)
        body = answer.read()
        self.hold(answer.status == 200, 'one click gives a zip', body[:200])
        folder = pathlib.Path(self.server.folder) / 'unpacked'
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            archive.extractall(folder)
        code, said = self.verify(folder)
        self.hold(code == 0, 'which is whole', said)
        answer = client.ask('POST', f'/api/v1/cases/{case}/casefile?format=pdf', b'{}', headers)
        body = answer.read()
        _, told = client.call('GET', f'/api/v1/cases/{case}')
        self.reading_copy(answer.status, body, told)
        answer = client.ask('POST', f'/api/v1/cases/{case}/casefile?format=odt', b'{}', headers)
        self.hold(answer.status == 400 and b'odt' in answer.read(), 'another format is refused', answer.status)
        status, _ = Client(self.server, 'auditor').call('POST', f'/api/v1/cases/{case}/casefile', {})
        self.hold(status == 404, 'who may not read the case gets none', status)
        _, audit = Client(self.server, 'auditor').call('GET', '/api/v1/audit?limit=20')
        self.hold(any(row['command'] == 'export_case' for row in audit['items']), 'and the ledger says who took it', audit)

    def play(self):
        self.server.make('demo', CLOCK)
        self.server.run('checkpoint')
        self.server.start(CLOCK)
        case = self.case_with_evidence(Client(self.server, 'county'))
        self.by_page(case)
        folder = pathlib.Path(self.server.folder) / 'file'
        self.server.run('casefile', 'export', '--case', case, '-o', str(folder))
        key = json.loads(self.server.run('checkpoint', '--json'))['public_key']
        code, said = self.verify(folder, '--key', key)
        self.hold(code == 0 and 'whole' in said, 'the exported folder is whole', said)
        self.hold((folder / 'ledger/consistency.txt').exists(), 'an older root leads to its own')
        self.server.run('casefile', 'export', '--case', case, '-o', str(folder), expect=1)
        self.events(folder)
        self.folder_changes(folder)
        self.tamper(folder)
        if os.environ.get('LANTIAN_LONG') == '1':
            self.tamper_all(folder)
        code, said = self.verify(folder)
        self.hold(code == 0, 'after all that it is as it was', said)
        print(f'1..{self.number}')


def main(program, verifier, engine):
    try:
        story = Story(program, verifier, engine)
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
