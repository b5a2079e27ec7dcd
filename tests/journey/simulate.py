#!/usr/bin/env python3
"""Campaigns played by clerks who know no regime, through `lantian simulate`: simulate.py PROGRAM ENGINE

Two regions, two rounds of each campaign of the example. Played twice, the ledger says the same both times.
Prints TAP.
"""
import json
import os
import subprocess
import sys

from run_journey import Failed, Server

CLOCK = '2026-03-20T09:00:00+08:00'
CAMPAIGNS = {'look-back': ['--problems', '60'], 'district-routine': ['--problems', '60'], 'blue-sky': ['--problems', '60', '--teams', '6', '--staff', '8']}
SEED = 20190507


def play(server, campaign, options, seed=SEED):
    words = [server.program, 'simulate', '--data', server.data, '--campaign', campaign, '--rounds', '2', '--seed', str(seed),
             '--regions', '2', '--json', *options]
    done = subprocess.run(words, capture_output=True, text=True, timeout=800, check=False)
    if done.returncode not in (0, 1):
        raise Failed(f'{" ".join(words)}: exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}')
    return json.loads(done.stdout)


def different(one, other):
    """What of two answers is not in both."""
    if not isinstance(one, list):
        return f'{one}, then {other}'
    lost, gained = [row for row in one if row not in other], [row for row in other if row not in one]
    return f'{lost}, then {gained}' if lost or gained else f'in another order: {one}, then {other}'


class Played:
    """The two plays of one campaign."""

    def __init__(self, program, engine, campaign):
        self.program, self.engine, self.campaign = program, engine, campaign
        self.options = CAMPAIGNS[campaign]
        self.said = []

    def scene(self):
        server = Server(self.program, self.engine)
        server.make('scene', CLOCK)
        return server

    def comes_to_an_end(self):
        server = self.scene()
        try:
            first = play(server, self.campaign, self.options)
            self.said.append(first)
            if first['accepted'] < 300:
                raise Failed(f'{first["accepted"]} commands, {first["refusals"][:9]}')
            teams = [row for row in first['cases'] if row['procedure'] == 'team' and row['ended']]
            if '--teams' in self.options and not teams:
                raise Failed(f'no team has worked to its end: {first["cases"]}')
            if len({row['procedure'] for row in first['cases'] if row['ended']}) < 8:
                raise Failed(f'few came to an end: {first["cases"]}')
            self.does_not_go_back(server, first)
            self.reported = subprocess.run([server.program, 'report', 'bodies', '--data', server.data, '--campaign', self.campaign, '--json'],
                                           capture_output=True, text=True, check=False, timeout=120)
        finally:
            server.close()

    def does_not_go_back(self, server, first):
        too_early = subprocess.run([server.program, 'simulate', '--data', server.data, '--campaign', self.campaign, '--rounds', '1',
                                    '--from', first['last']], capture_output=True, text=True, check=False,
                                   env={**os.environ, 'LANTIAN_LANG': 'en'})
        if too_early.returncode != 1 or 'too early' not in too_early.stderr:
            raise Failed(f'a day that is over: {too_early.returncode} {too_early.stderr}')

    def whole(self):
        first = self.said[0]
        if not first['ledger_whole'] or not first['rows_same'] or first['troubles'] or (first['stuck'] and self.campaign != 'blue-sky'):
            raise Failed(f'{first["stuck"]} {first["troubles"]} {first["ledger_whole"]} {first["rows_same"]}')

    def is_covered_every_day(self):
        """Each region that was played, on every day; a region without anybody is told, and is a failure."""
        proof = self.said[0]['bodies']
        if self.campaign != 'blue-sky':
            if proof['items'] or not proof['ok'] or self.reported.returncode:
                raise Failed(f'{proof} {self.reported}')
            return
        rows = proof['items'][0]['rows']
        played = [row for row in rows if row['bodies']]
        if len(played) != 2 or any(row['gaps'] or row['covered'] != 30 for row in played):
            raise Failed(f'{played}')
        whole = {'from': self.said[0]['first'], 'to': self.said[0]['last']}
        if proof['ok'] or len(rows) != 39 or any(row['gaps'] != [whole] for row in rows if not row['bodies']):
            raise Failed(f'{rows}')
        if self.reported.returncode != 1 or json.loads(self.reported.stdout)['items'][0]['gaps_n'] < 37:
            raise Failed(f'{self.reported}')

    def nobody_is_offered_what_they_may_not_see(self):
        hidden = [row for row in self.said[0]['refusals'] if row['what'].split(' ', 1)[1] == ': case.unknown']
        if hidden:
            raise Failed(f'{hidden}')

    def same_again(self):
        server = self.scene()
        try:
            again = play(server, self.campaign, self.options)
            for name in ('accepted', 'refused', 'timed', 'events', 'cases', 'refusals', 'digest'):
                if again[name] != self.said[0][name]:
                    raise Failed(f'{name}: {different(self.said[0][name], again[name])}')
        finally:
            server.close()


def main():
    program, engine = sys.argv[1:3]
    steps = []
    for campaign in CAMPAIGNS:
        played = Played(program, engine, campaign)
        steps += [(f'{campaign} is played', played.comes_to_an_end),
                  (f'{campaign}: ledger and rows are whole, nothing is stuck', played.whole),
                  (f'{campaign}: who was where on every day', played.is_covered_every_day),
                  (f'{campaign}: nobody is offered a case that they may not see', played.nobody_is_offered_what_they_may_not_see),
                  (f'{campaign}: the same seed tells the same story', played.same_again)]
    print(f'1..{len(steps)}')
    failed = 0
    for number, (name, step) in enumerate(steps, 1):
        try:
            step()
            print(f'ok {number} - {name}', flush=True)
        except (Failed, KeyError, IndexError, ValueError, OSError, subprocess.SubprocessError) as fault:
            failed += 1
            print(f'not ok {number} - {name}')
            print(f'# {type(fault).__name__}: {fault}'.replace('\n', '\n# '), flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
