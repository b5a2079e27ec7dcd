#!/usr/bin/env python3
"""Who may do what, asked of a running program: matrix.py PROGRAM ENGINE

Every route × every example account, every command × every example account on cases in several
states, and the neighbours who must not see each other. What is expected of a command is what
`actions[]` of the case said to the same account. Prints TAP. Standard library only.
"""
import collections
import http.client
import json
import sys

from run_journey import PASSWORD, Failed, Server

CLOCK = '2026-11-20T09:00:00+08:00'
PLATFORM = ['sysadmin', 'secadmin', 'auditor']
LOOK_BACK = ['taskforce', 'county', 'county-leader', 'county-principal', 'verifier']
ROUTINE = ['office', 'primary', 'primary-principal', 'regulator', 'regulator-principal',
           'district-leader']
ACCOUNTS = PLATFORM + LOOK_BACK + ROUTINE
NEIGHBOUR = '130505-handler'
PUBLIC = {'session_create', 'clock_move', 'openapi', 'checkpoint_list', 'checkpoint_consistency', 'document_verify', 'document_verify_hash',
          'public_list', 'public_search', 'public_release', 'public_proof', 'public_file', 'public_feed',
          'complaint_form', 'complaint_make', 'complaint_find', 'complaint_show', 'complaint_proof', 'complaint_rate'}
GUARDED = {'account_list': 'account_list', 'audit': 'audit_read'}  # read by posts of the platform only
UNKNOWN = 'no_such_member'
NO_CASE = '420500-1'
BUILT_IN = ['add_evidence', 'note', 'link', 'unlink', 'delegate', 'withdraw', 'lapse', 'create']


