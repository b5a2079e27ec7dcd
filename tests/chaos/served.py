#!/usr/bin/env python3
"""What must survive when the server itself is struck, seen from outside over HTTP.

    served.py kill|disk|full|gone|twins PROGRAM LOAD ENGINE SHORT LONG

kill   kill -9 under load; whatever got no answer is asked again with its Idempotency-Key and must
       have happened once
disk   no room: writes are refused with a problem, reads go on; with room the same process works
full   the same on a small file system of its own that really is full, with an upload as well (needs root)
gone   PostgreSQL stopped and started: 503 meanwhile, then the same process works
twins  two programs on one database: no write lost, one winner a version, each timer once

Arguments as those of chaos.py beside this file, whose places and blows these are.
"""
import collections
import datetime
import errno
import hashlib
import http.client
import json
import pathlib
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from chaos import LONG, Cluster, Place, Tap, cluster_of_test

PASSWORD = 'lantian-demo'
CLERK = 'taskforce'
COUNTIES = ('130523', '130503', '130535', '130581')
THREADS = 12
FRESH_EVERY = 25
WAIT_S = 120  # for what must come; only a fault waits so long


class Server:
    """`lantian serve` on a place."""

    def __init__(self, program, place, clock=None):
        words = [program, 'serve', '--data', str(place.dir), '--listen', '127.0.0.1:0']
        words += ['--clock', clock] if clock else []
        self.log = open(place.folder / 'serve.log', 'ab')
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
        found = re.search(r'http://(\S+:\d+)', self.process.stdout.readline())
        if not found:
            raise RuntimeError(f'the server did not start, see {place.folder}/serve.log')
        self.address = found.group(1)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        if self.process.returncode:  # a sanitizer's finding, or worse
            raise RuntimeError(f'the server ended with {self.process.returncode}, see {self.log.name}')


