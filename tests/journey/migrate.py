#!/usr/bin/env python3
"""A campaign is changed over to another version of its pack: migrate.py PROGRAM ENGINE PACK.yaml

The new version waits longer for an acceptance and calls one state otherwise, so that some cases move
and some cannot. Prints TAP. Standard library only.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

from run_journey import Failed, Server

CLOCK = '2026-11-20T09:00:00+08:00'
CAMPAIGN = 'district-routine'


class Story:
    """One data directory and two versions of a pack."""

    def __init__(self, server, pack):
        self.server = server
        self.report = None
        text = pathlib.Path(pack).read_text(encoding='utf-8')
        text = re.sub(r'^version: (\d+)', lambda m: f'version: {int(m.group(1)) + 1}', text, flags=re.M)
        text, changed = re.subn(r'(accept_days:\s*\{value: )10', r'\g<1>15', text)
        if not changed:
            raise Failed('the pack has no accept_days')
        text = re.sub(r'\bplanning\b(?! *})', 'drafting_plan', text)
        text = text.replace('drafting_plan: {', 'drafting_plan: {like: planning, ', 1)
        self.pack = os.path.join(server.folder, 'new.yaml')
        pathlib.Path(self.pack).write_text(text, encoding='utf-8')

    def migrate(self, *words, expect=0):
        done = subprocess.run([self.server.program, 'regime', 'migrate', '--data', self.server.data,
                               '--campaign', CAMPAIGN, '--clock', CLOCK, *words],
                              capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != expect:
            raise Failed(f'exit {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}')
        return done.stdout

    def hold(self, truth, *what):
        if not truth:
            raise Failed(' '.join(str(part) for part in what)[:600])

    def preview(self):
        self.report = json.loads(self.migrate('--preview', '--json', self.pack))
        report = self.report
        self.hold(report['moved'] > 0 and report['left'] > 0, report)
        self.hold(report['moved'] + report['left'] == len(report['cases']), report)
        for case in report['cases']:
            self.hold(case['fits'] != (case['state'] == 'planning'), case)
            self.hold(case['fits'] or case['why'] == 'state', case)

    def preview_changes_nothing(self):
        again = json.loads(self.migrate('--preview', '--json', self.pack))
        self.hold(again == self.report, 'the second look differs')

    def clocks_are_told(self):
        moved = collections.Counter(clock['name'] for case in self.report['cases']
                                    for clock in case['clocks'])
        for case in self.report['cases']:
            for clock in case['clocks']:
                self.hold(clock['due_new'] > clock['due'], clock)
        self.hold(set(moved) <= {'acceptance'}, moved)

    def change(self):
        done = json.loads(self.migrate('--json', self.pack))
        self.hold(done['moved'] == self.report['moved'] and done['left'] == self.report['left'], done)

    def again(self):
        done = json.loads(self.migrate('--json', '--to', self.report['to']))
        self.hold(done['moved'] == 0 and done['left'] == self.report['left'], done)

    def whole(self):
        self.server.run('verify')
        self.server.run('rebuild', '--check')

    def refused(self):
        self.migrate(expect=2)
        self.migrate('--to', 'no-such-pack', expect=1)
        self.migrate('--to', self.report['to'], self.pack, expect=2)


def main():
    program, engine, pack = sys.argv[1:4]
    server = Server(program, engine)
    failed = 0
    try:
        server.make('demo', CLOCK)
        story = Story(server, pack)
        steps = [
            ('a preview lists what moves and what the new pack lacks', story.preview),
            ('a preview changes nothing', story.preview_changes_nothing),
            ('clocks that would come out otherwise are told', story.clocks_are_told),
            ('cases that fit are changed over', story.change),
            ('the second time there is nothing left to do', story.again),
            ('ledger and rows agree', story.whole),
            ('what cannot be understood is refused', story.refused),
        ]
        print(f'1..{len(steps)}')
        for number, (name, step) in enumerate(steps, 1):
            try:
                step()
                print(f'ok {number} - {name}')
            except (Failed, KeyError, TypeError, ValueError, OSError) as fault:
                failed += 1
                print(f'not ok {number} - {name}')
                print(f'# {type(fault).__name__}: {fault}'.replace('\n', '\n# '))
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
