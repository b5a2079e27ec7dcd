#!/usr/bin/env python3
"""A data directory's life at the terminal: cli_story.py PROGRAM ENGINE

ENGINE is sqlite or postgres (databases of the cluster in $LANTIAN_TEST_PG are made and dropped). Each step
is one test and one command or two. Prints TAP. Standard library only.
"""
import csv
import datetime
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
import zipfile

CLOCK = '2026-11-20T09:00:00+08:00'
REGIMES = pathlib.Path(__file__).resolve().parents[2] / 'regimes'
LATER = '2026-12-30T09:00:00+08:00'


class Terminal:
    def __init__(self, program, engine):
        self.program, self.engine = program, engine
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-cli.', dir='/tmp'))
        self.base = os.environ.get('LANTIAN_TEST_PG')
        self.databases = []
        if engine == 'postgres' and not self.base:
            raise LookupError('no PostgreSQL cluster (LANTIAN_TEST_PG)')

    def database(self):
        """--db and its address, or nothing."""
        if self.engine == 'sqlite':
            return []
        name = 'cli' + uuid.uuid4().hex[:12]
        self.psql(f'CREATE DATABASE {name}')
        self.databases.append(name)
        return ['--db', re.sub(r'(postgresql://[^/]*/)[^?]*', rf'\g<1>{name}', self.base)]

    def psql(self, sql):
        subprocess.run(['psql', '-q', '-d', self.base, '-c', sql], check=True, stdout=subprocess.DEVNULL)

    def start(self, *words):
        return subprocess.Popen([self.program, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**os.environ, 'LANTIAN_LANG': 'en'})

    def run(self, code, *words):
        child = self.start(*words)
        out, err = child.communicate()
        assert child.returncode == code, f'{" ".join(map(str, words))}: exit {child.returncode}\n{out}{err}'
        return out + err

    def json(self, code, *words):
        return json.loads(self.run(code, *words, '--json'))

    def close(self):
        for name in self.databases:
            self.psql(f'DROP DATABASE {name} WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)


def the_example_is_filled_and_whole(t):
    t.data = t.folder / 'data'
    t.uri = t.database()
    t.run(0, 'demo', '--data', t.data, '--clock', CLOCK, *t.uri)
    said = t.json(0, 'verify', '--data', t.data)
    assert said['ok'] and said['events'] > 5000 and said['first_broken'] is None, said
    assert t.json(0, 'rebuild', '--check', '--data', t.data)['ok']


def the_pack_in_force_replays_to_what_was(t):
    lived = set()
    with open(REGIMES.parent / 'data/demo/campaigns.csv', encoding='utf-8') as file:
        played = {row['regime'] for row in csv.DictReader(file)}
    for pack in sorted(REGIMES / f'{name}.yaml' for name in played):
        said = t.json(0, 'regime', 'replay', '--data', t.data, '--with', pack, '--clock', CLOCK)
        assert said['changed'] == said['refused'] == 0 and said['cases'] == said['scores'] == [], said
        if said['replayed'] > 0:
            lived.add(pack.stem)
    assert lived >= {'look-back', 'district-routine', 'blue-sky', 'reception'}, lived


def another_pack_replays_to_what_would_have_been(t):
    pack = (REGIMES / 'look-back.yaml').read_text()
    other = t.folder / 'other.yaml'
    longer = re.sub(r'(internal_days:\s*\{value: )3', r'\g<1>30', pack)
    other.write_text(longer)
    said = t.json(0, 'regime', 'replay', '--data', t.data, '--with', other, '--clock', CLOCK)
    moved = [clock for case in said['cases'] for clock in case['deadlines']]
    assert longer != pack and said['refused'] == 0 and said['changed'] == len(said['cases']) > 50, said['changed']
    assert {clock['name'] for clock in moved} == {'internal_feedback'} and all(clock['due_new'] > clock['due'] for clock in moved), moved[:2]
    eased = [case for case in said['cases'] if case['flags']['lost']]
    assert eased and all(case['flags']['gained'] == [] for case in eased), eased[:2]
    other.write_text(pack.replace('- {name: reason, zh: 理由, en: reason, kind: longtext, required: true}',
                                  '- {name: reason, zh: 理由, en: reason, kind: longtext, required: true, min: 5000}'))
    said = t.json(0, 'regime', 'replay', '--data', t.data, '--with', other, '--clock', CLOCK)
    assert said['refused'] > 0 and any(refusal['clause'] for case in said['cases'] for refusal in case['refused']), said['changed']


def another_ladder_replays_to_what_would_have_been_proposed(t):
    pack = (REGIMES / 'district-routine.yaml').read_text()
    nearer = re.sub(r'(\n  near_days:\s*\{value: )30', r'\g<1>300', pack)
    other = t.folder / 'other.yaml'
    other.write_text(nearer)
    said = t.json(0, 'regime', 'replay', '--data', t.data, '--with', other, '--clock', CLOCK)
    gained = [measure['name'] for case in said['cases'] for measure in case['measures']['gained']]
    assert nearer != pack and any(name.startswith('prompt 2026-') for name in gained), said['changed']


def a_pack_that_cannot_replay_is_told(t):
    other = t.folder / 'other.yaml'
    other.write_text('regime: nonsense\n')
    t.run(1, 'regime', 'replay', '--data', t.data, '--with', other)
    t.run(3, 'regime', 'replay', '--data', t.data, '--with', t.folder / 'none.yaml')
    t.run(1, 'regime', 'replay', '--data', t.data, '--with', REGIMES / 'look-back.yaml', '--campaign', 'district-routine')


def a_directory_that_is_not_empty_is_refused(t):
    assert 'is not empty' in t.run(1, 'demo', '--data', t.data, *t.uri)


def one_case_is_verified_alone(t):
    case = cases(t)[0]['id']
    said = t.json(0, 'verify', '--data', t.data, '--case', case)
    assert said['cases'] == 1 and said['events'] > 1, said
    t.run(2, 'verify', '--data', t.data, '--case', 'nonsense')
    t.run(1, 'verify', '--data', t.data, '--case', '130500-1')


def cases(t, *filters):
    table = t.data / 'furniture/data/tables'
    table.mkdir(parents=True, exist_ok=True)
    (table / 'own.yaml').write_text('title: {zh: 清单, en: List}\ncolumns:\n  - {name: id, zh: 事项, en: Case, from: id}\n'
                                    '  - {name: state, zh: 状态, en: State, from: state}\n')
    file = t.folder / 'own.json'
    t.run(0, 'export', '--data', t.data, '--columns', 'own', '--format', 'json', '-o', file, *filters)
    return json.loads(file.read_text())['items']


def lists_go_out_in_every_format(t):
    file = t.folder / 'list.csv'
    said = t.run(0, 'export', '--data', t.data, '--format', 'csv', '-o', file, '--lang', 'zh')
    text = file.read_bytes()
    assert text.startswith(b'\xef\xbb\xbf') and text.count(b'\r\n') > 20
    rows = list(csv.reader(io.StringIO(text.decode('utf-8-sig'))))
    assert rows[0][:2] == ['序号', '编号'] and f'{len(rows) - 2} rows' in said  # the head and the foot
    t.run(0, 'export', '--data', t.data, '--format', 'csv', '--no-bom', '-o', file)
    assert not file.read_bytes().startswith(b'\xef\xbb\xbf')
    t.run(0, 'export', '--data', t.data, '--format', 'xlsx', '--columns', 'public-3', '-o', t.folder / 'list.xlsx')
    assert 'xl/worksheets/sheet1.xml' in zipfile.ZipFile(t.folder / 'list.xlsx').namelist()


def filters_are_those_of_the_list(t):
    every, some = cases(t), cases(t, '--campaign', 'district-routine', '--state', 'filed')
    assert 0 < len(some) < len(every)
    assert len({row['state'] for row in some}) == 1
    t.run(2, 'export', '--data', t.data, '--format', 'csv', '-o', t.folder / 'x', '--sort', 'nonsense')
    t.run(2, 'export', '--data', t.data, '--format', 'pdf', '-o', t.folder / 'x')
    t.run(1, 'export', '--data', t.data, '--format', 'csv', '--columns', 'none-such', '-o', t.folder / 'x')
    assert not (t.folder / 'x').exists() and not (t.folder / 'x.part').exists()


def what_is_due_lapses_once_with_two_programs_at_it(t):
    before = t.json(0, 'verify', '--data', t.data)['events']
    both = [t.start('tick', '--data', t.data, '--clock', LATER, '--json') for _ in range(2)]
    done = [(child.communicate(), child.returncode) for child in both]
    assert all(code == 0 for _, code in done), done
    lapsed = sum(json.loads(out)['lapsed'] for (out, _), _ in done)
    assert lapsed > 5, done
    after = t.json(0, 'verify', '--data', t.data)['events']
    assert after >= before + lapsed
    assert t.json(0, 'tick', '--data', t.data, '--clock', LATER)['lapsed'] == 0
    assert t.json(0, 'verify', '--data', t.data)['events'] == after
    assert t.json(0, 'rebuild', '--check', '--data', t.data)['ok']


def a_backup_comes_back_the_same(t):
    file, copy = t.folder / 'backup.zip', t.folder / 'copy'
    t.run(0, 'backup', '--data', t.data, '-o', file)
    t.run(0, 'restore', '--data', copy, file, *t.database())
    assert t.json(0, 'verify', '--data', copy) == t.json(0, 'verify', '--data', t.data)
    assert t.json(0, 'rebuild', '--check', '--data', copy)['ok']
    assert {p.name for p in (copy / 'blobs').rglob('*')} == {p.name for p in (t.data / 'blobs').rglob('*')}
    assert not (copy / 'keys').is_dir() or not list((copy / 'keys').iterdir())
    t.run(1, 'restore', '--data', copy, file)


def a_rebuild_gives_the_same_rows(t):
    t.run(0, 'rebuild', '--data', t.data)
    assert t.json(0, 'rebuild', '--check', '--data', t.data)['ok']


def due_days(t):
    """{number: due} of the problems whose acceptance runs."""
    rows = list(csv.DictReader(io.StringIO((t.folder / 'due.csv').read_text('utf-8'))))
    return {row['编号']: row['最近时限'] for row in rows if row['最近时限']}


def a_notice_moves_what_is_due(t):
    """Cases that stand already follow the calendar, and a rebuild has nothing to add."""
    export = ('export', '--data', t.data, '--campaign', 'district-routine', '--state', 'completion_claimed', '--format', 'csv',
              '--no-bom', '--lang', 'zh', '-o', t.folder / 'due.csv')
    t.run(0, *export)
    before = due_days(t)
    days = [day for day in (datetime.date(2026, 11, 1) + datetime.timedelta(n) for n in range(90)) if day.weekday() < 5 and day.month < 12]
    notice = t.folder / 'notice.csv'
    notice.write_text('date,day,name,notice\n' + ''.join(f'{day},off,休假,测试〔1〕号\n' for day in days))
    t.run(0, 'directory', 'import', '--kind', 'calendar', notice, '--data', t.data, '--calendar', 'cn-workdays')
    t.run(0, *export)
    after = due_days(t)
    assert before and before.keys() == after.keys() and any(after[number] > due for number, due in before.items()), (before, after)
    assert t.json(0, 'rebuild', '--check', '--data', t.data)['ok']


def a_clock_is_only_set_in_a_sandbox(t):
    real = t.folder / 'real'
    t.run(0, 'init', '--data', real, *t.database())
    assert 'sandbox' in t.run(1, 'tick', '--data', real, '--clock', LATER)
    t.run(0, 'tick', '--data', real)


def a_campaign_is_opened_with_its_roles_and_readings(t):
    words = ['campaign', 'open', '--data', t.data, '--regime', 'look-back', '--region', '130500']
    assert 'There is no unit nowhere' in t.run(1, *words, '--roles', 'task_force=nowhere', 'second')
    assert 'no setting' in t.run(1, *words, '--settings', 'no_such=3', 'second')
    assert 'is no day' in t.run(2, *words, '--from', '3.1', 'second')
    said = t.run(0, *words, '--roles', 'task_force=130500-task-force', '--settings', 'transfer_hours=2', '--from', '2026-11-01', 'second')
    assert 'second is open under look-back' in said
    assert 'already' in t.run(1, *words, 'second')


def what_is_no_data_directory_is_said_to_be_none(t):
    for words in (['verify'], ['tick'], ['rebuild'], ['backup', '-o', t.folder / 'x'], ['export', '--format', 'csv', '-o', t.folder / 'x']):
        t.run(1, *words, '--data', t.folder / 'nowhere')
    t.run(2, 'backup', '--data', t.data)


def the_transfer_report_counts_and_lists(t):
    # clause: S3-3.2.10 test
    assert 'transfer' in t.run(0, 'report', '--data', t.data)
    said = t.json(0, 'report', '--data', t.data, '--campaign', 'look-back', 'transfer')
    n = {figure['id']: figure['n'] for figure in said['figures']}
    listed = [figure for figure in said['figures'] if figure['id'] == 'untransferred'][0]['items']
    assert n['batches'] == 4 and n['received'] == n['transferred'] + n['untransferred'] > 90, n
    assert len(listed) == n['untransferred'] > 0
    t.run(1, 'report', '--data', t.data, 'none-such')
    t.run(2, 'report', '--data', t.data, '--period', '2026-11', 'transfer')


def the_situation_counts_by_tier_unit_and_state(t):
    # clause: S2-02.2 test
    said = t.json(0, 'report', '--data', t.data, 'situation')
    rows = {table['id']: {row['value']: row for row in table['rows']} for table in said['tables']}
    every = cases(t, '--campaign', 'district-routine', '--procedure', 'problem')
    states = {row['state'] for row in every}
    assert said['clause'] == 'S2-02.2' and set(rows) == {'tiers', 'units', 'states'}
    for table in ('tiers', 'states'):
        assert sum(row['count'] for row in rows[table].values()) == len(every) > 10, (table, rows[table])
    assert len(rows['states']) == len(states) and set(rows['tiers']) <= {'national', 'provincial', 'local'}
    assert any(row['overdue'] for row in rows['units'].values()) and all('source=' in row['url'] for row in rows['tiers'].values())


def a_report_made_by_month_counts_that_month(t):
    months = [t.json(0, 'report', '--data', t.data, '--period', f'2026-{month:02}', 'monthly') for month in range(1, 13)]
    by_quarter = [t.json(0, 'report', '--data', t.data, '--period', f'2026-Q{n}', 'quarterly') for n in (1, 2, 3, 4)]
    units = lambda said: sum(row['count'] for row in said['tables'][0]['rows'])
    assert [sum(map(units, months[i:i + 3])) for i in (0, 3, 6, 9)] == [units(said) for said in by_quarter]
    assert sum(map(units, months)) > 0 and units(t.json(0, 'report', '--data', t.data, '--period', '2019-01', 'monthly')) == 0
    t.run(2, 'report', '--data', t.data, '--period', '2026-Q1', 'monthly')


STEPS = [the_example_is_filled_and_whole, the_pack_in_force_replays_to_what_was, another_pack_replays_to_what_would_have_been,
         another_ladder_replays_to_what_would_have_been_proposed,
         a_pack_that_cannot_replay_is_told, a_directory_that_is_not_empty_is_refused, one_case_is_verified_alone, lists_go_out_in_every_format,
         filters_are_those_of_the_list, the_transfer_report_counts_and_lists,
         the_situation_counts_by_tier_unit_and_state, a_report_made_by_month_counts_that_month,
         what_is_due_lapses_once_with_two_programs_at_it, a_backup_comes_back_the_same,
         a_rebuild_gives_the_same_rows, a_notice_moves_what_is_due, a_clock_is_only_set_in_a_sandbox, what_is_no_data_directory_is_said_to_be_none,
         a_campaign_is_opened_with_its_roles_and_readings]


def main(program, engine):
    failed = 0
    try:
        t = Terminal(program, engine)
    except LookupError as missing:
        print(f'1..0 # SKIP {missing}')
        return 0
    try:
        for number, step in enumerate(STEPS, 1):
            fault = ''
            try:
                step(t)
            except (AssertionError, OSError, KeyError, ValueError, AttributeError) as error:
                fault = f'{type(error).__name__}: {error}'
                failed += 1
            print(f'{"not ok" if fault else "ok"} {number} - {engine}: {step.__name__}', flush=True)
            for line in fault.splitlines():
                print(f'# {line}')
        print(f'1..{len(STEPS)}')
    finally:
        t.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