class Client:
    """One connection that stays open."""

    def __init__(self, address, token=None):
        self.connection = http.client.HTTPConnection(address, timeout=WAIT_S)
        self.token = token

    def ask(self, method, path, body=None, **headers):
        """Status, headers, document."""
        sent = {'Accept': 'application/json'}
        if self.token:
            sent['Authorization'] = 'Bearer ' + self.token
        if body is not None:
            sent['Content-Type'] = 'application/json'
        sent.update((name.replace('_', '-'), value) for name, value in headers.items())
        self.connection.request(method, '/api/v1' + path, json.dumps(body).encode() if body is not None else None, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, answer.headers, json.loads(text) if text else None

    def login(self):
        status, _, document = self.ask('POST', '/sessions', {'username': CLERK, 'password': PASSWORD})
        if status not in (200, 201):
            raise RuntimeError(f'login: {status} {document}')
        self.token = document['token']
        return self.token


LOST = (OSError, http.client.HTTPException, ValueError)


class Load:
    """Clerks who make cases and hand over every second one, at one server or several in turn."""

    def __init__(self, servers, token, place, name, threads=THREADS):
        self.servers, self.token, self.place, self.name = servers, token, place, name
        self.acknowledged = 0
        self.unanswered = []          # (path, body, headers)
        self.refused = collections.Counter()
        self.problem = None           # the last refusal
        self.strange = None           # one that does not say that the database is away
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.log = open(place.log, 'a', encoding='ascii')
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def give(self, client, path, body, headers, wanted):
        """The reply's document where it was acknowledged."""
        try:
            status, _, document = client.ask('POST', path, body, **headers)
        except LOST:
            with self.lock:
                self.unanswered.append((path, body, headers))
            raise
        with self.lock:
            if status == wanted:
                self.acknowledged += 1
                self.log.write(f'{document["id"]} {document["version"]}\n')
                return document
            self.refused[status] += 1
            self.problem = (status, document)
            if status != 503:
                self.strange = self.problem
        time.sleep(0.02)
        return None

    def work(self, worker):
        number = 0
        while not self.ending.is_set():
            client = Client(self.servers[(worker + number) % len(self.servers)].address, self.token)
            other = Client(self.servers[(worker + number + 1) % len(self.servers)].address, self.token)
            try:
                while not self.ending.is_set():
                    number += 1
                    key = f'{self.name}-{worker}-{number}'
                    made = self.give(client, '/cases', {
                        'campaign': 'look-back', 'procedure': 'letter', 'source': 'inspection-petition',
                        'region': random.choice(COUNTIES), 'fields': {'description': f'{key} 养殖场粪水直排河沟'}},
                        {'Idempotency_Key': key}, 201)
                    if made and number % 2:
                        self.give(other, f'/cases/{made["id"]}/commands/hand_over',
                                  {'order_number': '交〔1〕1号'},
                                  {'Idempotency_Key': key + 'h', 'If_Match': f'"{made["version"]}"'}, 200)
            except LOST:
                time.sleep(0.02)

    def wait(self, more, seconds=WAIT_S):
        """Until so many more acts were acknowledged; whether they were."""
        wanted = self.acknowledged + more
        until = time.monotonic() + seconds
        while self.acknowledged < wanted and time.monotonic() < until:
            time.sleep(0.005)
        return self.acknowledged >= wanted

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()
        self.log.close()


def rows(place, sql):
    """Of the database, past the program."""
    if place.engine == 'sqlite':
        connection = sqlite3.connect(place.dir / 'lantian.db')
        try:
            return [tuple(str(cell) for cell in row) for row in connection.execute(sql)]
        finally:
            connection.close()
    done = subprocess.run(['psql', '-qAt', '-F', '\t', '-d', place.uri, '-c', sql], check=True,
                          capture_output=True, text=True)
    return [tuple(line.split('\t')) for line in done.stdout.splitlines()]


def ask_again(client, load):
    """What got no answer, once more with its key; then how often each of it happened."""
    fault = ''
    for path, body, headers in load.unanswered:
        status, _, document = client.ask('POST', path, body, **headers)
        if status not in (200, 201):
            fault += f'{path} asked again: {status} {document}\n'
    titles = collections.Counter(row[0].split(' ')[0] for row in rows(
        load.place, f"SELECT title FROM casefile WHERE title LIKE '{load.name}-%'"))
    for title, count in titles.items():
        if count > 1:
            fault += f'{title} happened {count} times\n'
    for path, body, _ in load.unanswered:
        if path == '/cases' and not titles[body['fields']['description'].split(' ')[0]]:
            fault += f'{body["fields"]["description"]} was answered and did not happen\n'
    return fault


def kill(tap, program, load_program, place, rounds):
    token = None
    for number in range(1, rounds + 1):
        if number % FRESH_EVERY == 0:
            place.fresh()
            token = None
        server = Server(program, place)
        token = token or Client(server.address).login()  # a session outlives the server
        load = Load([server], token, place, f'k{number}')
        fault = '' if number % 8 == 0 or load.wait(1) else f'nothing was acknowledged: {load.problem}\n'
        time.sleep(random.random() * 0.3)
        server.kill()
        load.end()
        fault += place.check(load_program)
        server = Server(program, place)
        fault += ask_again(Client(server.address, token), load)
        server.stop()
        tap.tell(f'kill -9 number {number} of the server on {place.engine}: {load.acknowledged} acts acknowledged, '
                 f'none missing; {len(load.unanswered)} unanswered, each once', fault)


def wait_for_refusal(load, seconds=WAIT_S):
    until = time.monotonic() + seconds
    while not load.refused and time.monotonic() < until:
        time.sleep(0.01)
    status, document = load.problem or (0, None)
    if status != 503 or not document.get('title') or not document.get('detail'):
        return f'no clear refusal: {status} {document}\n'
    return ''


def disk(tap, program, load_program, place, rounds):
    server = Server(program, place)
    client = Client(server.address)
    token = client.login()
    for number in range(1, rounds + 1):
        size = sum((place.dir / name).stat().st_size for name in ('lantian.db', 'lantian.db-wal'))
        load = Load([server], token, place, f'd{number}')
        fault = '' if load.wait(1) else 'nothing was acknowledged\n'
        limit = max((place.dir / name).stat().st_size for name in ('lantian.db', 'lantian.db-wal'))
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE,
                         (limit + random.randrange(8, 512) * 1024, resource.RLIM_INFINITY))
        fault += wait_for_refusal(load)
        status, _, document = client.ask('GET', '/cases')
        if status != 200:
            fault += f'reading while the disk is full: {status} {document}\n'
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if not load.wait(1):
            fault += f'does not work again: {load.problem}\n'
        load.end()
        fault += f'{load.strange}\n' if load.strange else ''
        fault += place.check(load_program)
        tap.tell(f'full disk {number} ({size >> 10} KiB): refused {dict(load.refused)}, {load.acknowledged} acts '
                 'acknowledged, none missing, the same server works again', fault)
    server.stop()


