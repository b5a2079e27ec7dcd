#!/usr/bin/env python3
"""Whoever changes the ledger behind the program's back is found, and the place is named.

    tamper.py PROGRAM LOAD ENGINE SHORT LONG

Makes a ledger with the load of chaos.py, then again and again: a copy of it, one change with the
triggers off, `lantian verify --json`. SHORT, LONG: changes of random bytes without and with
LANTIAN_LONG; the other kinds of change are all tried. Prints TAP. Standard library only.
"""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

KEYS = ('prefecture', 'casefile', 'sequence')
TEXTS = ('actor', 'command', 'type', 'clause', 'pack', 'payload', 'hash')
NUMBERS = ('recorded_at', 'happened_at', 'writer', 'commit_number', 'position')
TABLES = ('event', 'commit_link', 'leaf', 'merkle_node', 'checkpoint')
LONG = bool(os.environ.get('LANTIAN_LONG'))


class Lite:
    """A ledger in a file: a copy is a copy of the folder."""

    def __init__(self, folder):
        self.folder, self.first = folder, folder / 'first'
        self.words = ['--data', self.first]

    def copy(self):
        place = self.folder / 'copy'
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.first, place)
        self.path = place / 'lantian.db'
        with sqlite3.connect(self.path) as db:
            for table in TABLES:
                for what in ('update', 'delete'):
                    db.execute(f'DROP TRIGGER {table}_no_{what}')
        return place

    def query(self, sql):
        with sqlite3.connect(self.first / 'lantian.db') as db:
            return [[str(x) for x in row] for row in db.execute(sql)]

    def change(self, sql):
        with sqlite3.connect(self.path) as db:
            db.executescript(sql)


class Postgres:
    """A ledger on a server: a copy is a database made from another as its template."""

    def __init__(self, folder):
        base = os.environ.get('LANTIAN_TEST_PG')
        if not base:
            raise LookupError('no PostgreSQL cluster (LANTIAN_TEST_PG)')
        self.folder, self.first = folder, folder / 'first'
        self.uri = lambda name: re.sub(r'(postgresql://[^/]*/)[^?]*', rf'\g<1>{name}', base)
        self.name = f'tamper{os.getpid()}'
        self.psql('postgres', f'CREATE DATABASE {self.name}')
        self.words = ['--data', self.first, '--db', self.uri(self.name)]

    def psql(self, name, sql):
        return subprocess.run(['psql', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', self.uri(name)],
                              input=sql, text=True, check=True, capture_output=True).stdout

    def copy(self):
        place = self.folder / 'copy'
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.first, place)
        self.psql('postgres', f'DROP DATABASE IF EXISTS {self.name}c WITH (FORCE)')
        self.psql('postgres', f'CREATE DATABASE {self.name}c TEMPLATE {self.name}')
        config = place / 'lantian.yaml'
        config.write_text(config.read_text().replace(self.name, self.name + 'c'))
        return place

    def query(self, sql):
        return [line.split('\t') for line in self.psql(self.name, sql).splitlines()]

    def change(self, sql):
        self.psql(f'{self.name}c', ''.join(f'ALTER TABLE {table} DISABLE TRIGGER ALL;' for table in TABLES) + sql)


def where(row):
    return f"prefecture = '{row['prefecture']}' AND casefile = {row['casefile']} AND sequence = {row['sequence']}"


def another_text(text):
    """The same with one character changed, added or removed."""
    at = random.randrange(len(text) + 1)
    kind = random.choice(('change', 'add', 'remove'))
    if kind == 'add' or at == len(text):
        return text[:at] + 'x' + text[at:]
    if kind == 'remove':
        return text[:at] + text[at + 1:]
    return text[:at] + ('y' if text[at] != 'y' else 'z') + text[at + 1:]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def byte_change(row):
    """(what, SQL, expected place) of one change inside one event."""
    column = random.choice(TEXTS + NUMBERS)
    if column in TEXTS:
        new = quoted(another_text(row[column]))
    else:
        # Far enough that no unique index sees it before we do.
        new = str(int(row[column]) + random.choice((7000, 100000)))
    place = None if column in ('writer', 'commit_number', 'position') else row
    return f'{column} of an event', f'UPDATE event SET {column} = {new} WHERE {where(row)};', place



def followed(by_case):
    """An event of a case behind which its writer has committed something else. A tail that is cut
    off whole shows by a checkpoint only, so no such case is taken here."""
    last = {}
    for rows in by_case.values():
        for row in rows:
            last[row['writer']] = max(last.get(row['writer'], 0), int(row['commit_number']))
    for rows in by_case.values():
        for row in rows:
            own = max(int(other['commit_number']) for other in rows if other['writer'] == row['writer'])
            if own < last[row['writer']]:
                return row
    raise LookupError('every case is the last of its writer')


