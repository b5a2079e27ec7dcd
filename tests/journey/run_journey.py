#!/usr/bin/env python3
"""Plays a journey against a server of its own: run_journey.py PROGRAM ENGINE FILE.http

ENGINE is sqlite or postgres (a database of the cluster in $LANTIAN_TEST_PG is made and dropped).
The grammar of a journey is in README.md beside this file. Prints TAP, one test a step; a step that
fails does not stop the ones after it. Standard library only.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = 'lantian-demo'


class Failed(Exception):
    """A step that does not hold."""


class Database:
    """Where the data directory keeps its rows."""

    def __init__(self, engine):
        self.uri = None
        self.name = None
        if engine == 'postgres':
            base = os.environ.get('LANTIAN_TEST_PG')
            if not base:
                print('1..0 # SKIP no PostgreSQL cluster (LANTIAN_TEST_PG)')
                sys.exit(0)
            self.base = base
            self.name = 'j' + uuid.uuid4().hex[:12]
            self.psql(f'CREATE DATABASE {self.name}')
            self.uri = re.sub(r'(postgresql://[^/]*/)[^?]*', rf'\g<1>{self.name}', base)

    def psql(self, sql):
        subprocess.run(['psql', '-q', '-d', self.base, '-c', sql], check=True,
                       stdout=subprocess.DEVNULL)

    def drop(self):
        if self.name:
            self.psql(f'DROP DATABASE IF EXISTS {self.name} WITH (FORCE)')


class Server:
    """The program under test on a data directory of its own."""

    def __init__(self, program, engine):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp(prefix='lantian-journey-')
        self.data = os.path.join(self.folder, 'data')
        self.database = Database(engine)
        self.process = None
        self.address = None
        self.log = open(os.path.join(self.folder, 'log'), 'wb')

    def run(self, *words, expect=0, data=True):
        more = ['--data', self.data] if data else []
        done = subprocess.run([self.program, *words, *more], capture_output=True, cwd=HERE,
                              text=True, timeout=300, check=False)
        if done.returncode != expect:
            raise Failed(f'lantian {" ".join(words)}: exit {done.returncode}, wanted {expect}: '
                         f'{done.stdout[-500:]}{done.stderr[-500:]}')
        return done.stdout

    def make(self, how, clock):
        words = {'init': ['init', '--sandbox'], 'scene': ['demo', '--scene']}.get(how, [how])
        if self.database.uri:
            words += ['--db', self.database.uri]
        if clock and how != 'init':
            words += ['--clock', clock]
        self.run(*words)

    def start(self, clock):
        words = [self.program, 'serve', '--data', self.data, '--listen', '127.0.0.1:0']
        if clock:
            words += ['--clock', clock]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r'http://(\S+:\d+)', line)
        if not found:
            raise Failed(f'the server did not start: {line!r} {self.tail()}')
        self.address = found.group(1).rstrip('/')

    def stop(self):
        """Its exit code."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait() if self.process else 0

    def end(self):
        code = self.stop()
        if code:  # a sanitizer's finding, or worse
            raise Failed(f'the server ended with {code}: {self.tail()}')

    def tail(self):
        self.log.flush()
        with open(os.path.join(self.folder, 'log'), 'rb') as log:
            return log.read()[-800:].decode('utf-8', 'replace')

    def close(self):
        self.stop()
        self.log.close()
        self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


def split_path(path):
    """a.b[0].c[name=x] → parts"""
    for part in re.findall(r'[^.\[\]]+|\[[^\]]*\]', path):
        yield part


def pick(document, path):
    value = document
    for part in split_path(path):
        if part == '[#]':
            value = len(value)
        elif part.startswith('['):
            inner = part[1:-1]
            if '=' in inner:
                name, wanted = inner.split('=', 1)
                found = [row for row in value if str(row.get(name)) == wanted]
                if not found:
                    return None
                value = found[0]
            else:
                index = int(inner)
                if not isinstance(value, list) or not -len(value) <= index < len(value):
                    return None
                value = value[index]
        else:
            if not isinstance(value, dict) or part not in value:
                return None
            value = value[part]
    return value


def as_text(value):
    if value is None:
        return ''
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