class Client:
    """One account and its connection, kept open."""

    def __init__(self, server, name):
        self.name = name
        self.connection = http.client.HTTPConnection(server.address, timeout=300)
        self.headers = {'Accept': 'application/json'}
        if name in ('nobody', 'forger'):
            if name == 'forger':
                self.headers['Authorization'] = 'Bearer ' + 'x' * 43
            return
        status, reply = self.call('POST', '/api/v1/sessions',
                                  {'username': name, 'password': PASSWORD})
        if status != 200 and status != 201:
            raise Failed(f'{name} cannot log in: {status} {reply}')
        self.headers['Authorization'] = 'Bearer ' + reply['token']

    def ask(self, method, path, body, headers):
        self.connection.request(method, path, body=body, headers=headers)
        return self.connection.getresponse()

    def call(self, method, path, body=None, version=None):
        headers = dict(self.headers)
        if body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps(body).encode()
        if version is not None:
            headers['If-Match'] = f'"{version}"'
        try:
            answer = self.ask(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()  # idle for too long
            answer = self.ask(method, path, body, headers)
        content = answer.read()
        kind = answer.getheader('Content-Type', '')
        return answer.status, json.loads(content) if 'json' in kind else {}

    def permissions(self):
        return self.call('GET', '/api/v1/me')[1]['permissions']

    def give(self, case, command, body, version):
        return self.call('POST', f'/api/v1/cases/{case}/commands/{command}', body, version)

    def rows(self, query=''):
        found, cursor = [], ''
        while cursor is not None:
            _, page = self.call('GET', f'/api/v1/cases?limit=200{query}{cursor}')
            found += page['items']
            cursor = f'&cursor={page["next"]}' if page.get('next') else None
        return found


class Matrix:
    """The questions; each notes what did not hold."""

    def __init__(self, server):
        self.clients = {name: Client(server, name)
                        for name in ACCOUNTS + [NEIGHBOUR, 'nobody', 'forger']}
        self.faults = []
        self.counts = collections.Counter()

    def hold(self, truth, *what):
        if not truth:
            self.faults.append(' '.join(str(part) for part in what))

    def people(self):
        return [self.clients[name] for name in ACCOUNTS + [NEIGHBOUR]]

    def make_letters(self):
        """Letters of two counties, handed over, so that each side has something of its own."""
        force = self.clients['taskforce']
        for region in ('130503', '130503', '130505'):
            status, case = force.call('POST', '/api/v1/cases', {
                'campaign': 'look-back', 'procedure': 'letter', 'region': region,
                'source': 'inspection-petition',
                'fields': {'description': '夜间作业噪声扰民。'}})
            self.hold(status == 201, 'a letter of', region, 'is not made:', status, case)

    # ---- routes ----

    def fill(self, path, case):
        names = {'{command}': 'note', '{sequence}': '1', '{id}': case if '/cases' in path else '1'}
        for name, value in names.items():
            path = path.replace(name, value)
        return '/api/v1' + path

    def routes(self):
        _, document = self.clients['nobody'].call('GET', '/api/v1/openapi.json')
        for path, members in document['paths'].items():
            for method, operation in members.items():
                if operation.get('operationId'):
                    self.route(path, method.upper(), operation)

    def route(self, path, method, operation):
        name = operation['operationId']
        public = operation.get('security') == []
        self.hold(public == (name in PUBLIC), name, 'is public:', public)
        versioned = any(p['name'] == 'If-Match' for p in operation.get('parameters', []))
        for client in self.clients.values():
            stranger = client.name in ('nobody', 'forger')
            if name == 'session_end' and not stranger:
                continue
            if path.endswith('/stream') and not stranger:
                continue  # has a journey of its own
            body = {UNKNOWN: 1} if method not in ('GET', 'DELETE') else None
            status, _ = client.call(method, self.fill(path, NO_CASE), body, 1 if versioned else None)
            self.counts['route'] += 1
            if client.name == 'forger' or (stranger and not public):
                wanted = {401}
            elif name in GUARDED:
                wanted = {200 if GUARDED[name] in client.permissions() else 403}
            elif method == 'GET':
                wanted = {200, 400} if '{' not in path else {200, 404}
            else:
                wanted = {200, 400, 401, 403, 404, 409, 415, 422}
            if client.name in PLATFORM and '/cases/{id}' in path:
                wanted = {404}
            self.hold(status in wanted, method, path, 'as', client.name, 'gives', status)

    # ---- cases ----

    def lists_agree(self):
        """What an account may open is what its list shows, and nothing of it for the platform."""
        seen = {client.name: {row['id']: row for row in client.rows()} for client in self.people()}
        everything = {}
        for rows in seen.values():
            everything.update(rows)
        for client in self.people():
            for case in everything:
                for part in ('', '/events', '/paper', '/proof'):
                    status, _ = client.call('GET', f'/api/v1/cases/{case}{part}')
                    self.counts['case'] += 1
                    wanted = 200 if case in seen[client.name] else 404
                    self.hold(status == wanted, 'GET', case + part, 'as', client.name, 'gives',
                              status, 'and the list says', wanted)
            _, figures = client.call('GET', '/api/v1/stats?by=campaign')
            total = sum(row['count'] for row in figures['rows'])
            self.hold(total == len(seen[client.name]), client.name, 'counts', total, 'of',
                      len(seen[client.name]))
        for name in PLATFORM:
            self.hold(not seen[name], name, 'sees', len(seen[name]), 'cases')
        return everything

    def neighbours(self):
        ours = {row['id'] for row in self.clients['county'].rows()}
        theirs = {row['id'] for row in self.clients[NEIGHBOUR].rows()}
        self.hold(len(ours) >= 2 and theirs, 'too few letters:', len(ours), len(theirs))
        self.hold(not ours & theirs, 'two counties see the same:', ours & theirs)
        status, page = self.clients['county'].call('GET', '/api/v1/cases?region=130505')
        self.hold(status == 200 and not page['items'], 'the filter shows the neighbour')
        status, page = self.clients['county'].call('GET', '/api/v1/deadlines?region=130505')
        self.hold(status == 200 and not page['items'], 'clocks show the neighbour:', status)

    # ---- commands ----

    def sample(self, everything):
        found = {}
        for row in everything.values():
            found.setdefault((row['procedure'], row['state']), row)
        return list(found.values())

    def commands_of(self, row):
        _, regime = self.clients['office'].call('GET', f'/api/v1/regimes/{row["campaign"]}')
        for procedure in regime['procedures']:
            if procedure['name'] == row['procedure']:
                names = [command['name'] for command in procedure['commands']]
                return list(dict.fromkeys(names + BUILT_IN))
        raise Failed(f'no procedure {row["procedure"]}')

    def commands(self, everything):
        for row in self.sample(everything):
            names = self.commands_of(row)
            for client in self.people():
                status, case = client.call('GET', f'/api/v1/cases/{row["id"]}')
                actions = {a['command']: a for a in case.get('actions', [])}
                for command in names:
                    self.command(client, row, command, actions.get(command), case, status == 200)

    def command(self, client, row, command, action, case, seen):
        """Nothing is written: a member that no form has is refused last of all."""
        status, problem = client.give(row['id'], command, {UNKNOWN: 1}, case.get('version', 1))
        self.counts['command'] += 1
        where = f'{row["procedure"]}/{row["state"]} {command} as {client.name}: {status}'
        if not seen:
            self.hold(status == 404, where, 'of a case that is not theirs')
            return
        if action is None:
            self.hold(status in (403, 404, 409), where, 'though not among the actions')
        elif action['allowed']:
            self.counts['allowed'] += 1
            self.hold(status == 422, where, 'though allowed:', problem.get('detail'))
        else:
            self.counts['refused'] += 1
            if status == 422:  # what the form says is read before the guards are asked
                again, _ = client.give(row['id'], command, {}, case['version'])
                self.hold(again in (409, 422), where, 'and with an empty form', again)
                return
            self.hold(status in (403, 409), where, 'though not allowed')
            self.hold(problem.get('detail') == action['why_not'], where, problem.get('detail'),
                      'is not', action['why_not'])
            if command not in BUILT_IN:
                self.hold(problem.get('clause') and problem.get('needs'), where,
                          'names no clause or need')

    def empty_forms(self, everything):
        """Allowed acts are given with empty forms: done, or refused by a rule that is named."""
        for row in self.sample(everything):
            for client in self.people():
                status, case = client.call('GET', f'/api/v1/cases/{row["id"]}')
                if status != 200:
                    continue
                for action in case['actions']:
                    if not action['allowed'] or action['command'] == 'withdraw':
                        continue
                    status, answer = client.give(row['id'], action['command'], {}, case['version'])
                    self.counts['empty'] += 1
                    where = f'{row["state"]} {action["command"]} as {client.name}: {status}'
                    self.hold(status in (200, 409, 422), where, answer.get('detail'))
                    if status == 200:
                        break
                    self.hold(answer.get('detail') and (answer.get('field') or answer.get('clause')),
                              where, 'does not say why')

    def platform_writes(self):
        for name in PLATFORM:
            for campaign, procedure, region in (('look-back', 'letter', '130503'),
                                                ('district-routine', 'problem', '420506001')):
                status, _ = self.clients[name].call('POST', '/api/v1/cases', {
                    'campaign': campaign, 'procedure': procedure, 'region': region,
                    'fields': {'description': '一处问题。'}})
                self.hold(status == 403, name, 'makes a case:', status)


def main():
    program, engine = sys.argv[1:3]
    server = Server(program, engine)
    failed = 0
    try:
        server.make('demo', CLOCK)
        server.start(CLOCK)
        matrix = Matrix(server)
        everything = {}
        steps = [
            ('letters of two counties', matrix.make_letters),
            ('every route answers every account as it should', matrix.routes),
            ('what may be opened is what is listed', lambda: everything.update(matrix.lists_agree())),
            ('counties do not see each other', matrix.neighbours),
            ('posts of the platform make no case', matrix.platform_writes),
            ('a command is refused exactly where its action says so',
             lambda: matrix.commands(everything)),
            ('an allowed command is done or names what it wants',
             lambda: matrix.empty_forms(everything)),
            ('the ledger is whole', lambda: server.run('verify')),
        ]
        print(f'1..{len(steps)}')
        for number, (name, step) in enumerate(steps, 1):
            matrix.faults = []
            try:
                step()
            except (Failed, KeyError, TypeError, ValueError, OSError) as fault:
                matrix.faults.append(f'{type(fault).__name__}: {fault}')
            print(f'{"not " if matrix.faults else ""}ok {number} - {name}')
            for fault in matrix.faults[:40]:
                print(f'# {fault}')
            failed += bool(matrix.faults)
        print('# ' + ', '.join(f'{n} {what}' for what, n in matrix.counts.items()))
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
