#!/usr/bin/env python3
"""The figures of the house, each beside its goal and, where there is one, the limit of this machine.

    bench.py BUILD [commands|pages|imports …]      all where none is named

BUILD is a build folder. LANTIAN_LONG=1 gives the long form (100,000 and 1,000,000 cases); without it sizes are
tiny and only show that everything runs; LANTIAN_BENCH_CASES=20000 sets the numbers of cases. A figure short of its
goal is told as it is; the exit code is 1 only where something failed. PostgreSQL where LANTIAN_TEST_PG names a cluster (make it durable: LANTIAN_TEST_PG_FSYNC=on).
"""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

LONG = bool(os.environ.get('LANTIAN_LONG'))
SIZES = tuple(map(int, os.environ.get('LANTIAN_BENCH_CASES', '100000,1000000' if LONG else '300').split(',')))
COMMANDS = 20_000 if LONG else 300
REQUESTS = 4_000 if LONG or SIZES[0] > 1000 else 64
IMPORT_ROWS = 100_000 if LONG else 200
CLIENTS, CONNECTIONS = 64, 32
TICK = os.sysconf('SC_CLK_TCK')
WORDS = ('居民', '河沟', '喷漆', '黑烟')
SIGNS = ('居民反映附近工厂夜间排放废气异味刺鼻噪声扰民河道污水垃圾堆放扬尘油烟养殖粪便渗入农田村东路边加作坊喷漆没有设施影响生活'
         '多次投诉未处理希望尽快解决小区门口施工地渣土车带泥上烧烤店后院水井变黄')
PLACES = ('内丘县', '信都区', '临西县', '柏乡县', '宁晋县', '南宫市', '沙河市')
KINDS = ('大气', '水', '噪声', '固废')


class Sheet:
    """Lines of figures as they come."""

    def __init__(self):
        self.short = []
        self.failed = []
        print(f'{"what":<58} {"figure":>14}   goal')

    def tell(self, what, figure, unit, goal=None, holds=True, note=''):
        shown = f'{figure:,.2f}' if isinstance(figure, float) and figure < 100 else f'{figure:,.0f}'
        mark = '' if goal is None or holds else '   SHORT'
        print(f'{what:<58} {shown + " " + unit:>14}   {goal or ""}{mark}{"   " + note if note else ""}', flush=True)
        if mark:
            self.short.append(what)

    def fail(self, what):
        print(f'FAILED {what}', flush=True)
        self.failed.append(what)


