#!/usr/bin/env python3
"""What must survive: kill -9, a full disk, a lost database.

    chaos.py kill|disk|gone PROGRAM LOAD ENGINE SHORT LONG

SHORT, LONG: rounds without and with LANTIAN_LONG. PROGRAM is lantian, LOAD tests/chaos/chaos_load, ENGINE sqlite or postgres. Prints TAP, one test a
round. After each blow nothing that was acknowledged may be missing, `verify` and `rebuild --check`
must pass, and the next round must work. Standard library only.
"""
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

FRESH_EVERY = 25  # rounds on one data directory: its check grows with it
WAIT_S = 120  # for what must come; only a fault waits so long
LONG = bool(os.environ.get('LANTIAN_LONG'))


class Cluster:
    """A PostgreSQL of our own, which may be stopped and started."""

    def __init__(self, folder):
        found = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin/initdb'))
        if not found:
            raise LookupError('no PostgreSQL installed')
        self.bin, self.folder = found[-1].parent, folder
        self.as_user = []
        if os.getuid() == 0:
            self.as_user = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--clear-groups', '--']
            shutil.chown(folder, 'postgres')
        self.run('initdb', '-D', f'{folder}/data', '-A', 'trust', '-U', 'lantian', '-E', 'UTF8', '--locale=C.UTF-8')
        self.start()

    def run(self, program, *words):
        subprocess.run([*self.as_user, self.bin / program, *words], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.run('pg_ctl', '-D', f'{self.folder}/data', '-w', '-l', f'{self.folder}/data/log', '-o',
                 f'-k {self.folder} -c listen_addresses= -c shared_buffers=64MB', 'start')

    def stop(self):
        self.run('pg_ctl', '-D', f'{self.folder}/data', '-m', 'immediate', '-w', 'stop')

    def uri(self, name):
        return f'postgresql://lantian@/{name}?host={self.folder}'


def cluster_of_test():
    """Addresses in the cluster that tests/with-pg made."""
    base = os.environ.get('LANTIAN_TEST_PG')
    if not base:
        raise LookupError('no PostgreSQL cluster (LANTIAN_TEST_PG)')
    return lambda name: re.sub(r'(postgresql://[^/]*/)[^?]*', rf'\g<1>{name}', base)


class Place:
    """A data directory with the scene of the example, made anew from a first one."""

    def __init__(self, program, engine, folder, cluster):
        self.program, self.engine, self.folder, self.cluster = program, engine, folder, cluster
        self.count = 0
        self.dir = None
        self.log = None
        self.uri = None
        self.fresh()

    def fresh(self):
        self.count += 1
        self.dir = self.folder / f'data{self.count}'
        self.log = self.folder / f'acknowledged{self.count}'
        words = ['demo', '--data', str(self.dir), '--scene']
        if self.engine == 'postgres':
            name = f'c{uuid.uuid4().hex[:12]}'
            subprocess.run(['psql', '-q', '-d', self.cluster('postgres'), '-c', f'CREATE DATABASE {name}'],
                           check=True, stdout=subprocess.DEVNULL)
            self.uri = self.cluster(name)
            words += ['--db', self.uri]
        subprocess.run([self.program, *words], check=True, stdout=subprocess.DEVNULL)

    def check(self, load):
        """What does not hold, or ''."""
        for words in ([load, 'check', self.dir, self.log], [self.program, 'verify', '--data', self.dir],
                      [self.program, 'rebuild', '--check', '--data', self.dir]):
            done = subprocess.run(words, capture_output=True, text=True)
            if done.returncode != 0:
                return f'{pathlib.Path(words[0]).name} {words[1]}: {done.stdout}{done.stderr}'.strip()
        return ''

    def acknowledged(self):
        return self.log.read_bytes().count(b'\n') if self.log.exists() else 0


class Tap:
    def __init__(self):
        self.number, self.failed = 0, 0

    def tell(self, what, fault):
        self.number += 1
        self.failed += bool(fault)
        print(f'{"not ok" if fault else "ok"} {self.number} - {what}', flush=True)
        for line in fault.splitlines():
            print(f'# {line}')


def start_load(load, place, limit=None):
    def limit_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    return subprocess.Popen([load, 'write', place.dir, place.log], stderr=subprocess.PIPE, text=True,
                            preexec_fn=limit_files if limit else None)


def wait_for_work(place, before, seconds=WAIT_S):
    until = time.monotonic() + seconds
    while place.acknowledged() <= before and time.monotonic() < until:
        time.sleep(0.005)
    return place.acknowledged() > before


def kill(tap, place, load, rounds):
    """kill -9 at a random moment of the load, now and then before its first act is acknowledged."""
    for number in range(1, rounds + 1):
        if number % FRESH_EVERY == 0:
            place.fresh()
        before = place.acknowledged()
        child = start_load(load, place)
        fault = ''
        if number % 8 and not wait_for_work(place, before):
            fault = 'nothing was acknowledged\n'
        time.sleep(random.random() * 0.25)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        tap.tell(f'kill -9 number {number} on {place.engine}: {place.acknowledged() - before} acts acknowledged, none missing',
                 fault + place.check(load))


def disk(tap, place, load, rounds):
    """The file system takes no more: acts are refused, nothing is lost, work goes on when there is room."""
    for number in range(1, rounds + 1):
        before = place.acknowledged()
        size = (place.dir / 'lantian.db').stat().st_size
        child = start_load(load, place, limit=size + random.randrange(64, 1024) * 1024)
        said = ''
        for line in child.stderr:  # until it is refused, or ends
            said += line
            if 'refused db.' in line:
                break
        child.send_signal(signal.SIGKILL)
        child.communicate()
        fault = '' if 'refused db.' in said else f'no act was refused\n{said[:400]}\n'
        fault += place.check(load)
        child = start_load(load, place)
        if not wait_for_work(place, place.acknowledged()):
            fault += '\ndoes not work again'
        child.send_signal(signal.SIGKILL)
        child.communicate()
        tap.tell(f'full disk {number}: {place.acknowledged() - before} acts acknowledged, none missing, works again',
                 fault + place.check(load))


def gone(tap, place, load, rounds, cluster):
    """The database goes in the middle of work and comes back: the same program works on."""
    child = start_load(load, place)
    for number in range(1, rounds + 1):
        fault = '' if wait_for_work(place, place.acknowledged()) else 'nothing was acknowledged\n'
        time.sleep(random.random() * 0.2)
        cluster.stop()
        time.sleep(0.3)
        cluster.start()
        if not wait_for_work(place, place.acknowledged()):
            fault += 'the program does not work again'
        tap.tell(f'database stopped and started, number {number}: the program works on', fault)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    tap.tell(f'{place.acknowledged()} acts acknowledged, none missing', place.check(load))


def main(blow, program, load, engine, short_rounds, long_rounds):
    rounds = int(long_rounds if LONG else short_rounds)
    tap = Tap()
    folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-chaos.', dir='/tmp'))
    folder.chmod(0o755)
    cluster = None
    try:
        uri = None
        if engine == 'postgres' and blow == 'gone':
            (folder / 'pg').mkdir()
            cluster = Cluster(str(folder / 'pg'))
            uri = cluster.uri
        elif engine == 'postgres':
            uri = cluster_of_test()
        place = Place(program, engine, folder, uri)
        if blow == 'gone':
            gone(tap, place, load, rounds, cluster)
        else:
            {'kill': kill, 'disk': disk}[blow](tap, place, load, rounds)
        print(f'1..{tap.number}')
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if tap.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
