#!/usr/bin/env python3
"""Who hears of what: stream.py PROGRAM ENGINE

A case is written in while its office, its unit and a stranger listen. Prints TAP. Standard library
only.
"""
import http.client
import json
import sys
import time

from badinput import CLOCK, Tests
from run_journey import Failed, Server

WAIT_S = 120  # for what must come
QUIET_S = 2   # for what must not


class Listener:
    """One open stream."""

    def __init__(self, tests, name, last=None):
        token = tests.session(name).json()['token']
        self.connection = http.client.HTTPConnection(tests.server.address, timeout=WAIT_S)
        headers = {'Authorization': 'Bearer ' + token, 'Accept': 'text/event-stream'}
        if last:
            headers['Last-Event-ID'] = last
        self.connection.request('GET', '/api/v1/events/stream', headers=headers)
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.last = last

    def event(self, wait=WAIT_S):
        """The next one, or None when nothing comes: signs of life between do not lengthen the wait."""
        fields = {}
        ends = time.monotonic() + wait
        try:
            while True:
                self.socket.settimeout(max(ends - time.monotonic(), 0.001))
                line = self.answer.fp.readline().decode()
                if not line:
                    return None
                line = line.rstrip('\r\n')
                name, _, value = line.partition(':')
                if line == '' and fields:
                    self.last = fields.get('id', self.last)
                    return fields
                if name in ('id', 'event', 'data', 'retry'):
                    fields[name] = value.strip()
        except (TimeoutError, OSError):
            return None

    def close(self):
        self.connection.close()


class Story(Tests):
    """The steps share one case."""

    case = None
    office = stranger = None

    def note(self):
        self.case = self.wants(200, 'POST', f'/cases/{self.case["id"]}/commands/note',
                               {'text': '已电话联系。'}, If_Match=f'"{self.case["version"]}"').json()

    def set_clock(self, now):
        """Sessions end with their day, so each day begins with a new one."""
        self.wants(200, 'PUT', '/clock', {'now': now})
        self.token = self.session('office').json()['token']

    def holds_case(self, event):
        self.hold(event and event.get('event') == 'case', event)
        if event:
            data = json.loads(event['data'])
            self.hold(data == {'case': self.case['id'], 'version': self.case['version']}, data)

    def test_the_stream_is_for_who_is_logged_in(self):
        self.hold(self.send('GET', '/api/v1/events/stream').status == 401, 'nobody')
        self.wants(400, 'GET', '/events/stream', Last_Event_ID='not a place')

    def test_a_listener_learns_where_it_stands(self):
        self.case = self.make_case()
        self.office, self.stranger = Listener(self, 'office'), Listener(self, 'county')
        for listener in (self.office, self.stranger):
            first = listener.event()
            self.hold(listener.status == 200 and first and first.get('id'), first)
        kind = self.office.answer.getheader('Content-Type', '')
        self.hold(kind.startswith('text/event-stream'), kind)
        self.hold(self.office.answer.getheader('X-Content-Type-Options') == 'nosniff', 'headers')

    def test_the_office_hears_of_its_case(self):
        self.note()
        self.holds_case(self.office.event())

    def test_a_stranger_hears_nothing(self):
        self.hold(self.stranger.event(QUIET_S) is None, 'the stranger heard something')

    def test_who_was_away_reads_on_from_where_they_were(self):
        place = self.office.last
        self.office.close()
        self.note()
        self.note()
        back = Listener(self, 'office', place)
        self.holds_case(back.event())
        self.hold(back.last != place, 'the place did not move')
        again = Listener(self, 'office', back.last)
        self.hold(again.event(QUIET_S) is None, 'heard twice')
        back.close()
        again.close()

    def test_a_clock_that_runs_out_is_told_as_a_deadline(self):
        listener = Listener(self, 'office')
        listener.event()
        heard = set()
        for day in range(21, 31):  # one at a time: who misses a thousand is told to read anew
            self.set_clock(f'2026-11-{day}T09:00:00+08:00')
            while 'deadline' not in heard:
                event = listener.event(QUIET_S)
                if event is None:
                    break
                heard.add(event.get('event'))
        self.hold('deadline' in heard, heard)

    def test_the_program_ends_while_somebody_listens(self):
        Listener(self, 'office')
        self.server.stop()
        self.hold(self.server.process.returncode == 0, 'exit', self.server.process.returncode)


def main():
    program, engine = sys.argv[1:3]
    server = Server(program, engine)
    failed = 0
    try:
        server.make('demo', CLOCK)
        server.start(CLOCK)
        story = Story(server)
        names = [name for name in vars(Story) if name.startswith('test_')]
        print(f'1..{len(names)}')
        for number, name in enumerate(names, 1):
            story.faults = []
            try:
                getattr(story, name)()
            except (Failed, KeyError, TypeError, ValueError, AttributeError, OSError,
                    http.client.HTTPException) as fault:
                story.faults.append(f'{type(fault).__name__}: {fault}')
            print(f'{"not " if story.faults else ""}ok {number} - {name[5:].replace("_", " ")}')
            for fault in story.faults:
                print(f'# {fault}')
            failed += bool(story.faults)
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