class Bench:
    def __init__(self, build, folder, sheet):
        self.build, self.folder, self.sheet = build, folder, sheet
        self.lantian = build / 'lantian'
        self.pg = os.environ.get('LANTIAN_TEST_PG')
        self.databases = []

    def run(self, *words, **more):
        return subprocess.run([str(w) for w in words], check=True, stdout=subprocess.PIPE, text=True, **more).stdout

    def tool(self, name, *words):
        return json.loads(self.run(self.build / 'bench' / name, *words).splitlines()[-1])

    def database(self, engine, name):
        if engine == 'sqlite':
            return None
        full = f'bench{os.getpid()}_{name}'
        self.run('psql', '-q', '-d', self.pg, '-c', f'CREATE DATABASE {full}')
        self.databases.append(full)
        return re.sub(r'(postgresql://[^/]*/)[^?]*', rf'\g<1>{full}', self.pg)

    def home(self, engine, name, words):
        place = self.folder / f'{engine}-{name}'
        uri = self.database(engine, name)
        self.run(self.lantian, *words, '--data', place, *(['--db', uri] if uri else []))
        return place, uri or f'sqlite:{place}/lantian.db'

    # ---- commands ----

    def commands(self, engine):
        place, uri = self.home(engine, 'commands', ['demo', '--scene'])
        ours = self.tool('bench_commands', place, CLIENTS, COMMANDS)
        _, empty = self.home(engine, 'replay', ['init', '--sandbox'])
        limit = self.tool('bench_replay', uri, empty)
        rate = ours['commands'] / ours['seconds']
        top = ours['commands'] / limit['seconds']
        self.sheet.tell(f'{engine}: durable commands/s, {CLIENTS} clients', rate, '/s',
                        note=f'{ours["commits"]} commits; the engine alone {top:,.0f} /s for the same {limit["rows"]:,} rows')
        self.sheet.tell(f'{engine}: … as a share of the engine alone', 100 * rate / top, '%', '>= 50 %', rate >= top / 2)
        self.sheet.tell(f'{engine}: … failed writes', ours['failed'], '', '0', ours['failed'] == 0)
        if ours['failed']:
            self.sheet.fail(f'{engine}: writes failed')

    # ---- pages ----

    def serve(self, place):
        begin = time.monotonic()
        child = subprocess.Popen([self.lantian, 'serve', '--data', place, '--listen', '127.0.0.1:0'],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in child.stdout:
            found = re.search(r':(\d+)', line.split('//')[-1])
            if found:
                return child, int(found[1]), (time.monotonic() - begin) * 1000
        raise RuntimeError('the server did not start')

    def ask(self, port, path, body=None, token=None):
        request = urllib.request.Request(f'http://127.0.0.1:{port}{path}', data=json.dumps(body).encode() if body else None)
        request.add_header('Content-Type', 'application/json')
        request.add_header('Accept', 'application/json')
        if token:
            request.add_header('Authorization', f'Bearer {token}')
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    @staticmethod
    def cpu_ms(pid):
        fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICK

    @staticmethod
    def resident(pid, name='VmRSS'):
        return int(re.search(name + r':\s+(\d+)', pathlib.Path(f'/proc/{pid}/status').read_text())[1]) / 1024

    def load(self, child, port, headers, paths):
        before = self.cpu_ms(child.pid)
        got = self.tool('bench_http', port, CONNECTIONS, REQUESTS, headers, *paths)
        got['cpu_ms'] = (self.cpu_ms(child.pid) - before) / got['requests']
        return got

    def faces_of(self, where, child, port, who, kinds):
        """taskforce sees all of its campaign, county what its own units have to do with: a twentieth."""
        token = self.ask(port, '/api/v1/sessions', {'username': who, 'password': 'lantian-demo'})['token']
        listed = self.ask(port, '/api/v1/cases?limit=50', token=token)
        paths = {'list': ['/cases', '/cases?sort=due', '/cases?state=handed_over'] if who == 'taskforce' else ['/cases'],
                 'case': ['/cases/' + item['id'] for item in listed['items']],
                 'search': ['/cases?q=' + urllib.parse.quote(word) for word in WORDS]}
        for kind in kinds:
            for face, prefix, accept in (('page', '', 'text/html'), ('json', '/api/v1', 'application/json')):
                headers = f'Authorization: Bearer {token}\r\nAccept: {accept}'
                got = self.load(child, port, headers, [prefix + path for path in paths[kind]])
                name = f'{where}: {kind} {face}' + ('' if who == 'taskforce' else f' of a {who}')
                self.sheet.tell(f'{name}, CPU', got['cpu_ms'], 'ms', '< 1 ms', got['cpu_ms'] < 1)
                self.sheet.tell(f'{name}, p99 at {CONNECTIONS} connections', got['p99_ms'], 'ms', '< 20 ms', got['p99_ms'] < 20,
                                note=f'{got["requests"] / got["seconds"]:,.0f} requests/s')
                if got['errors']:
                    self.sheet.fail(f'{name}: {got["errors"]} answers were no 200')

    def pages_of(self, engine, place, size):
        child, port, ready_ms = self.serve(place)
        try:
            self.sheet.tell(f'{engine}, {size:,} cases: start-up', ready_ms, 'ms', '< 300 ms', ready_ms < 300)
            for who, faces in (('taskforce', ('list', 'case', 'search')), ('county', ('list',))):
                self.faces_of(f'{engine}, {size:,} cases', child, port, who, faces)
            rss = self.resident(child.pid)
            self.sheet.tell(f'{engine}, {size:,} cases: resident memory of the server', rss, 'MiB', '< 150 MiB', rss < 150)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait()

    def pages(self, engine):
        place, _ = self.home(engine, 'pages', ['demo', '--scene'])
        have = 0
        for size in SIZES:
            begin = time.monotonic()
            self.run(self.build / 'bench' / 'bench_fill', place, size - have)
            took = time.monotonic() - begin
            self.sheet.tell(f'{engine}: made {size - have:,} cases', (size - have) / took, '/s', note='by the store\'s own functions, 250 a commit')
            have = size
            if engine == 'sqlite':
                got = self.tool('bench_scan', place, *WORDS)
                self.sheet.tell(f'{engine}, {size:,} cases: rows scanned for {got["words"]} two-character searches', got['scanned'], '', '0',
                                got['scanned'] == 0, note=f'{got["found"]:,} found, counted to 1,000 each')
            self.pages_of(engine, place, size)
            if size == SIZES[0]:
                self.export(engine, place, size)

    # ---- files ----

    def child_usage(self, words):
        begin = time.monotonic()
        child = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(f'{words[1]} ended with {child.returncode}')
        return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def export(self, engine, place, size):
        for form in ('csv', 'xlsx'):
            took, cpu, rss = self.child_usage([self.lantian, 'export', '--data', place, '--format', form, '-o', self.folder / f'list.{form}'])
            goal = f'< {0.9 * size / 100_000:.2g} s' if form == 'csv' else None
            self.sheet.tell(f'{engine}: {size:,} rows to {form}', took, 's', goal, took < 0.9 * size / 100_000 or not LONG,
                            note=f'{cpu:.2f} s of CPU, {rss:.0f} MiB resident at most')

    @staticmethod
    def write_table(path, rows):
        """Texts of chance words, so that they are no duplicates, but every twentieth repeats the one before."""
        dice = random.Random(7)
        words = [''.join(dice.sample(SIGNS, dice.choice((2, 2, 2, 3, 4)))) for _ in range(600)]
        with path.open('w', encoding='utf-8') as out:
            out.write('序号,受理编号,交办问题基本情况,行政区域,问题类型\n')
            for n in range(1, rows + 1):
                if n % 20:
                    told = '，'.join(''.join(words[int(600 * dice.random() ** 2)] for _ in range(6)) for _ in range(5))
                out.write(f'{n},D{n:08},{dice.randrange(997)}号{told}。,{PLACES[n % 7]},{KINDS[n % 4]}\n')

    def imports(self, engine):
        place, _ = self.home(engine, 'imports', ['demo', '--scene'])
        table = self.folder / 'received.csv'
        self.write_table(table, IMPORT_ROWS)
        took, cpu, rss = self.child_usage([self.lantian, 'import', '--data', place, '--campaign', 'look-back', '--procedure', 'letter',
                                      '--batch', '1', '--source', 'inspection-petition', table])
        rate = IMPORT_ROWS / took
        self.sheet.tell(f'{engine}: import rows/s, {IMPORT_ROWS:,} rows', rate, '/s', '>= 5,000 /s', rate >= 5000 or not LONG,
                        note=f'{cpu * 1000 / IMPORT_ROWS:.2f} ms of CPU a row, {rss:.0f} MiB resident at most')

    def close(self):
        for name in self.databases:
            subprocess.run(['psql', '-q', '-d', self.pg, '-c', f'DROP DATABASE IF EXISTS {name} WITH (FORCE)'], check=False)


def main(build, *parts):
    sheet = Sheet()
    folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-bench.', dir=os.environ.get('TMPDIR', '/tmp')))
    bench = Bench(pathlib.Path(build).resolve(), folder, sheet)
    engines = ['sqlite'] + (['postgres'] if bench.pg else [])
    try:
        for engine in engines:
            for part in parts or ('commands', 'pages', 'imports'):
                try:
                    getattr(bench, part)(engine)
                except (subprocess.CalledProcessError, RuntimeError, OSError, KeyError) as error:
                    sheet.fail(f'{engine} {part}: {error}')
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f'{len(sheet.short)} figures short of their goal, {len(sheet.failed)} failed'
          + ('' if LONG else ' (short form: sizes say nothing about speed)'))
    return 1 if sheet.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