class Player:
    """One journey: its names, its sessions, its server."""

    def __init__(self, server):
        self.server = server
        self.names = {}
        self.tokens = {}
        self.account = None
        self.status = None
        self.headers = {}
        self.reply = b''

    def fill(self, text):
        def value(found):
            name = found.group(1)
            if name not in self.names:
                raise Failed(f'{{{name}}} was not saved')
            return self.names[name]
        return re.sub(r'\{\{(\w+)\}\}', value, text)

    def send(self, method, path, headers, body):
        connection = http.client.HTTPConnection(self.server.address, timeout=300)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            self.reply = answer.read()
            self.status = answer.status
            self.headers = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def login(self):
        """Sessions end when the clock moves on, so one is made when it is needed."""
        name = self.account
        if name in (None, 'nobody') or name in self.tokens:
            return
        body = json.dumps({'username': name, 'password': PASSWORD}).encode()
        self.send('POST', '/api/v1/sessions', {'Content-Type': 'application/json'}, body)
        if self.status not in (200, 201):
            raise Failed(f'login of {name}: {self.status} {self.reply[:300]!r}')
        self.tokens[name] = json.loads(self.reply)['token']

    def multipart(self, lines):
        boundary = uuid.uuid4().hex
        out = b''
        for line in lines:
            name, value = line.split('=', 1)
            out += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
            if value.startswith('@'):
                file = HERE / value[1:]
                out += f'; filename="{file.name}"\r\nContent-Type: application/octet-stream'.encode()
                content = file.read_bytes()
            else:
                content = value.encode()
            out += b'\r\n\r\n' + content + b'\r\n'
        return f'multipart/form-data; boundary={boundary}', out + f'--{boundary}--\r\n'.encode()

    def request(self, first, headers, body_lines):
        method, path = first.split(' ', 1)
        path = urllib.parse.quote(self.fill(path.strip()), safe="/?&=%:,-._~+*")
        self.login()
        sent = {'Accept': 'application/json'}
        if self.account and self.account != 'nobody':
            sent['Authorization'] = 'Bearer ' + self.tokens[self.account]
        for line in headers:
            name, value = line.split(':', 1)
            sent[name.strip()] = self.fill(value.strip())
        body = None
        if body_lines and sent.get('Content-Type') == 'multipart/form-data':
            sent['Content-Type'], body = self.multipart([self.fill(line) for line in body_lines])
        elif body_lines:
            sent.setdefault('Content-Type', 'application/json')
            body = self.fill('\n'.join(body_lines)).encode()
        self.send(method, path, sent, body)

    def document(self):
        try:
            return json.loads(self.reply)
        except ValueError as fault:
            raise Failed(f'no JSON: {self.reply[:200]!r}') from fault

    def check(self, line):
        if line.startswith('save '):
            name, path = [part.strip() for part in line[5:].split('=', 1)]
            value = self.headers.get(path[7:].lower()) if path.startswith('header ') else \
                pick(self.document(), self.fill(path))
            if value is None:
                raise Failed(f'nothing at {path}')
            self.names[name] = as_text(value)
            return
        found = re.match(r'(\S+(?: \S+)?) (=|!=|~) ?(.*)$', line)
        if not found:
            raise Failed(f'not understood: {line}')
        path, how, wanted = found.groups()
        wanted = self.fill(wanted)
        if path == 'body':
            value = self.reply.decode('utf-8', 'replace')
        elif path.startswith('header '):
            value = self.headers.get(path[7:].lower(), '')
        else:
            value = as_text(pick(self.document(), self.fill(path)))
        holds = {'=': value == wanted, '!=': value != wanted,
                 '~': re.search(wanted, value, re.S) is not None}[how]
        if not holds:
            raise Failed(f'{path} is {value[:300]!r}, wanted {how} {wanted!r}')

    def directive(self, line):
        word, _, rest = line.partition(' ')
        rest = self.fill(rest)
        if word == 'as':
            self.account = rest
        elif word == 'clock':
            self.send('PUT', '/api/v1/clock', {'Content-Type': 'application/json'},
                      json.dumps({'now': rest}).encode())
            if self.status != 200:
                raise Failed(f'clock: {self.status} {self.reply[:300]!r}')
            self.tokens = {}
        elif word == 'run':
            expect, _, words = rest.partition(' ')
            self.reply = self.server.run(*words.split(), expect=int(expect)).encode()
        elif word == 'restart':
            self.server.end()
            self.server.start(rest or None)
            self.tokens = {}
        else:
            return False
        return True

    def step(self, lines):
        lines = [line for line in lines if not line.startswith('#')]
        while lines and (not lines[0].strip() or self.directive(lines[0].strip())):
            lines.pop(0)
        if not lines:
            return
        if re.match(r'(GET|POST|PUT|PATCH|DELETE|HEAD) ', lines[0]):
            first = lines.pop(0)
            headers, body = [], []
            while lines and lines[0].strip() and not lines[0].startswith('<'):
                headers.append(lines.pop(0))
            while lines and not lines[0].startswith('<'):
                line = lines.pop(0)
                if line.strip():
                    body.append(line)
            self.request(first, headers, body)
            wanted = lines.pop(0)[1:].strip() if lines else '200'
            if str(self.status) not in wanted.split('|'):
                raise Failed(f'{self.status}, wanted {wanted}: '
                             f'{self.reply[:600].decode("utf-8", "replace")}')
        for line in lines:
            if line.strip():
                self.check(line.strip())


def main():
    program, engine, path = sys.argv[1:4]
    text = pathlib.Path(path).read_text(encoding='utf-8')
    head, *steps = re.split(r'^### *', text, flags=re.M)
    options = dict(re.findall(r'^(data|clock) +(\S+)', head, flags=re.M))
    server = Server(program, engine)
    failed = 0
    print(f'1..{len(steps) + 2}')
    try:
        try:
            server.make(options.get('data', 'demo'), options.get('clock'))
            server.start(options.get('clock'))
            print('ok 1 - starts')
        except (Failed, OSError, subprocess.SubprocessError) as fault:
            print(f'not ok 1 - starts\n# {fault}')
            for number in range(len(steps) + 1):
                print(f'not ok {number + 2} - not reached')
            return 1
        player = Player(server)
        for number, step in enumerate([*steps, None], 2):
            name, *lines = step.splitlines() if step else ['the server ends as asked']
            try:
                player.step(lines) if step else server.end()
                print(f'ok {number} - {name}')
            except (Failed, OSError, http.client.HTTPException, KeyError, ValueError) as fault:
                failed += 1
                print(f'not ok {number} - {name}')
                for line in str(fault).splitlines():
                    print(f'# {line}')
        if failed:
            for line in server.tail().splitlines():
                print(f'# log: {line}')
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
