#!/usr/bin/env python3
"""A month of a look-back, played through the public commands: month.py PROGRAM ENGINE [SEED]

418 letters in 5 batches are handed over, confirmed, rectified and answered in time and out of it,
checked, returned, closed; a night check finds 7 problems in 4 categories; sponsors visit, teams steer,
bulletins are printed. Dice with a seed say which letter goes which way; what must then stand is known
from the story, not from the program, and every invariant that the rules ask for is held against the
ledger at the end. Prints TAP. Standard library only.
"""
import collections
import concurrent.futures
import datetime
import http.client
import json
import random
import sys
import threading
import urllib.parse
import uuid

from run_journey import HERE, PASSWORD, Failed, Server

ZONE = datetime.timezone(datetime.timedelta(hours=8))
CAMPAIGN = 'look-back'
CITY, NEIGHBOUR = '130500', '130400'
COUNTIES = ['130502', '130503', '130522', '130528']
SHOWN = '130503'  # the county whose people carry the short logins
BATCHES = [(1, '2018-11-22T09:00', 96), (2, '2018-11-24T15:00', 88), (3, '2018-11-26T09:30', 84),
           (4, '2018-11-29T20:00', 77), (5, '2018-12-03T10:00', 73)]
BEGIN, END = '2018-11-20T09:00', '2018-12-22T09:00'
WORKERS = 6
SEED = 20181123


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def stamp(moment):
    return moment.isoformat(timespec='seconds')


def county_login(county, post):
    if county == SHOWN:
        return {'handler': 'county', 'leader': 'county-leader', 'principal': 'county-principal'}[post]
    return f'{county}-{post}'


class Letter:
    """What the story means for one letter, and what it knows of it."""

    def __init__(self, batch, received, number, county, dice):
        self.batch, self.received, self.number, self.county = batch, received, number, county
        self.key = dice.random() < 0.08
        self.late_transfer = dice.random() < 0.06
        self.answer = dice.choices(['3d', '5d', 'late', 'never'], [66, 22, 8, 4])[0]
        self.completion = 'closed' if dice.random() < 0.7 else 'interim'
        self.id = self.version = None
        self.state = 'reported'
        self.closed = 0


