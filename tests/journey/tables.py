#!/usr/bin/env python3
"""Tables go out and come back: tables.py PROGRAM ENGINE

A received table is imported, exported by each of the standard column sets of the public table, imported
into another office and exported there: the same table, cell by cell and by the hash at its foot, which
is computed here again from the file. LibreOffice, where it is installed, reads the sheet as we do.
Every figure of the example is held against the rows it leads to. With LANTIAN_LONG=1 the
same with 50,000 rows and the memory of it, and all tables of figures. Prints TAP. Standard library only.
"""
import csv
import hashlib
import http.client
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
import xml.etree.ElementTree as ET
import zipfile

from run_journey import PASSWORD, Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOCK, DEMO_CLOCK = '2026-11-20T09:00:00+08:00', '2026-11-22T09:00:00+08:00'
# Columns that nobody of the example has filled, and lists in which nobody sees a row.
EMPTY = {'accounts': {'last', 'platform'}, 'counts': {'threshold'}, 'coverage': {'partners'}, 'measures': {'by', 'reason'}}
NOBODYS = {'scores'}
SETS = ('public-2', 'public-3', 'public-provincial')
HEAD = ['序号', '问题编号', '受理方式', '举报内容', '所在县区', '问题类型', '重点关注', '调查处理情况', '是否属实', '目标任务', '整改落实情况',
        '办结状态', '责任追究情况']
PLACES = ('信都区', '内丘县', '沙河市', '南和区', '临城县')
TYPES = ('水', '大气', '大气、噪声', '土壤', '生态', '扬尘、固废')
VERDICTS = ('属实', '基本属实', '部分属实', '不属实')
STATES = ('已办结', '阶段性办结', '未办结', '正在办理')
STREETS = '槐安裕华和平建设中山友谊胜利光明新华红旗'
TROUBLES = ('河里流着黑水', '砖厂夜里烧煤', '塘里倒满垃圾', '坡上有人采石', '歌厅吵到天亮', '电镀厂搬走后寸草不生', '渣土车带泥上路', '屠宰场的血水进了沟渠')
SHEET = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'


def row(i):
    """A row of a province's table: texts with quotation marks, lines, leading noughts and rare characters."""
    street = STREETS[i % 20] + STREETS[i // 20 % 20] + STREETS[i // 400 % 20] + STREETS[i // 8000 % 20]
    trouble = TROUBLES[i % 8] + '，' + TROUBLES[i // 8 % 8]
    return [str(i + 1), f'X3HE20261119{i + 1:05}', ('来电', '来信', '微信')[i % 3], f'{street}路{i}号院外{trouble}，第{i * 7919 % 100003}户人家"白天黑夜"不得安宁。',
            PLACES[i % 5], TYPES[i % 6], '是' if i % 7 == 0 else '否', f'经查：\n一、{trouble}；二、𬭚、㙍两村 {i:06} 号地块。', VERDICTS[i % 4],
            f'{"=" if i % 9 == 4 else ""}于{i % 12 + 1}月底前完成', f'责令改正，罚款{i * 13 % 9973}.05元；=见附件', STATES[i % 4], '' if i % 3 else f'约谈{i % 5 + 1}人']


def read_csv(path):
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode('utf-8-sig'))))
    return rows[:-1], rows[-1][0]


def read_xlsx(path):
    """Cells of the header and below it, and the properties."""
    with zipfile.ZipFile(path) as book:
        properties = {found.get('name'): ''.join(found.itertext())
                      for found in ET.fromstring(book.read('docProps/custom.xml'))}
        rows = []
        with book.open('xl/worksheets/sheet1.xml') as sheet:
            for _, node in ET.iterparse(sheet):
                if node.tag != SHEET + 'row':
                    continue
                rows.append([re.sub(r'_x([0-9A-F]{4})_', lambda found: chr(int(found[1], 16)), ''.join(cell.itertext())) for cell in node])
                node.clear()
    head = next(i for i, cells in enumerate(rows) if cells[0] in ('序号', 'No.'))
    return rows[head:], properties


