#!/usr/bin/env python3
"""Two years of a district, played by clerks through the public commands: years.py PROGRAM ENGINE [STEPS [SEED]]

Every ten days the clock moves, problems come in, and the clerks do what the program offers them. At the end
the ledger is asked whether what must hold for every regime held throughout. Prints TAP.
"""
import datetime
import random
import sys

from clerk import Office
from matrix import ROUTINE, Client
from run_journey import Failed, Server

BEGIN = datetime.date(2025, 1, 2)
STEP_DAYS, STEPS, SEED = 10, 73, 20250102
OFFICE_TZ = '+08:00'
CAMPAIGN = 'district-routine'
ENDS = ('filed', 'written_off')
SOURCES = ['self-found', 'self-found', 'self-found', 'central-inspection', 'provincial-inspection', 'municipal-circular',
           'national-warning-film']
CLERKS = ROUTINE + ['office-principal']
DULL = ['refuse_listing', 'return_plan', 'request_change', 'refuse_change', 'reject', 'return_form', 'superior_reject', 'reopen',
        'notify_correction', 'change_regulators', 'mark_petition', 'object_opinion', 'record_guidance', 'record_supervision', 'record_progress']


class Years:
    def __init__(self, server, engine, seed):
        self.server = server
        self.random = random.Random(seed)
        self.engine = engine
        self.today = BEGIN
        self.office = Office(lambda name: Client(server, name), CLERKS, CAMPAIGN, self.random, {}, DULL)
        self.set_hints()
        self.made = []

    # ---- who is who ----

    def unit_of(self, name):
        return self.office.clients[name].call('GET', '/api/v1/me')[1]['units'][0]['id']

    def person_of(self, name):
        me = self.office.clients[name].call('GET', '/api/v1/me')[1]
        return me['person']['id'] if 'person' in me else me['id']

    def set_hints(self):
        primary, regulator = self.unit_of('primary'), self.unit_of('regulator')
        self.office.hints.update({
            'primary_unit': [primary], 'regulatory_units': [regulator], 'leader_in_charge': self.person_of('district-leader'),
            'participants': [], 'channel': 'superior', 'lowers_standard': False, 'superior_accepts': lambda o: o.random.random() < 0.2,
            'measure': 1, 'milestone': 1, 'row': 1})

    # ---- the days ----

    def move(self, day, hour=9):
        """Sessions end over night, so everybody logs in again."""
        self.today = self.office.today = day
        status, reply = self.office.clients['office'].call('PUT', '/api/v1/clock', {'now': f'{day.isoformat()}T{hour:02}:00:00{OFFICE_TZ}'})
        if status != 200:
            raise Failed(f'the clock does not move: {status} {reply}')
        self.office.log_in()

    def find_problem(self):
        source = self.random.choice(SOURCES)
        fields = {'description': self.office.text(), 'place': '夷陵区', 'source_words': '工作简报'}
        case = self.office.create('office', 'problem', self.region, fields, source)
        if case:
            self.made.append(case)

    def open_cases(self):
        """Some problems, and some of everything else that is open."""
        rows = self.office.clients['office'].rows(f'&campaign={CAMPAIGN}&open=true')
        for problems, most in ((True, 9), (False, 4)):
            cases = [row['id'] for row in rows if (row['procedure'] == 'problem') == problems]
            yield from self.random.sample(cases, min(len(cases), most))

    def some_days(self):
        for _ in range(self.random.randint(0, 3)):
            self.find_problem()
        self.office.open(self.random.choice(CLERKS), self.random.choice(self.procedures), self.region)
        for case in self.open_cases():
            for name in self.random.sample(CLERKS, 5):
                self.office.act(name, case)

    def play(self, steps):
        self.steps = steps
        for campaign in self.office.clients['office'].call('GET', '/api/v1/campaigns')[1]['items']:
            if campaign['id'] == CAMPAIGN:
                self.region = campaign['region']
        _, regime = self.office.clients['office'].call('GET', f'/api/v1/regimes/{CAMPAIGN}')
        self.procedures = sorted(procedure['name'] for procedure in regime['procedures'] if procedure['name'] != 'problem')
        for n in range(steps):
            self.move(BEGIN + datetime.timedelta(days=STEP_DAYS * n + 1))
            self.some_days()

    # ---- what must hold ----

    def events(self, case):
        return self.office.clients['office'].call('GET', f'/api/v1/cases/{case}/events')[1]['items']

    def problems(self):
        return [row['id'] for row in self.office.clients['office'].rows(f'&campaign={CAMPAIGN}&procedure=problem')]

    def nothing_is_closed_without_its_acceptance(self):
        closed = 0
        for case in self.problems():
            passed = False
            for event in self.events(case):
                if event['type'] == 'moved':
                    to = event['payload']['to']
                    if to == 'rectifying':
                        passed = False
                    if event['command'] == 'pass':
                        passed = True
                    if to in ENDS:
                        closed += 1
                        assert passed, f'{case} went to {to} without an acceptance'
        assert closed > 0 or self.steps < STEPS, f'only {closed} closings were played'

    def nothing_is_handed_over_without_a_unit(self):
        seen = 0
        for case in self.problems():
            units = []
            for event in self.events(case):
                if event['type'] == 'role_set' and event['payload']['role'] == 'primary_unit':
                    units = event['payload']['units']
                if event['type'] == 'moved' and event['payload']['to'] == 'planning' and event['command'] == 'assign':
                    seen += 1
                    assert units, f'{case} was handed over to nobody'
        assert seen > 5, f'only {seen} were handed over'

    def nobody_accepts_their_own_work(self):
        for case in self.problems():
            roles = {}
            for event in self.events(case):
                if event['type'] == 'role_set':
                    roles[event['payload']['role']] = event['payload'].get('units', [])
                if event['command'] in ('organise_acceptance', 'pass', 'reject') and event['type'] == 'moved':
                    lead = roles.get('regulatory_units', [None])[0]
                    assert lead not in roles.get('primary_unit', []), f'{case}: {lead} judges its own work'

    def every_lapse_is_recorded(self):
        lapses = 0
        for case in self.problems():
            lapsed = set()
            for event in self.events(case):
                if event['type'] == 'clock_lapsed':
                    run = (event['payload']['clock'], event['payload']['end'])
                    assert event['recorded_at'] >= run[1], f'{case}: {run} lapsed before its end'
                    lapsed.add(run)
                    lapses += 1
            for clock in self.office.clients['office'].call('GET', f'/api/v1/cases/{case}')[1]['deadlines']:
                run = (clock['name'], clock['end'])
                assert clock['state'] != 'lapsed' or run in lapsed, f'{case}: {run} has passed in silence'
        assert lapses > 0 or self.steps < STEPS, f'only {lapses} lapses were played'

    def much_was_played(self):
        given = self.office.given
        assert sum(given.values()) > 4 * self.steps and len(given) > 15, given

    def the_ledger_is_whole(self):
        self.server.end()
        self.server.run('verify')
        self.server.run('rebuild', '--check')

    CHECKS = [nothing_is_closed_without_its_acceptance, nothing_is_handed_over_without_a_unit, nobody_accepts_their_own_work,
              every_lapse_is_recorded, much_was_played, the_ledger_is_whole]


def main(program, engine, steps=STEPS, seed=SEED):
    server = Server(program, engine)
    failed = 0
    try:
        words = ['demo', '--scene', '--clock', f'{BEGIN.isoformat()}T08:00:00{OFFICE_TZ}']
        server.run(*words, *(['--db', server.database.uri] if server.database.uri else []))
        server.start(f'{BEGIN.isoformat()}T08:00:00{OFFICE_TZ}')
        years = Years(server, engine, int(seed))
        years.play(int(steps))
        for number, check in enumerate(Years.CHECKS, 1):
            fault = ''
            try:
                check(years)
            except (AssertionError, Failed) as error:
                fault, failed = str(error) or repr(error), failed + 1
            print(f'{"not ok" if fault else "ok"} {number} - {engine}: {check.__name__}', flush=True)
            for line in fault.splitlines():
                print(f'# {line}')
        for line in (f'# taken {sorted(years.office.given.items())}', f'# refused {sorted(years.office.refused.items())}'):
            print(line)
        print(f'1..{len(Years.CHECKS)}')
    except Failed as error:
        print(f'not ok 1 - {engine}: {error}\n1..1')
        failed += 1
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