class SmallDisk:
    """The data directory of a place on a file system with little room left."""

    ROOM = 24 << 20  # a write-ahead log beside the example must not be what fills it

    def __init__(self, place):
        self.at = place.folder / 'small'
        self.at.mkdir()
        taken = sum(file.stat().st_size for file in place.dir.rglob('*') if file.is_file())
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={taken + self.ROOM}', 'tmpfs', str(self.at)],
                              capture_output=True, text=True)
        if done.returncode:
            raise LookupError(f'no file system of one\'s own: {done.stderr.strip()}')
        place.dir = pathlib.Path(shutil.copytree(place.dir, self.at / 'data'))
        self.ballast = self.at / 'ballast'

    def grow(self):
        """So much room again beyond what is taken."""
        taken = shutil.disk_usage(self.at).used
        subprocess.run(['mount', '-o', f'remount,size={taken + self.ROOM}', str(self.at)], check=True)

    def fill(self):
        with open(self.ballast, 'wb', buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise

    def empty(self):
        self.ballast.unlink()

    def close(self):
        subprocess.run(['umount', '-l', str(self.at)], check=True)


def upload(client, picture):
    """One file for a case to come; status and document."""
    boundary = 'ballast'
    body = (f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nafter\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
            'Content-Type: image/png\r\n\r\n').encode() + picture + f'\r\n--{boundary}--\r\n'.encode()
    client.connection.request('POST', '/api/v1/evidence', body, {
        'Accept': 'application/json', 'Authorization': 'Bearer ' + client.token,
        'Content-Type': f'multipart/form-data; boundary={boundary}'})
    answer = client.connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if text else None


def full_round(server, client, place, disk, number, picture):
    """Refused in words while it is full, all of it works when there is room; what does not hold."""
    disk.grow()
    load = Load([server], client.token, place, f'f{number}')
    fault = '' if load.wait(1) else 'nothing was acknowledged\n'
    disk.fill()
    fault += wait_for_refusal(load)
    status, document = upload(Client(server.address, client.token), picture)
    if status not in (500, 503, 507) or not document.get('title') or not document.get('detail'):
        fault += f'an upload on a full disk: {status} {document}\n'
    status, _, document = client.ask('GET', '/cases')
    if status != 200:
        fault += f'reading while the disk is full: {status} {document}\n'
    disk.empty()
    if not load.wait(1):
        fault += f'does not work again: {load.problem}\n'
    status, document = upload(Client(server.address, client.token), picture)
    if status != 201 or document['sha256'] != hashlib.sha256(picture).hexdigest():
        fault += f'an upload when there is room again: {status} {document}\n'
    load.end()
    return load, fault + (f'{load.strange}\n' if load.strange else '')


def full(tap, program, load_program, place, rounds):
    picture = (pathlib.Path(__file__).parents[2] / 'data/demo/evidence/after.png').read_bytes()
    disk = SmallDisk(place)
    try:
        server = Server(program, place)
        client = Client(server.address)
        client.login()
        for number in range(1, rounds + 1):
            load, fault = full_round(server, client, place, disk, number, picture)
            fault += place.check(load_program)
            tap.tell(f'full file system {number}: refused {dict(load.refused)}, {load.acknowledged} acts acknowledged, '
                     'none missing, no upload half there, the same server works again', fault)
        server.stop()
    finally:
        disk.close()


def gone(tap, program, load_program, place, rounds, cluster):
    server = Server(program, place)
    token = Client(server.address).login()
    for number in range(1, rounds + 1):
        load = Load([server], token, place, f'g{number}')
        fault = '' if load.wait(1) else f'nothing was acknowledged: {load.problem}\n'
        time.sleep(random.random() * 0.2)
        load.refused.clear()
        cluster.stop()
        fault += wait_for_refusal(load)
        cluster.start()
        if not load.wait(1):
            fault += f'does not work again: {load.problem}\n'
        load.end()
        fault += f'{load.strange}\n' if load.strange else ''
        fault += place.check(load_program)
        tap.tell(f'database stopped and started, number {number}: refused {dict(load.refused)}, {load.acknowledged} '
                 'acts acknowledged, none missing, the same server works again', fault)
    server.stop()


def race(servers, token):
    """The same step of one case at two servers at once: statuses of both."""
    statuses = []

    def step(server, ref, version):
        statuses.append(Client(server.address, token).ask(
            'POST', f'/cases/{ref}/commands/hand_over', {'order_number': '1'}, If_Match=f'"{version}"')[0])
    _, _, made = Client(servers[0].address, token).ask('POST', '/cases', {
        'campaign': 'look-back', 'procedure': 'letter', 'region': COUNTIES[0], 'source': 'inspection-petition',
        'fields': {'description': '两处同时转办'}})
    both = [threading.Thread(target=step, args=(server, made['id'], made['version'])) for server in servers]
    for one in both:
        one.start()
    for one in both:
        one.join()
    return sorted(statuses)


def move_clocks(servers, token, to):
    """All at once, and a `tick` beside them."""
    movers = [threading.Thread(target=lambda server=server: Client(server.address, token).ask('PUT', '/clock', {'now': to}))
              for server in servers]
    for mover in movers:
        mover.start()
    return movers


def twins(tap, program, load_program, place, rounds):
    for number in range(1, rounds + 1):
        if number > 1:
            place.fresh()
        servers = [Server(program, place), Server(program, place)]
        token = Client(servers[0].address).login()
        load = Load(servers, token, place, f't{number}')
        fault = '' if load.wait(60) else f'too little was acknowledged: {load.problem}\n'
        load.end()
        if load.refused or load.unanswered:
            fault += f'refused {dict(load.refused)} {load.problem}, unanswered {len(load.unanswered)}\n'
        for _ in range(5):
            statuses = race(servers, token)
            if statuses not in ([200, 412], [200, 409]):
                fault += f'two at once: {statuses}\n'
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=40)
        later = moment.isoformat()
        movers = move_clocks(servers, token, later)
        ticked = subprocess.run([program, 'tick', '--data', place.dir, '--clock', later], capture_output=True, text=True)
        for mover in movers:
            mover.join()
        if ticked.returncode:
            fault += f'tick: {ticked.stdout}{ticked.stderr}\n'
        for server in servers:
            server.stop()
        lapsed = collections.Counter()
        for ref, payload in rows(place, "SELECT prefecture || '-' || casefile, payload FROM event WHERE type = 'clock_lapsed'"):
            what = json.loads(payload)
            lapsed[ref, what['clock'], what.get('started_seq')] += 1
        twice = [clock for clock, count in lapsed.items() if count > 1]
        waiting = rows(place, 'SELECT casefile, name FROM deadline WHERE lapsed = 0 AND stopped_at IS NULL '
                              f'AND end_at <= {int(moment.timestamp() * 1000)}')  # duties opened by then end later
        if twice or waiting or not lapsed:
            fault += f'{len(lapsed)} clocks lapsed, {len(twice)} twice, {len(waiting)} not: {twice[:3]} {waiting[:3]}\n'
        fault += place.check(load_program)
        tap.tell(f'two programs on one {place.engine} database, number {number}: {load.acknowledged} acts acknowledged, '
                 f'none missing; one winner a version; {len(lapsed)} clocks lapsed once', fault)


def main(blow, program, load_program, engine, short_rounds, long_rounds):
    rounds = int(long_rounds if LONG else short_rounds)
    tap = Tap()
    folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-chaos.', dir='/tmp'))
    folder.chmod(0o755)
    cluster = None
    try:
        if blow == 'gone':
            (folder / 'pg').mkdir()
            cluster = Cluster(str(folder / 'pg'))
        uri = cluster.uri if cluster else cluster_of_test() if engine == 'postgres' else None
        place = Place(program, engine, folder, uri)
        if blow == 'gone':
            gone(tap, program, load_program, place, rounds, cluster)
        else:
            {'kill': kill, 'disk': disk, 'full': full, 'twins': twins}[blow](tap, program, load_program, place, rounds)
        print(f'1..{tap.number}')
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
    finally:
        if cluster:
            cluster.stop()
        if not tap.failed:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if tap.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
