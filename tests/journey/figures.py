#!/usr/bin/env python3
"""Every number opens to its rows: figures.py PROGRAM ENGINE

Of each report and each table of figures, for several readers: the list behind a number holds as many cases (or
batches) as the number says. Prints TAP. Standard library only.
"""
import shutil
import sys

from matrix import Client
from run_journey import Server

CLOCK = '2026-11-20T09:00:00+08:00'
GROUPS = ('region', 'state', 'tier', 'type', 'unit', 'month', 'batch')
PEOPLE = {'taskforce': GROUPS, 'office': ('source', 'like'), 'bureau': ('region',)}
NUMBERS = (('count', 'url'), ('open', 'open_url'), ('overdue', 'overdue_url'), ('ended', 'ended_url'))


class Story:
    def __init__(self, program, engine):
        self.server = Server(program, engine)
        self.number = self.failed = 0

    def hold(self, good, what, more=()):
        self.number += 1
        self.failed += not good
        print(f'{"ok" if good else "not ok"} {self.number} - {what}', flush=True)
        for line in list(more)[:8]:
            print(f'# {line}', flush=True)

    @staticmethod
    def rows_behind(client, url):
        status, page = client.call('GET', f'/api/v1{url}')
        if status != 200:
            return f'{status} {page}'
        if url.startswith('/stats'):
            return sum(len(group['rows']) for group in page['groups'])
        return page['count']

    def compare(self, client, pairs):
        """(number, url, where) → those that do not agree"""
        wrong = []
        for number, url, where in pairs:
            behind = self.rows_behind(client, url)
            if behind != number:
                wrong.append(f'{where}: {number}, but {behind} behind {url}')
        return wrong

    def reports(self, client):
        pairs = []
        _, listed = client.call('GET', '/api/v1/reports')
        for item in listed['items']:
            status, report = client.call('GET', '/api/v1' + item['url'])
            assert status == 200, report
            for figure in report['figures']:
                if '%' not in figure['text'] and figure['n'] >= 0:
                    pairs.append((figure['n'], figure['url'], f'{item["id"]} {figure["id"]}'))
            for table in report['tables']:
                pairs += self.of_rows(table['rows'], f'{item["id"]} {table["id"]}')
        return pairs

    @staticmethod
    def of_rows(rows, where):
        return [(row[number], row[url], f'{where} {row["label"]} {number}')
                for row in rows if row['url'] for number, url in NUMBERS]

    def tables(self, client, by):
        status, page = client.call('GET', f'/api/v1/stats?by={by}')
        assert status == 200, page
        return [pair for group in page['groups']
                for pair in self.of_rows(group['rows'], f'{by} {group["procedure"]}')]

    def play(self):
        self.server.make('demo', CLOCK)
        self.server.start(CLOCK)
        seen = 0
        for name, groups in PEOPLE.items():
            client = Client(self.server, name)
            pairs = self.reports(client)
            self.hold(not (wrong := self.compare(client, pairs)), f'{name}: {len(pairs)} numbers of reports', wrong)
            seen += len(pairs)
            for by in groups:
                pairs = self.tables(client, by)
                wrong = self.compare(client, pairs)
                self.hold(not wrong, f'{name}: {len(pairs)} numbers by {by}', wrong)
                seen += len(pairs)
        self.hold(seen > 100, f'{seen} numbers were opened')
        print(f'1..{self.number}')


def main(program, engine):
    try:
        story = Story(program, engine)
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