def other_changes(events):
    """Every other kind: (what, SQL, the event that is named, or None for a commit)."""
    by_case = {}
    for row in events:
        by_case.setdefault((row['prefecture'], row['casefile']), []).append(row)
    long_case = random.choice([rows for rows in by_case.values() if len(rows) >= 3])
    victim, last = long_case[1], long_case[-1]
    casefile = f"prefecture = '{victim['prefecture']}' AND casefile = {victim['casefile']}"
    yield 'an event in the middle is removed', f'DELETE FROM event WHERE {where(victim)};', victim
    yield 'the last event of a case is removed', f'DELETE FROM event WHERE {where(last)};', None
    yield 'a whole case is removed', f'DELETE FROM event WHERE {casefile};', None
    inner = f"prefecture = '{(held := followed(by_case))['prefecture']}' AND casefile = {held['casefile']}"
    yield ('a whole case and its commits are removed',
           f'DELETE FROM commit_link WHERE (writer, number) IN (SELECT writer, commit_number FROM event WHERE {inner});'
           f'DELETE FROM event WHERE {inner};', None)
    yield ('two events of a case are swapped',
           f"UPDATE event SET sequence = -1 WHERE {where(long_case[1])};"
           f"UPDATE event SET sequence = {long_case[1]['sequence']} WHERE {where(long_case[2])};"
           f"UPDATE event SET sequence = {long_case[2]['sequence']} WHERE {casefile} AND sequence = -1;", long_case[1])
    two = random.sample([rows for rows in by_case.values() if len(rows) >= 2], 2)
    a, b = sorted((two[0][1], two[1][1]), key=lambda r: (r['prefecture'], int(r['casefile'])))
    yield ('the contents of two events are swapped',
           f"UPDATE event SET payload = {quoted(b['payload'] + ' ')}, hash = {quoted(b['hash'])} WHERE {where(a)};"
           f"UPDATE event SET payload = {quoted(a['payload'])}, hash = {quoted(a['hash'])} WHERE {where(b)};", a)
    yield 'a commit link is removed', f"DELETE FROM commit_link WHERE writer = {last['writer']} AND number = {last['commit_number']};", None
    yield ('a commit link is changed',
           f"UPDATE commit_link SET recorded_at = recorded_at + 1 WHERE writer = {last['writer']} AND number = {last['commit_number']};", None)
    signed = 'SELECT max(size) FROM checkpoint'
    yield ('the last commit of a writer is cut off whole',
           f"DELETE FROM event WHERE writer = {last['writer']} AND commit_number = (SELECT max(number) FROM commit_link WHERE writer = {last['writer']});"
           f"DELETE FROM commit_link WHERE writer = {last['writer']} AND number = (SELECT max(number) FROM commit_link WHERE writer = {last['writer']});", None)
    yield 'a leaf is removed', f"DELETE FROM leaf WHERE number = (SELECT max(number) FROM leaf) - {random.randrange(20)};", None
    yield 'a leaf points elsewhere', "UPDATE leaf SET sequence = sequence + 7000 WHERE number = (SELECT max(number) FROM leaf);", None
    yield 'a kept node is changed', "UPDATE merkle_node SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE place = 0 AND level = 8;", None
    for column in ('root', 'public_key', 'signature', 'heads'):
        yield (f'{column} of a checkpoint is changed',
               f"UPDATE checkpoint SET {column} = (CASE substr({column}, 1, 1) WHEN '1' THEN '2' ELSE '1' END) || substr({column}, 2) WHERE size = ({signed});", None)
    yield 'the time of a checkpoint is changed', f"UPDATE checkpoint SET made_at = made_at + 1 WHERE size = ({signed});", None
    yield 'the last id that was given is changed', f"UPDATE commit_link SET last_id = last_id + 1 WHERE writer = {last['writer']} AND number = (SELECT max(number) FROM commit_link WHERE writer = {last['writer']});", None


def verdict(program, place):
    done = subprocess.run([program, 'verify', '--data', place, '--json'], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def judge(program, place, named):
    code, said, errors = verdict(program, place)
    broken = said.get('first_broken')
    if code != 1 or said.get('ok') is not False or not broken:
        return f'exit {code}, {said} {errors}'
    if named and (broken['case'] != f"{named['prefecture']}-{named['casefile']}" or str(broken['sequence']) != str(named['sequence'])):
        return f"named {broken}, not {named['prefecture']}-{named['casefile']} {named['sequence']}"
    if not named and broken['case'] is None and broken['commit'] is None and broken['checkpoint'] is None:
        return f'names nothing: {broken}'
    return ''


def make_ledger(program, load, store):
    subprocess.run([program, 'demo', *store.words, '--scene'], check=True, stdout=subprocess.DEVNULL)
    log = store.folder / 'acknowledged'
    child = subprocess.Popen([load, 'write', store.first, log, '4'], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while time.monotonic() < until and (not log.exists() or log.read_bytes().count(b'\n') < 40):
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    subprocess.run([program, 'checkpoint', '--data', store.first], check=True, stdout=subprocess.DEVNULL)
    names = KEYS + TEXTS + NUMBERS
    rows = store.query(f"SELECT {', '.join(names)} FROM event WHERE prefecture <> '000000' ORDER BY prefecture, casefile, sequence")
    return [dict(zip(names, row)) for row in rows]


def main(program, load, engine, short, long):
    folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-tamper.', dir='/tmp'))
    failed = number = 0
    try:
        store = (Lite if engine == 'sqlite' else Postgres)(folder)
        events = make_ledger(program, load, store)
        changes = list(other_changes(events))
        changes += [byte_change(random.choice(events)) for _ in range(int(long if LONG else short))]
        if verdict(program, store.copy())[0] != 0:
            raise SystemExit('the ledger is not whole before anything is changed')
        for what, sql, named in changes:
            place = store.copy()
            store.change(sql)
            fault = judge(program, place, named)
            number += 1
            failed += bool(fault)
            print(f'{"not ok" if fault else "ok"} {number} - {engine}: {what}', flush=True)
            if fault:
                print('# ' + fault.replace('\n', '\n# ') + '\n# ' + sql)
        print(f'1..{number}')
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