def hash_of(rows):
    """lantian-table-1, as data/tables/README.md has it."""
    text = hashlib.sha256(b'lantian-table-1\n')
    for cells in rows:
        for cell in cells:
            cell = cell.encode()
            text.update(b'%d:%s,' % (len(cell), cell))
    return text.hexdigest()


class Client:
    """Whoever is signed in."""

    def __init__(self, server, name):
        self.server, self.name, self.connection = server, name, None
        self.headers = {'Accept': 'application/json'}
        answer = self.ask('POST', '/api/v1/sessions', {'Content-Type': 'application/json'}, json.dumps({'username': name, 'password': PASSWORD}))
        self.headers['Authorization'] = 'Bearer ' + json.loads(answer.read())['token']

    def ask(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection(self.server.address, timeout=120)
        connection.request(method, path, body, {**self.headers, **(headers or {})})
        return connection.getresponse()

    def json(self, path):
        """Status and document, over one connection."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.server.address, timeout=120)
        self.connection.request('GET', urllib.parse.quote('/api/v1' + path, safe='/?&=%:,-._~+'), headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def documents(self, path, query):
        """The page's document, and those that follow it."""
        cursor, documents = '', []
        while True:
            document = json.loads(self.ask('GET', f'/api/v1{path}?lang=zh&{query}{cursor}').read())
            documents.append(document)
            if not document.get('next'):
                return documents
            cursor = f'&cursor={document["next"]}'


class Office:
    """A data directory of its own with the example's scene."""

    def __init__(self, program, engine):
        self.server = Server(program, engine)
        self.server.make('scene', CLOCK)
        self.folder = pathlib.Path(self.server.folder)

    def take_in(self, file):
        said = json.loads(self.server.run('import', '--campaign', 'look-back', '--procedure', 'letter', '--source', 'inspection-petition',
                                          '--batch', '7', '--date', '2026-11-19', '--clock', CLOCK, '--json', str(file)))
        assert said['accepted'] == said['rows'], said
        return said['accepted']

    def give_out(self, columns, form):
        path = self.folder / f'{columns}.{form}'
        self.server.run('export', '--columns', columns, '--format', form, '--lang', 'zh', '--campaign', 'look-back', '--procedure', 'letter',
                        '--batch', 'look-back/7', '-o', str(path))
        return path


class Story:
    def __init__(self, program, engine):
        self.program, self.engine = program, engine
        self.offices = []
        self.number = self.failed = 0

    def hold(self, good, what, more=''):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        if not good:
            print('# ' + str(more)[:3000].replace('\n', '\n# '), flush=True)

    def office(self):
        self.offices.append(Office(self.program, self.engine))
        return self.offices[-1]

    def received(self, count):
        path = self.offices[0].folder / f'received-{count}.csv'
        with open(path, 'w', encoding='utf-8', newline='') as file:
            csv.writer(file).writerows([HEAD, *(row(i) for i in range(count))])
        return path

    def sets(self, count):
        first = self.office()
        self.hold(first.take_in(self.received(count)) == count, f'{count} rows come in')
        for columns in SETS:
            book, sheet = first.give_out(columns, 'csv'), first.give_out(columns, 'xlsx')
            rows, foot = read_csv(book)
            cells, properties = read_xlsx(sheet)
            document = json.loads(first.give_out(columns, 'json').read_text())
            names = [title if title in HEAD else None for title in rows[0]]
            printed = [[text for title, text in zip(HEAD, row(i)) if title in names] for i in range(count)]
            guarded = [[text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text for text in line] for line in rows]
            shown = [[text for title, text in zip(names, line) if title] for line in guarded[1:]]
            self.hold(shown == printed or columns != 'public-provincial', f'{columns} says what was received', (shown[:2], printed[:2]))
            digest = properties['lantian-table-1 sha256']
            self.hold(hash_of(cells) == hash_of(guarded) == digest == document['sha256'] and digest in foot,
                      f'{columns} has the hash that its cells give, in every format', (digest, hash_of(cells), hash_of(guarded), foot))
            self.hold(document['rows'] == len(document['items']) == len(rows) - 1 == count and properties['lantian-table-1 rows'] == str(count)
                      and f'{count}' in foot, f'{columns} says how many rows it has', (document['rows'], foot))
            second = self.office()
            second.take_in(sheet)
            _, again = read_xlsx(second.give_out(columns, 'xlsx'))
            self.hold(again == properties, f'{columns} comes back as it went out', (again, properties, second.give_out(columns, 'csv').read_text()[:500]))
        third = self.office()
        third.take_in(first.give_out('public-provincial', 'csv'))
        _, again = read_csv(third.give_out('public-provincial', 'csv'))
        self.hold(again == foot, 'as csv, too', (again, foot))
        return first

    def by_channel(self, office, count):
        """Region, type, channel and key of received letters against each other."""
        office.server.start(CLOCK)
        client, faults, walked = Client(office.server, 'taskforce'), [], 0
        dimensions = ('region', 'type', 'field.channel', 'field.key_case')
        short = os.environ.get('LANTIAN_LONG') != '1'
        for rule in ('cases', 'dispatched', 'problems'):
            for rows in ('region', 'field.channel') if short else dimensions:
                for columns in dimensions:
                    if rows != columns:
                        found, n, document = self.walk_table(client, f'/stats/table?rows={rows}&columns={columns}&rule={rule}&campaign=look-back&procedure=letter&batch=look-back/7')
                        faults, walked = faults + found, walked + n
                        if rule != 'dispatched' and (not document['rows'] or not document['columns']):
                            faults.append(('empty', rows, columns))
            told = document['n']
            wanted = {'cases': count, 'dispatched': 0, 'problems': sum(len(re.split('、', row(i)[5])) for i in range(count))}[rule]
            if told != wanted:
                faults.append((rule, told, wanted))
        self.hold(walked > 250 and not faults, f'region, type, channel and key against each other: {walked} numbers are those of their rows', faults[:3])
        office.server.stop()

    def another_reader(self, office):
        """LibreOffice reads the sheet as we do."""
        what = 'LibreOffice reads the sheet as it stands in our csv'
        program = shutil.which('soffice')
        if not program:
            self.number += 1
            print(f'ok {self.number} - {what} # SKIP no soffice')
            return
        sheet = office.give_out('public-provincial', 'xlsx')
        place = office.folder / 'libreoffice'
        done = subprocess.run([program, f'-env:UserInstallation=file://{place}/profile', '--headless', '--convert-to', 'csv:Text - txt - csv (StarCalc):44,34,76',
                               '--outdir', str(place), str(sheet)], capture_output=True, text=True, timeout=280, check=False)
        out = place / 'public-provincial.csv'
        if not out.exists():
            self.hold(False, what, done.stdout + done.stderr)
            return
        theirs = list(csv.reader(io.StringIO(out.read_text('utf-8-sig'))))
        head = next(i for i, cells in enumerate(theirs) if cells[0] == '序号')
        ours, _ = read_xlsx(sheet)
        self.hold(theirs[head:] == ours, what, [pair for pair in zip(theirs[head:], ours) if pair[0] != pair[1]][:2])

    def memory(self, office, columns):
        """Greatest resident memory of one export, in KiB: asked of the kernel while it runs, since what a
        child is told to have used begins with what its parent had."""
        path = office.folder / 'memory.xlsx'
        words = [self.program, 'export', '--data', office.server.data, '--columns', columns, '--format', 'xlsx', '--campaign', 'look-back',
                 '--procedure', 'letter', '-o', str(path)]
        peak = 0
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as child:
            while child.poll() is None:
                found = re.search(r'VmHWM:\s+(\d+)', pathlib.Path(f'/proc/{child.pid}/status').read_text())
                peak = max(peak, int(found[1])) if found else peak
                time.sleep(0.002)
        assert child.returncode == 0, words
        return peak

    def long(self, count):
        few, many = self.office(), self.office()
        few.take_in(self.received(count // 10))
        began = time.monotonic()
        many.take_in(self.received(count))
        print(f'# {count} rows taken in: {time.monotonic() - began:.1f} s', flush=True)
        peaks = [self.memory(office, 'public-provincial') for office in (few, many)]
        print(f'# greatest memory of an export: {count // 10} rows {peaks[0]} KiB, {count} rows {peaks[1]} KiB', flush=True)
        self.hold(peaks[1] * 2 <= peaks[0] * 3, 'ten times as many rows take hardly more memory', peaks)
        began = time.monotonic()
        sheet = many.give_out('public-provincial', 'xlsx')
        print(f'# {count} rows to xlsx: {time.monotonic() - began:.1f} s, {sheet.stat().st_size} bytes', flush=True)
        _, properties = read_xlsx(sheet)
        other = self.office()
        began = time.monotonic()
        other.take_in(sheet)
        print(f'# and back: {time.monotonic() - began:.1f} s', flush=True)
        _, again = read_xlsx(other.give_out('public-provincial', 'xlsx'))
        self.hold(again == properties, f'{count} rows come back as they went out', (again, properties))
        self.another_reader(many)

    def lists(self):
        """Every table of data/lists: what goes out is what the page's document holds, and no column is misnamed."""
        server = Server(self.program, self.engine)
        try:
            server.make('demo', DEMO_CLOCK)
            server.start(DEMO_CLOCK)
            clients = [Client(server, name) for name in ('office', 'taskforce', 'county', 'auditor', 'secadmin')]
            for path in sorted((ROOT / 'data/lists').glob('*.yaml')):
                text = path.read_text()
                of, place = re.search('^of: (.*)$', text, re.M)[1], re.search('^list: (.*)$', text, re.M)[1]
                names = re.findall(r'^  - \{name: (\w+),', text, re.M)
                filled, faults, rows = set(), [], 0
                for client in clients:
                    query = {'/stats': 'by=type', '/stats/table': 'rows=region', '/obligations': 'state=all', '/measures': 'state=all'}.get(of, '')
                    answer = client.ask('GET', f'/api/v1/export/{path.stem}?format=json&lang=zh&{query}')
                    body = answer.read()
                    if answer.status == 403:
                        continue
                    table = json.loads(body)
                    shown = client.documents(of, query)
                    for part in place.split('.'):
                        shown = [one for holder in shown for one in holder[part]]
                    if answer.status != 200 or len(table['items']) != len(shown) or table['rows'] != len(shown) or \
                            hash_of([[titles[1] for titles in re.findall(r'name: (\w+), zh: ([^,}]+)', text)],
                                     *([str(cell) for cell in line.values()] for line in table['items'])]) != table['sha256']:
                        faults.append((client.name, answer.status, len(shown), body[:300]))
                    filled |= {name for line in table['items'] for name, cell in line.items() if cell != ''}
                    rows += len(shown)
                missing = set(names) - filled - EMPTY.get(path.stem, set())
                self.hold(rows > 0 and not faults and not missing or path.stem in NOBODYS, f'{path.stem}: {rows} rows as they are shown', (faults, missing))
            answer = clients[0].ask('GET', '/api/v1/export/obligations?nonsense=1')
            self.hold(answer.status == 400 and answer.read(), 'a filter that the page has not is refused')
            answer = clients[0].ask('GET', '/api/v1/export/nonsense')
            self.hold(answer.status == 404 and answer.read(), 'a list that there is not, too')
            answer = clients[0].ask('GET', '/obligations', {'Accept': 'text/html'})
            self.hold(b'/export/obligations?format=xlsx' in answer.read(), 'the page leads to its file')
            self.figures(server)
        finally:
            server.close()

    def counted(self, client, url):
        """What the address of a number leads to: a list's count, or the sum of its figures."""
        status, document = client.json(url)
        if status != 200:
            return status, document
        if url.startswith('/stats'):
            return sum(row['count'] for row in document['rows'])
        return document['count']

    def cells(self, document):
        yield document['n'], document['url'], 'all'
        for column in document['columns']:
            yield column['n'], column['url'], column['label']
        for row in document['rows']:
            yield row['n'], row['url'], row['label']
            for cell in row['cells']:
                yield cell['n'], cell['url'], (row['label'], cell['column_label'])

    def walk_table(self, client, url):
        """Every cell against its rows; faults, how many cells, the document."""
        status, document = client.json(url)
        if status != 200:
            return [(url, status, document)], 0, document
        faults, walked = [], 0
        for n, address, where in self.cells(document):
            found = self.counted(client, address + '&limit=1' if address.startswith('/cases') else address)
            walked += 1
            if found != n:
                faults.append((url, where, n, found, address))
        if document['rule'] == 'problems':  # its sums are sums
            type_first = [row for row in document['rows'] if row['n'] != sum(cell['n'] for cell in row['cells'])]
            if document['columns_by'] == 'type' and type_first:
                faults.append((url, 'sums', type_first[0]))
        return faults, walked, document

    def figures(self, server):
        """All figures of the example against the rows behind them, by each of the three rules."""
        faults, walked, told = [], 0, {}
        short = os.environ.get('LANTIAN_LONG') != '1'
        for name in ('taskforce', 'office'):
            client = Client(server, name)
            for by in ('region', 'type', 'month', 'batch', 'unit', 'source') if short else ('region', 'type', 'state', 'source', 'tier', 'unit', 'month', 'batch', 'like', 'campaign', 'procedure', 'field.channel', 'field.key_case'):
                _, document = client.json(f'/stats?by={by}')
                for row in document['rows']:
                    if row['url']:
                        walked += 1
                        if self.counted(client, row['url'] + '&limit=1') != row['count']:
                            faults.append((by, row))
            for rule in ('cases', 'dispatched', 'problems'):
                kinds = client.json('/stats/table')[1]['kinds']
                for kind in [None, *kinds] if rule == 'cases' and not short else [None]:
                    crosses = ('region', 'type'), ('field.channel', 'field.key_case'), ('month', 'state'), ('unit', 'type'), ('type', 'source')
                    for rows, columns in crosses if kind is None and not short else crosses[:1]:
                        start = kind['url'] + '&' if kind else '/stats/table?'
                        found, n, document = self.walk_table(client, f'{start}rows={rows}&columns={columns}&rule={rule}')
                        faults, walked = faults + found, walked + n
                        if kind is None and rows == 'region':
                            told[name, rule] = document.get('n')
        self.hold(walked > 500 and not faults, f'{walked} numbers are those of their rows', faults[:3])
        self.hold(all(told[name, 'dispatched'] <= told[name, 'cases'] for name in ('taskforce', 'office'))
                  and told['taskforce', 'problems'] != told['taskforce', 'cases'], 'the three rules are kept apart', told)
        client = Client(server, 'taskforce')
        one, both = client.json('/stats/table?rows=region&columns=type&type=water,air&source=inspection-petition')[1], client.json('/stats/table?rows=region&columns=type')[1]
        self.hold(0 < one['n'] < both['n'] and not self.walk_table(client, '/stats/table?rows=region&columns=type&type=water,air&like=handed_over,filed&rule=dispatched')[0],
                  'a table is narrowed as a list is', (one['n'], both['n']))
        self.hold(client.json('/stats')[1]['by'] == 'region' and client.json('/stats/table?rule=guess')[0] == 400
                  and client.json('/stats/table?rows=type&columns=type')[0] == 400, 'what is not said has a default, what cannot be is refused')

    def play(self):
        self.lists()
        first = self.sets(40)
        self.by_channel(first, 40)
        if self.engine == 'sqlite':  # the sheet is the same
            self.another_reader(first)
        if os.environ.get('LANTIAN_LONG') == '1':
            self.long(50000)
        print(f'1..{self.number}')


def main(program, engine):
    story = Story(os.path.abspath(program), engine)
    try:
        story.play()
    finally:
        for office in story.offices:
            office.server.close()
    return 1 if story.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