class Month:
    def __init__(self, server, seed):
        self.server = server
        self.dice = random.Random(seed)
        self.now = at(BEGIN)
        self.tokens = {}
        self.token_lock = threading.Lock()
        self.local = threading.local()
        self.pool = concurrent.futures.ThreadPoolExecutor(WORKERS)
        self.units = {}
        self.people = {}
        self.letters = []
        self.notes = {}
        self.pictures = {}  # of the wave: county → an uploaded picture
        self.refusals = collections.Counter()
        for batch, received, count in BATCHES:
            for n in range(count):
                self.letters.append(Letter(batch, at(received), f'D1305{batch:02}{n:04}',
                                           self.dice.choice(COUNTIES), self.dice))

    # ---- requests ----

    def send(self, method, path, headers, body):
        for attempt in (1, 2):  # a kept connection may have been closed meanwhile
            connection = getattr(self.local, 'connection', None)
            if connection is None:
                connection = http.client.HTTPConnection(self.server.address, timeout=120)
                self.local.connection = connection
            try:
                connection.request(method, path, body=body, headers=headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError, OSError):
                connection.close()
                self.local.connection = None
                if attempt == 2 or method != 'GET':
                    raise
        raise Failed('unreachable')

    def token(self, login):
        with self.token_lock:
            if login not in self.tokens:
                status, reply = self.send('POST', '/api/v1/sessions', {'Content-Type': 'application/json'},
                                          json.dumps({'username': login, 'password': PASSWORD}).encode())
                if status not in (200, 201):
                    raise Failed(f'login of {login}: {status} {reply[:200]!r}')
                self.tokens[login] = json.loads(reply)['token']
            return self.tokens[login]

    def ask(self, login, method, path, body=None, version=None, multipart=None):
        headers = {'Accept': 'application/json', 'Authorization': 'Bearer ' + self.token(login)}
        if version is not None:
            headers['If-Match'] = f'"{version}"'
        data = None
        if multipart is not None:
            headers['Content-Type'], data = multipart
        elif body is not None:
            headers['Content-Type'] = 'application/json'
            data = json.dumps(body).encode()
        status, reply = self.send(method, '/api/v1' + path, headers, data)
        try:
            return status, json.loads(reply)
        except ValueError as fault:
            raise Failed(f'{method} {path}: {status} {reply[:200]!r}') from fault

    def want(self, wanted, login, method, path, body=None, **more):
        status, document = self.ask(login, method, path, body, **more)
        if status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            raise Failed(f'{login}: {method} {path} {json.dumps(body, ensure_ascii=False)[:300]}: {status} '
                         f'{json.dumps(document, ensure_ascii=False)[:600]}')
        return document

    def move(self, moment):
        """The clock goes on to a later time; log-ins do not outlive half an hour."""
        if moment < self.now:
            raise Failed(f'the story goes back from {self.now} to {moment}')
        status, reply = self.send('PUT', '/api/v1/clock', {'Content-Type': 'application/json'},
                                  json.dumps({'now': stamp(moment)}).encode())
        if status != 200:
            raise Failed(f'clock: {status} {reply[:200]!r}')
        if moment - self.now > datetime.timedelta(minutes=20):
            self.tokens = {}
        self.now = moment

    def together(self, work, things):
        """work(thing) of each, several at once; the first failure counts."""
        for _ in self.pool.map(work, things):
            pass

    def files(self, name, content, fields):
        boundary = uuid.uuid4().hex
        out = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
               'Content-Type: application/octet-stream\r\n\r\n').encode() + content + b'\r\n'
        for key, value in fields.items():
            out += (f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n').encode()
        return f'multipart/form-data; boundary={boundary}', out + f'--{boundary}--\r\n'.encode()

    # ---- acts ----

    def give(self, letter, login, command, expect=200, **form):
        document = self.want(expect, login, 'POST', f'/cases/{letter.id}/commands/{command}', form,
                             version=letter.version)
        if expect == 200:
            letter.version, letter.state = document['version'], document['state']
        return document

    def refused(self, letter, login, command, clause, expect=409, **form):
        """A refusal names its clause and changes nothing."""
        document = self.give(letter, login, command, expect, **form)
        told = json.dumps(document, ensure_ascii=False)
        if clause not in told:
            raise Failed(f'{command}: refused without {clause}: {told[:300]}')
        self.refusals[clause] += 1

    def make(self, login, procedure, region, expect=201, **fields):
        return self.want(expect, login, 'POST', '/cases',
                         {'campaign': CAMPAIGN, 'procedure': procedure, 'region': region, 'fields': fields})

    def act(self, case, login, command, expect=200, **form):
        """A command in a case that the story holds as its document; the document of afterwards."""
        return self.want(expect, login, 'POST', f'/cases/{case["id"]}/commands/{command}', form,
                         version=case['version'])

    def picture(self, login):
        content = (HERE / 'files' / 'after.png').read_bytes()
        reply = self.want((200, 201), login, 'POST', '/evidence',
                          multipart=self.files('after.png', content, {'kind': 'after'}))
        return reply['id']

    def list_all(self, login, **query):
        rows, cursor = [], None
        while True:
            words = dict(query, campaign=CAMPAIGN, limit=100)
            if cursor:
                words['cursor'] = cursor
            page = self.want(200, login, 'GET', '/cases?' + urllib.parse.urlencode(words))
            rows += page['items']
            cursor = page.get('next')
            if not cursor:
                return rows

    # ---- letters ----

    def import_batch(self, batch, letters):
        names = {'130502': '襄都区', '130503': '信都区', '130522': '临城县', '130528': '宁晋县'}
        lines = ['序号,受理编号,交办问题基本情况,行政区域,问题类型,重点关注']
        for n, letter in enumerate(letters, 1):
            lines.append(f'{n},{letter.number},{self.complaint(letter)},{names[letter.county]},扬尘,'
                         f'{"*" if letter.key else ""}')
        content = ('\n'.join(lines) + '\n').encode('utf-8')
        reply = self.want((200, 201, 202), 'taskforce', 'POST', '/imports',
                          multipart=self.files(f'{batch}.csv', content,
                                               {'campaign': CAMPAIGN, 'procedure': 'letter', 'batch': str(batch),
                                                'source': 'inspection-petition'}))
        self.want((200, 202), 'taskforce', 'POST', f'/imports/{reply["id"]}/commit', {})
        rows = {row['received_number']: row
                for row in self.list_all('taskforce', batch=f'{CAMPAIGN}/{batch}')}
        if len(rows) != len(letters):
            raise Failed(f'batch {batch}: {len(rows)} of {len(letters)} came in')
        for letter in letters:
            row = rows[letter.number]
            letter.id, letter.version, letter.state = row['id'], row['version'], row['state']
            if row['region'] != letter.county:
                raise Failed(f'{letter.number} went to {row["region"]}, not {letter.county}')

    def complaint(self, letter):
        who = self.dice.choice(['一处工地', '一家砖厂', '一处料场', '一家饭店', '一家家具厂', '一处养殖场', '一条道路'])
        what = self.dice.choice(['扬尘严重', '夜间施工', '烟气刺鼻', '污水直排', '噪声扰民', '垃圾露天焚烧', '物料未苫盖'])
        return f'{self.dice.choice("东西南北")}{self.dice.randrange(1, 90)}村{who}{what}已有{self.dice.randrange(2, 60)}天，编号{letter.number}'

    def hand_over(self, letters):
        for letter in [letter for letter in letters if letter.id]:
            if letter.state != 'reported':
                raise Failed(f'{letter.number} is {letter.state}')
        reply = self.want(200, 'taskforce', 'POST', '/cases/bulk/hand_over',
                          {'cases': [letter.id for letter in letters], 'fields': {}, 'confirmed': True})
        if reply['refused']:
            raise Failed(f'hand_over: {json.dumps(reply, ensure_ascii=False)[:400]}')
        self.refresh(letters, 'taskforce')

    def refresh(self, letters, login):
        wanted = {letter.id: letter for letter in letters}
        for batch in {letter.batch for letter in letters}:
            for row in self.list_all(login, batch=f'{CAMPAIGN}/{batch}'):
                if row['id'] in wanted:
                    wanted[row['id']].version, wanted[row['id']].state = row['version'], row['state']

    def receive(self, letter):
        leader, handler = county_login(letter.county, 'leader'), county_login(letter.county, 'handler')
        deadline = str((letter.received + datetime.timedelta(days=12)).date())
        accept = {'rectification_deadline': deadline, 'responsible_unit': [self.units[letter.county]]}
        self.give(letter, leader, 'sign_receipt', signed=True)
        if letter.number.endswith('0001'):  # one of the two confirmations does not do
            self.refused(letter, handler, 'accept', 'S3-3.2.3', **accept)
        self.give(letter, 'taskforce', 'log_call', called_at=stamp(self.now), handler_post='值班经办人')
        if letter.number.endswith('0002'):
            self.refused(letter, handler, 'accept', 'S3-3.2.5', expect=422, responsible_unit=accept['responsible_unit'])
        self.give(letter, handler, 'accept', **accept)

    def answer(self, letter, completion=None):
        handler, principal = county_login(letter.county, 'handler'), county_login(letter.county, 'principal')
        completion = completion or letter.completion
        result = {'finding': '经查属实', 'substantiation': 'substantiated', 'measures': '已责令整改', 'completion': completion}
        if completion == 'closed':
            if letter.number.endswith('0003'):
                self.refused(letter, handler, 'report_result', 'S3-3.2.9', **result)
            self.give(letter, handler, 'add_evidence', evidence=self.pictures[letter.county], kind='after')
        self.give(letter, handler, 'report_result', **result)
        self.give(letter, handler, 'submit_for_signature')
        if letter.number.endswith('0004'):
            self.refused(letter, handler, 'sign_feedback', 'S3-3.2.9', expect=403, signed=True)
        self.give(letter, principal, 'sign_feedback', signed=True)

    def answer_all(self, letters, completion=None):
        self.refresh(letters, 'taskforce')  # what ran out meanwhile stands in the ledger, too
        self.pictures = {county: self.picture(county_login(county, 'handler'))
                         for county in sorted({letter.county for letter in letters})}
        self.together(lambda letter: self.answer(letter, completion), letters)

    def lead_personally(self, letter):
        for act in ('verification', 'coordination', 'supervision', 'acceptance'):
            self.give(letter, county_login(letter.county, 'leader'), 'record_act', act=act, note='到场')

    def close(self, letters):
        form = {'facts_clear': True, 'rectified': True, 'responsibility_settled': True, 'satisfaction': 'satisfied'}
        for start in range(0, len(letters), 400):
            some = letters[start:start + 400]
            reply = self.want(200, 'taskforce', 'POST', '/cases/bulk/close',
                              {'cases': [letter.id for letter in some], 'fields': form, 'confirmed': True})
            if reply['refused']:
                raise Failed(f'close: {json.dumps(reply, ensure_ascii=False)[:600]}')
        self.refresh(letters, 'taskforce')

    def of(self, batch):
        return [letter for letter in self.letters if letter.batch == batch]

    # ---- the story, one part a test ----

    def scene(self):
        for county in COUNTIES:
            rows = self.want(200, 'taskforce', 'GET', '/units?' + urllib.parse.urlencode(
                {'q': '生态环境', 'region': county}))['items']
            self.units[county] = rows[0]['id']
        body = self.make('taskforce', 'task_force', CITY, level='city')
        self.act(body, 'taskforce', 'register', body=body['roles']['task_force'][0]['id'], set_up_on='2018-11-20')
        teams = []
        for n, county in enumerate(['130502', '130503', '130505', '130506', '130522', '130523', '130524', '130525', '130528']):
            department = ['environment', 'public_security', 'land', 'industry'][n % 4]
            self.make('taskforce', 'steering_team', county, 422, name=f'第{n + 1}组', leader='某处长', rank='staff',
                      department=department)
            teams.append(self.make('taskforce', 'steering_team', county, name=f'第{n + 1}组', leader='某处长',
                                   rank='division', department=department))
        self.notes['teams'] = teams

    def agenda(self):
        """(time, what happens), in order of time."""
        day = datetime.timedelta(days=1)
        minute = datetime.timedelta(minutes=1)
        items = []
        for batch, received, _ in BATCHES:
            begin = at(received)
            items += [
                (begin, lambda b=batch: self.import_batch(b, self.of(b))),
                (begin + 25 * minute, lambda b=batch: self.hand_over([x for x in self.of(b) if not x.late_transfer])),
                (begin + 75 * minute, lambda b=batch: self.hand_over([x for x in self.of(b) if x.late_transfer])),
                (begin + 90 * minute, lambda b=batch: self.together(self.receive, self.of(b))),
                (begin + 2 * day, lambda b=batch: self.first_answers(self.of(b))),
                (begin + 4 * day, lambda b=batch: self.answer_all([x for x in self.of(b) if x.answer == '5d'])),
                (begin + 6 * day, lambda b=batch: self.answer_all([x for x in self.of(b) if x.answer == 'late'])),
            ]
        items += [(at(text), work) for text, work in (
            ('2018-11-22T18:30', self.response), ('2018-11-23T20:00', self.plan_night), ('2018-11-23T21:20', self.night),
            ('2018-11-24T00:30', self.end_night), ('2018-11-26T16:00', self.city_answers), ('2018-11-27T16:00', self.first_bulletin),
            ('2018-11-30T10:00', self.lateral), ('2018-12-04T10:00', self.second_bulletin), ('2018-12-11T10:00', self.checks),
            ('2018-12-12T10:00', self.closings), ('2018-12-13T15:00', self.visits), ('2018-12-14T10:00', self.difficulties),
            ('2018-12-17T10:00', self.again), ('2018-12-18T10:00', self.last_closings), ('2018-12-19T10:00', self.third_bulletin))]
        return sorted(items, key=lambda item: item[0])

    def letters_come(self):
        for moment, work in self.agenda():
            self.move(moment)
            work()
        self.move(at(END))

    def first_answers(self, letters):
        self.refresh(letters, 'taskforce')
        self.together(self.lead_personally, [x for x in letters if x.key])
        self.answer_all([x for x in letters if x.answer == '3d'])

    def checks(self):
        """Key problems are drawn from by a list that stands before its seed; three of four pass."""
        self.refresh(self.letters, 'taskforce')
        keys = [x for x in self.letters if x.key and x.state == 'feedback_sent']
        for letter in keys[:1]:
            self.refused(letter, county_login(letter.county, 'handler'), 'draw_check', 'S3-3.3.1', expect=403)
        draw = self.make('verifier', 'spot_draw', CITY, purpose='重点问题抽查')  # gathers its list by itself
        draw = self.act(draw, 'verifier', 'commit', seed_source='次日开奖号码')
        draw = self.act(draw, 'verifier', 'draw', seed='2018120512')
        self.refresh(keys, 'verifier')
        drawn = [x for x in keys if x.state == 'accepting']
        if not 0 < len(drawn) < len(keys) or len(drawn) != len(draw['fields']['drawn']):
            raise Failed(f'{len(drawn)} of {len(keys)} drawn')
        modes, defects = ['surprise', 'dawn', 'night'], ['surface', 'false', 'perfunctory', 'weak']
        for n, letter in enumerate(drawn):
            if n % 4 == 3:
                self.give(letter, 'verifier', 'return_case', defect=defects[n // 4 % 4], reason='整改不到位',
                          rectification_deadline='2018-12-20')
                letter.answer = 'again'
            else:
                self.give(letter, 'verifier', 'record_check', mode=modes[n % 3], checked_at=stamp(self.now),
                          result='现场核查到位', rectified_on_site=True)
        self.notes['drawn'] = len(drawn)

    def ready(self):
        return [x for x in self.letters if x.completion == 'closed' and x.state in ('feedback_sent', 'accepting')
                and x.answer != 'again']

    def closings(self):
        self.refresh(self.letters, 'taskforce')
        ready = self.ready()
        plain = [x for x in ready if not x.key]
        letter = plain.pop()
        answers = {'facts_clear': True, 'rectified': True, 'responsibility_settled': True}
        self.refused(letter, 'taskforce', 'close', 'S3-3.3.2', satisfaction='satisfied', expect=422,
                     **dict(answers, rectified=False))
        self.refused(letter, 'taskforce', 'close', 'S3-3.3.2', satisfaction='unreachable', unreachable_reason='号码停机', **answers)
        self.give(letter, 'taskforce-principal', 'approve_unreachable', reason='三次未接通')
        self.give(letter, 'taskforce', 'close', satisfaction='unreachable', unreachable_reason='号码停机', **answers)
        stranger = next(x for x in self.letters if x.state == 'feedback_sent' and x.completion == 'interim')
        self.refused(stranger, 'taskforce', 'close', 'S3-3.3.2', satisfaction='satisfied', **answers)
        self.close(plain + [x for x in ready if x.key])

    def visits(self):
        """Of each county a written-off problem is marked, one under way pressed, one found in order."""
        self.refresh(self.letters, 'taskforce')
        self.notes['reopened'], self.notes['pressed'] = [], []
        for county, defect in zip(COUNTIES[:4], ('surface', 'falsified', 'perfunctory', 'rebound')):
            done = next(x for x in self.letters if x.county == county and x.state == 'written_off' and not x.key)
            under_way = next(x for x in self.letters if x.county == county and x.state == 'rectifying')
            fine = next(x for x in self.letters if x.county == county and x.state == 'written_off' and x is not done)
            visit = self.make('130500-leader', 'sponsorship_visit', county, description='包联督导检查', leader='副市长',
                              visited_on='2018-12-13')
            none = {word: 'none' for word in ('weak', 'surface', 'falsified', 'perfunctory', 'rebound')}
            self.act(visit, '130500-leader', 'examine', 422, problem=fine.id, **dict(none, weak=''), reason='到位')
            visit = self.act(visit, '130500-leader', 'examine', problem=fine.id, reason='到位', **none)
            found = dict(none, **{defect: 'found'}, reason='现场与报告不符', new_deadline='2018-12-20')
            self.act(visit, '130500-leader', 'examine', 409, problem=done.id, **found)
            picture = self.picture('130500-leader')
            visit = self.act(visit, '130500-leader', 'add_evidence', evidence=picture, kind='during')
            self.act(visit, '130500-leader', 'examine', 422, problem='no-such-letter', **found)
            visit = self.act(visit, '130500-leader', 'examine', problem=done.id, **found)
            visit = self.act(visit, '130500-leader', 'examine', problem=under_way.id,
                             **dict(none, weak='found', reason='推进缓慢', new_deadline='2018-12-21'))
            visit = self.act(visit, '130500-leader', 'file_visit')
            if visit['state'] != 'filed' or len(visit['fields']['examined']) != 3:
                raise Failed(f'the visit is {visit["state"]}')
            self.refresh([done, under_way, fine], 'taskforce')
            done.answer = 'again'
            self.notes['reopened'].append(done)
            self.notes['pressed'].append(under_way)
        for letter, state, flag in ([(x, 'rectifying', 'returned') for x in self.notes['reopened']] +
                                    [(x, 'rectifying', 'escalated') for x in self.notes['pressed']]):
            case = self.want(200, 'taskforce', 'GET', f'/cases/{letter.id}')
            if case['state'] != state or flag not in [row['flag'] for row in case['flags']]:
                raise Failed(f'{letter.number} is {case["state"]} {case["flags"]}')
            if 'sponsorship_visit' not in [row['kind'] for row in case['links']]:
                raise Failed(f'{letter.number} is not linked to its visit')

    def difficulties(self):
        case = self.make('130500-leader', 'difficulty', '130503', description='管网改造资金缺口', level='city')
        if 'undecided' not in [row['flag'] for row in case['flags']]:
            raise Failed('a difficulty is not tracked')
        self.act(case, 'county-principal', 'decide', 409, decision='县里解决', signed=True)
        case = self.act(case, 'mayor', 'decide', decision='市财政安排专项资金', signed=True)
        if case['state'] != 'decided' or case['flags']:
            raise Failed(f'{case["state"]} {case["flags"]}')
        self.act(case, '130500-leader', 'settle', outcome='资金到位')

    def again(self):
        """What was returned or opened again is reported once more; of the interim ones, half are done."""
        self.refresh(self.letters, 'taskforce')
        back = [x for x in self.letters if x.answer == 'again' and x.state == 'rectifying']
        interim = [x for x in self.letters if x.completion == 'interim' and x.state == 'feedback_sent'][::2]
        self.together(lambda x: self.give(x, county_login(x.county, 'handler'), 'continue_rectifying'), interim)
        self.answer_all(back + interim, 'closed')
        for letter in back + interim:
            letter.completion, letter.answer = 'closed', 'done'

    def last_closings(self):
        ready = [x for x in self.letters if x.answer == 'done' and x.state == 'feedback_sent']
        for letter in ready:
            if letter.key and not letter.closed:
                self.lead_personally(letter) if self.lacks_acts(letter) else None
        self.close(ready)

    def lacks_acts(self, letter):
        case = self.want(200, 'taskforce', 'GET', f'/cases/{letter.id}')
        return not any(row['command'] == 'record_act' for row in case['timeline'])

    # ---- the night ----

    def response(self):
        self.make('inspector', 'emergency_response', NEIGHBOUR, 422, description='橙色预警', started_at='2018-11-22T18:00:00+08:00')
        case = self.make('inspector', 'emergency_response', NEIGHBOUR, description='重污染天气橙色预警', level='ii',
                         started_at='2018-11-22T18:00:00+08:00')
        link = [row for row in case['links'] if row['kind'] == 'measure_check']
        if len(link) != 1:
            raise Failed('a response of level II opens one task')
        self.notes['measures'] = link[0]['url'].rsplit('/', 1)[1]

    def plan_night(self):
        self.make('inspector', 'night_check', NEIGHBOUR, 422, description='夜查', window_start='2018-11-23T21:00:00+08:00')
        case = self.make('inspector', 'night_check', NEIGHBOUR, description='Ⅱ级应急响应措施落实情况夜查',
                         window_start='2018-11-23T21:00:00+08:00', window_end='2018-11-24T00:00:00+08:00')
        case = self.act(case, 'inspector', 'add_team', team='第一组', leading_post='deputy_team_leader', targets='东区工地')
        self.act(case, 'inspector', 'begin_check', 409)
        case = self.act(case, 'inspector', 'add_team', team='第二组', leading_post='deputy_coordinator', targets='西区道路')
        self.notes['night'] = self.act(case, 'inspector', 'begin_check')

    def night(self):
        case = self.notes['night']
        found = [('earth_piled', '土方露天堆放', '一号工地'), ('six_hundred', '无冲洗设施', '二号工地'),
                 ('six_hundred', '出入口未硬化', '三号工地'), ('muck_truck', '渣土车未苫盖', '环城路'),
                 ('muck_truck', '渣土车带泥上路', '人民路'), ('open_burning', '焚烧落叶', '南关村'),
                 ('earth_piled', '土方未苫盖', '四号工地')]
        self.act(case, 'inspector', 'record_finding', 422, problem='未归类', place='五号工地')
        for category, problem, place in found:
            case = self.act(case, 'inspector', 'record_finding', team='第一组', category=category, problem=problem, place=place)
        self.notes['night'] = case

    def end_night(self):
        case = self.act(self.notes['night'], 'inspector', 'close_check', summary='发现七个问题')
        letters = [row for row in case['links'] if row['kind'] == 'supervision-letter']
        if case['fields']['problems'] != 7 or len(case['fields']['categories']) != 4 or len(letters) != 1:
            raise Failed(f'{case["fields"]} {letters}')
        for row in case['fields']['findings']:
            if (row['window_start'][:16], row['window_end'][:16]) != ('2018-11-23T21:00', '2018-11-24T00:00'):
                raise Failed(f'a finding without the window: {row}')
        self.notes['letter'] = letters[0]['url'].rsplit('/', 1)[1]
        measures = self.want(200, 'inspector', 'GET', f'/cases/{self.notes["measures"]}')
        self.act(measures, 'inspector', 'report_measures', implemented='partly', result='七个问题')

    def city_answers(self):
        case = self.want(200, '130400-handler', 'GET', f'/cases/{self.notes["letter"]}')
        if [row['holders'][0]['name'] for row in case['roles_shown'] if row['role'] == 'city'] != ['邯郸市人民政府']:
            raise Failed('the letter went to another city')
        parts = {'rectification': '已整改', 'responsibility': '已问责', 'lateral': '全市排查', 'emergency_measures': '已到位'}
        for part in parts:
            self.act(case, '130400-handler', 'answer_letter', 422, **dict(parts, **{part: ''}))
        case = self.act(case, '130400-handler', 'answer_letter', **parts)
        case = self.act(case, 'inspector', 'verify_answer')
        if len(case['fields']['problems']) != 7 or case['fields']['total'] != 7 or case['state'] != 'verified':
            raise Failed(f'{case["fields"]}')

    # ---- the rest ----

    def lateral(self):
        case = self.make('taskforce', 'lateral_extension', CITY, category='dust', description='工地扬尘', due='2018-12-10')
        tasks = self.list_all('taskforce', procedure='screening')
        if len(tasks) != len(case['fields']['counties']) or not tasks:
            raise Failed(f'{len(tasks)} tasks for {len(case["fields"]["counties"])} counties')
        for row in tasks:
            if row['region'] in COUNTIES:
                self.act(row, county_login(row['region'], 'handler'), 'report_screening', found=3, rectified=2, result='已排查')
        self.notes['screenings'] = len(tasks)
        for n, team in enumerate(self.notes['teams']):
            if n < 6:
                self.act(team, 'taskforce', 'report_county', 422, mobilisation='已部署', rectification='推进中')
                self.act(team, 'taskforce', 'report_county', mobilisation='已部署', rectification='推进中', complaints='已查处')

    def bulletin(self, number, items, full):
        issue = self.make('taskforce', 'bulletin', CITY)
        if issue['number'] != str(number):
            raise Failed(f'issue {issue["number"]}, wanted {number}')
        self.act(issue, 'taskforce', 'publish', 409)
        for item in items:
            item = self.act(item, 'taskforce', 'print', bulletin=str(number))
            self.act(item, 'taskforce', 'print', 409, bulletin=str(number))
        issue = self.want(200, 'taskforce', 'GET', f'/cases/{issue["id"]}')
        head = {'title': f'督察简报第{number}期', 'issuer': '省环保督察组', 'issue_date': str(self.now.date())}
        if full:
            head.update(index_number='0218077J/2018-01478', subject_class='环境保护', document_number=f'〔2018〕{number}号',
                        keywords='督察 夜查', validity='有效')
        issue = self.act(issue, 'taskforce', 'edit_head', **head)
        issue = self.act(issue, 'taskforce', 'publish')
        if len(issue['fields']['items']) != len(items) or issue['state'] != 'published':
            raise Failed(f'{issue["state"]} {issue["fields"]}')
        self.notes.setdefault('issues', []).append(issue)

    def item(self, title, held_on):
        return self.make('inspector', 'progress_item', CITY, title=title, held_on=held_on, group='第十一组', form='discussion',
                         text='听取意见')

    def first_bulletin(self):
        report = self.make('inspector', 'field_report', CITY, title='夜查邯郸', held_on='2018-11-23', text='发现七个问题')
        self.bulletin(1, [report, self.item('督察组与专家组座谈', '2018-11-22')], True)

    def second_bulletin(self):
        self.bulletin(2, [self.item('督察组现场检查', '2018-12-01')], False)

    def third_bulletin(self):
        again = self.item('督察组现场复查', '2018-12-18')
        self.act(again, 'taskforce', 'print', 409, bulletin='1')  # published: closed to further items
        self.act(again, 'taskforce', 'print', 422, bulletin='77')
        first = self.item('督察组现场复查', '2018-12-18')
        self.bulletin(3, [first], False)
        self.act(again, 'taskforce', 'drop', reason='与已刊内容重复')

    # ---- what must hold ----

    def read_ledgers(self):
        self.tokens = {}
        for login in ['taskforce', 'verifier'] + [county_login(c, p) for c in COUNTIES for p in ('handler', 'leader', 'principal')]:
            self.people[self.want(200, login, 'GET', '/me')['id']] = login
        ledgers = list(self.pool.map(
            lambda letter: (letter, self.want(200, 'taskforce', 'GET', f'/cases/{letter.id}/events')['items']), self.letters))
        self.notes['ledgers'] = ledgers
        self.refresh(self.letters, 'taskforce')

    def rounds(self):
        """(letter, events, indexes at which a state was entered)."""
        for letter, events in self.notes['ledgers']:
            yield letter, events, [(n, e['payload']['to']) for n, e in enumerate(events) if e['type'] == 'moved']

    def no_closing_without_acceptance(self):
        closed = 0
        for letter, events, moves in self.rounds():
            for n, state in moves:
                if state != 'written_off':
                    continue
                closed += 1
                since = max(m for m, s in moves if s == 'rectifying' and m < n)
                if not any(s == 'feedback_sent' and since < m < n for m, s in moves):
                    raise Failed(f'{letter.number} was closed without an answer of its last round')
                if not any(e['type'] == 'signed' and e['payload']['as'] == 'principal' for e in events[since:n]):
                    raise Failed(f'{letter.number} was closed without the principal')
                act = [e for e in events[since:] if e['command'] == 'close' and e['type'] == 'noted']
                said = act[0]['payload']['input']
                if not (said['facts_clear'] and said['rectified'] and said['responsibility_settled']):
                    raise Failed(f'{letter.number}: {said}')
                if letter.key and {e['payload']['what'] for e in events[:n] if e['type'] == 'confirmed'} < {
                        'verification', 'coordination', 'supervision', 'acceptance'}:
                    raise Failed(f'{letter.number} is key and was closed without the four acts')
        if closed < 200:
            raise Failed(f'only {closed} were closed')

    def no_handover_without_unit_and_date(self):
        for letter, events, moves in self.rounds():
            for n, state in moves:
                before = events[:n]
                roles = {name for e in before if e['type'] == 'created' for name in e['payload']['roles']}
                roles |= {e['payload']['role'] for e in before if e['type'] == 'role_set'}
                fields = {name for e in before if e['type'] == 'field_set' for name in e['payload'].get('fields', {})}
                if state == 'handed_over' and 'county' not in roles:
                    raise Failed(f'{letter.number} was handed over to nobody')
                if state == 'rectifying' and not ('responsible_unit' in roles and 'rectification_deadline' in fields):
                    raise Failed(f'{letter.number} is rectified by nobody or without a date')
                if state == 'received' and not any(e['type'] == 'signed' for e in before + events[n:n + 5]):
                    raise Failed(f'{letter.number} was received without a signature')

    def nobody_accepts_their_own(self):
        for letter, events, _ in self.rounds():
            for event in events:
                login = self.people.get(event['actor']['id'])
                if event['command'] in ('draw_check', 'record_check', 'close', 'return_case') and \
                        event['actor']['id'] != 'system' and login not in ('taskforce', 'verifier'):
                    raise Failed(f'{letter.number}: {event["command"]} by {event["actor"]}')

    def every_lapse_is_recorded(self):
        """An hour, three days, five days, counted here again; what was late stays late."""
        day = datetime.timedelta(days=1)
        for letter, events, moves in self.rounds():
            def first(state):
                return next((datetime.datetime.fromisoformat(events[n]['happened_at']) for n, s in moves if s == state), at(END))
            midnight = letter.received.replace(hour=0, minute=0)
            ends = {'transfer': (letter.received + datetime.timedelta(minutes=61), first('handed_over')),
                    'internal_feedback': (midnight + 4 * day, first('feedback_sent')),
                    'feedback': (midnight + 6 * day, first('feedback_sent'))}
            lapsed = collections.Counter(e['payload']['clock'] for e in events if e['type'] == 'clock_lapsed')
            for clock, (end, done) in ends.items():
                if lapsed[clock] != (done >= end):
                    raise Failed(f'{letter.number} {clock}: ends {end}, done {done}, lapsed {lapsed[clock]}')
            if lapsed['transfer'] != letter.late_transfer:
                raise Failed(f'{letter.number}: late by the story {letter.late_transfer}')
        late = [row for row in self.list_all('taskforce', procedure='letter')
                if 'late_transfer' in [flag['flag'] for flag in row['flags']]]
        if len(late) != sum(x.late_transfer for x in self.letters):
            raise Failed(f'{len(late)} bear the mark')

    def figures_are_data(self):
        report = self.want(200, 'taskforce', 'GET', f'/reports/{CAMPAIGN}/transfer')
        told = {row['id']: row['n'] for row in report['figures']}
        if (told['batches'], told['received'], told['transferred'], told['untransferred']) != (5, 418, 418, 0):
            raise Failed(f'{told}')
        packs = {self.want(200, 'taskforce', 'GET', f'/cases/{x.id}')['pack'] for x in self.letters[::40]}
        if len(packs) != 1:
            raise Failed(f'{packs}')

    def the_states_are_those_of_the_story(self):
        states = collections.Counter(x.state for x in self.letters)
        if sum(states.values()) != 418 or set(states) - {'written_off', 'feedback_sent', 'rectifying', 'accepting'}:
            raise Failed(f'{states}')
        drawn_early = sum(x.state == 'accepting' and x.key and x.completion != 'closed' for x in self.letters)
        if states['accepting'] != drawn_early:  # checked, but not yet put right for good
            raise Failed(f'{states}, {drawn_early} drawn before they were closed')
        never = sum(x.answer == 'never' for x in self.letters)
        if states['rectifying'] != never:
            raise Failed(f'{states}, {never} never answered')
        if states['written_off'] != sum(x.completion == 'closed' and x.answer != 'never' for x in self.letters):
            raise Failed(f'{states}')

    def refusals_named_their_clause(self):
        for clause in ('S3-3.2.3', 'S3-3.2.5', 'S3-3.2.9', 'S3-3.3.1', 'S3-3.3.2'):
            if not self.refusals[clause]:
                raise Failed(f'nothing was refused by {clause}')

    def whole(self):
        self.server.run('verify')
        self.server.run('rebuild', '--check')


def main():
    program, engine = sys.argv[1:3]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    server = Server(program, engine)
    failed = 0
    try:
        server.make('scene', stamp(at(BEGIN)))
        server.start(stamp(at(BEGIN)))
        month = Month(server, seed)
        steps = [
            ('task force and nine steering teams are set up', month.scene),
            ('the month goes by', month.letters_come),
            ('418 letters came in 5 batches and were handed over', month.figures_are_data),
            ('the ledgers are read', month.read_ledgers),
            ('no closing without the acceptance of its round', month.no_closing_without_acceptance),
            ('no handover without a county, no work without unit and date', month.no_handover_without_unit_and_date),
            ('nobody accepts their own work', month.nobody_accepts_their_own),
            ('every lapse is recorded, and none that was not', month.every_lapse_is_recorded),
            ('the letters stand where the story left them', month.the_states_are_those_of_the_story),
            ('refusals named their clause', month.refusals_named_their_clause),
            ('ledger and rows agree', month.whole),
        ]
        print(f'1..{len(steps)}')
        for number, (name, step) in enumerate(steps, 1):
            try:
                step()
                print(f'ok {number} - {name}', flush=True)
            except (Failed, KeyError, TypeError, ValueError, OSError, IndexError, StopIteration) as fault:
                failed += 1
                print(f'not ok {number} - {name}')
                print(f'# {type(fault).__name__}: {fault}'.replace('\n', '\n# '), flush=True)
        month.pool.shutdown()
        server.end()
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
