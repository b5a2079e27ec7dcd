#!/usr/bin/env python3
"""What nobody should send: badinput.py PROGRAM ENGINE

The description of the API held against what is served, then malformed, oversized, stale, repeated,
foreign and hostile requests; and the headers that every answer carries. Prints TAP. Standard
library only.
"""
import http.client
import json
import socket
import sys
import uuid

from run_journey import PASSWORD, Failed, Server

CLOCK = '2026-11-20T09:00:00+08:00'
JSON = {'Content-Type': 'application/json'}
FORM = {'Content-Type': 'application/x-www-form-urlencoded'}
PAGE = {'Accept': 'text/html'}
CASE_FORM = {'campaign': 'district-routine', 'procedure': 'problem', 'region': '420506001',
             'source': 'self-found',
             'fields': {'description': '沿街餐馆隔油池污水溢流。', 'pollution': ['water']}}


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)


class Tests:
    """Each `test_` holds one fact or a few of one kind."""

    def __init__(self, server):
        self.server = server
        self.faults = []
        self.token = self.session('office').json()['token']

    def hold(self, truth, *what):
        if not truth:
            self.faults.append(' '.join(str(part) for part in what)[:400])

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.server.address, timeout=300)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            headers = [(name.lower(), value) for name, value in answer.getheaders()]
            return Answer(answer.status, headers, answer.read())
        finally:
            connection.close()

    def session(self, name, password=PASSWORD):
        return self.send('POST', '/api/v1/sessions',
                         json.dumps({'username': name, 'password': password}), JSON)

    def api(self, method, path, body=None, **more):
        headers = {'Authorization': 'Bearer ' + self.token, 'Accept': 'application/json'}
        headers.update({name.replace('_', '-'): value for name, value in more.items()})
        if body is not None:
            headers.setdefault('Content-Type', 'application/json')
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.send(method, '/api/v1' + path, body, headers)

    def wants(self, status, method, path, body=None, **more):
        answer = self.api(method, path, body, **more)
        wanted = status if isinstance(status, tuple) else (status,)
        self.hold(answer.status in wanted, method, path, str(body)[:60], more, 'gives',
                  answer.status, 'not', status, answer.body[:160])
        if answer.status >= 400:
            kind = dict(answer.headers).get('content-type', '')
            self.hold(kind.startswith('application/problem+json'), path, 'answers as', kind)
            problem = answer.json()
            self.hold(problem.get('status') == answer.status and problem.get('detail'), path,
                      'tells', problem)
        return answer

    def make_case(self):
        answer = self.api('POST', '/cases', CASE_FORM)
        if answer.status != 201:
            raise Failed(f'no case: {answer.status} {answer.body}')
        return answer.json()

    # ---- the description ----

    def operations(self):
        document = self.api('GET', '/openapi.json').json()
        for path, members in document['paths'].items():
            for method, operation in members.items():
                yield path, method.upper(), operation

    def test_every_described_operation_is_served_and_named_once(self):
        names = set()
        for path, method, operation in self.operations():
            name = operation['operationId']
            self.hold(name not in names, name, 'is there twice')
            self.hold(operation.get('summary'), name, 'has no summary')
            names.add(name)
            if path.endswith('/stream') or name == 'session_end':
                continue
            filled = path.replace('{command}', 'note').replace('{id}', '1').replace('{sequence}', '1')
            if method == 'GET':
                answer = self.api('GET', filled)
                self.hold(answer.status in (200, 400, 403, 404), filled, 'gives', answer.status)
                if answer.status == 404:
                    code = answer.json().get('code')
                    self.hold(code != 'http.not_found', filled, 'is not served')
            else:
                answer = self.api(method, filled, b'[', If_Match='"1"')
                self.hold(answer.status not in (405, 500, 501), filled, 'gives', answer.status)
        self.hold(len(names) > 15, 'only', len(names), 'operations')

    def test_what_is_documented_is_described(self):
        served = {(method, path) for path, method, _ in self.operations()}
        for row in ('POST /sessions', 'GET /me', 'GET /campaigns', 'GET /regimes/{id}', 'GET /cases',
                    'POST /cases', 'GET /cases/{id}', 'POST /cases/{id}/commands/{command}',
                    'GET /cases/{id}/events', 'POST /evidence', 'GET /stats', 'GET /deadlines',
                    'GET /events/stream', 'PUT /clock'):
            self.hold(tuple(row.split(' ')) in served, row, 'is not in the description')

    def test_unknown_query_parameter_is_refused_everywhere(self):
        for path, method, operation in self.operations():
            if method == 'GET':
                filled = path.replace('{id}', '1').replace('{list}', 'obligations')
                answer = self.wants(400, 'GET', filled + '?no_such_parameter=1')
                self.hold(answer.status != 200, operation['operationId'])

    def test_unknown_member_of_a_body_is_refused(self):
        self.wants(422, 'POST', '/sessions', {'username': 'a', 'password': 'b', 'colour': 1})
        self.wants(422, 'POST', '/cases', dict(CASE_FORM, colour='red'))
        self.wants(422, 'PUT', '/clock', {'now': CLOCK, 'colour': 'red'})
        case = self.make_case()
        self.wants(422, 'POST', f'/cases/{case["id"]}/commands/list', {'colour': 1},
                   If_Match=f'"{case["version"]}"')

    # ---- bodies ----

    def test_malformed_json_is_refused(self):
        for body in ('{', '{"a":', '[]', '"text"', '1', '{"a":1}}', '{"a":1,"a":2}', b'\xff\xfe{}',
                     '{"a":"\ud800"}'.encode('utf-8', 'surrogatepass'), '{"a":NaN}', '[' * 5000,
                     '{"a":1e999}', '{"a":"\x00"}'):
            self.wants((400, 413, 422), 'POST', '/cases', body)

    def test_wrong_types_are_refused(self):
        for change in ({'campaign': 1}, {'campaign': ['a']}, {'fields': 'text'}, {'fields': []},
                       {'region': {}}, {'region': '999999'}, {'procedure': None},
                       {'fields': {'description': {}}}, {'fields': {'description': 7}},
                       {'fields': {'description': 'x', 'pollution': 'no-such'}},
                       {'happened_at': 'yesterday'}, {'happened_at': 5}, {'source': 'nowhere'},
                       {'roles': 'me'}, {'campaign': 'none-such'}):
            self.wants((400, 404, 422), 'POST', '/cases', dict(CASE_FORM, **change))

    def test_nobody_names_themselves_the_office(self):
        token = self.session('primary').json()['token']
        me = self.api('GET', '/me', Authorization='Bearer ' + token).json()
        for role in ('rectification_office', 'no_such_role'):
            roles = {role: [me['units'][0]['id']]}
            answer = self.wants((403, 422), 'POST', '/cases', dict(CASE_FORM, roles=roles),
                                Authorization='Bearer ' + token)
            self.hold(answer.status != 201, role)
        self.wants(422, 'POST', '/cases', dict(CASE_FORM, roles={'primary_unit': ['1']}))

    def test_oversized_body_is_refused(self):
        self.wants(413, 'POST', '/cases', b'{"a":"' + b'x' * (2 << 20) + b'"}')
        self.wants(413, 'POST', '/sessions', b'{"a":"' + b'x' * (1 << 20) + b'"}')

    def test_wrong_media_type_is_refused(self):
        for kind in ('text/plain', 'application/xml', 'image/png', 'x'):
            self.wants(415, 'POST', '/cases', '{}', Content_Type=kind)
        self.wants(415, 'POST', '/evidence', '{}')
        self.wants((400, 415), 'POST', '/evidence', 'x', Content_Type='multipart/form-data')

    # ---- versions and keys ----

    def test_version_is_asked_for(self):
        case = self.make_case()
        path, version = f'/cases/{case["id"]}/commands/note', case['version']
        self.wants(428, 'POST', path, {'text': 'a'})
        for wrong in ('x', '"x"', str(version), '""', '"-1"', '"0"', '"99999999999999999999"', '*',
                      f'W/"{version}"', f'"{version}", "2"'):
            self.wants((400, 412), 'POST', path, {'text': 'a'}, If_Match=wrong)
        self.wants(412, 'POST', path, {'text': 'a'}, If_Match=f'"{version + 7}"')
        self.wants(200, 'POST', path, {'text': 'a'}, If_Match=f'"{version}"')
        self.wants(412, 'POST', path, {'text': 'a'}, If_Match=f'"{version}"')

    def test_repeated_key_gives_the_stored_answer(self):
        key = uuid.uuid4().hex
        first = self.wants(201, 'POST', '/cases', CASE_FORM, Idempotency_Key=key)
        again = self.wants(201, 'POST', '/cases', CASE_FORM, Idempotency_Key=key)
        self.hold(first.body == again.body, 'another answer the second time')
        self.wants(422, 'POST', '/cases', dict(CASE_FORM, region='420506002'), Idempotency_Key=key)
        self.wants((400, 422), 'POST', '/cases', CASE_FORM, Idempotency_Key='k' * 1000)

    # ---- filters ----

    def test_bad_filters_are_refused(self):
        for query in ('cursor=garbage', 'cursor=%00', 'limit=0', 'limit=501', 'limit=x', 'limit=-1',
                      'sort=colour', 'sort=--due', 'overdue=maybe', 'open=1', 'due_before=x',
                      'due_before=2026-13-01', 'state=' + ','.join('abcdefghijklmnopqrstuvw'),
                      'q=%ff', 'limit=1&limit=2', 'lang=xx'):
            self.wants(400, 'GET', '/cases?' + query)
            if not query.startswith(('sort', 'q')):
                self.wants(400, 'GET', '/deadlines?' + query)
        self.wants(400, 'GET', '/stats?by=colour')
        self.wants(200, 'GET', "/cases?q='%20OR%201=1%20--")
        self.hold(not self.api('GET', "/cases?region='%20OR%20''='").json()['items'], 'injected')

    def test_paths_lead_nowhere_else(self):
        for path in ('/static/../lantian.yaml', '/static/%2e%2e/lantian.yaml', '/static//etc/passwd',
                     '/static/..%2f..%2fetc/passwd', '/static/%00', '/static/a%5c..%5cb',
                     '/api/v1/evidence/..%2f..%2flantian.yaml', '/api/v1/evidence/../../etc/passwd',
                     '/api/v1/evidence/%2e%2e%2flantian.db', '/api/v1/cases/..', '/%2e%2e/',
                     '/api/v1/cases/420500-99999999999999999999', '/api/v1/cases/x',
                     '/api/v1/documents/..%2f..', '/api/v1/evidence/-1/thumb'):
            answer = self.send('GET', path, None, {'Authorization': 'Bearer ' + self.token})
            self.hold(answer.status in (400, 404), path, 'gives', answer.status)

    def raw(self, text):
        host, port = self.server.address.rsplit(':', 1)
        with socket.create_connection((host, int(port)), 10) as plug:
            plug.sendall(text)
            plug.settimeout(10)
            try:
                return plug.recv(4096)
            except OSError:
                return b''

    def test_malformed_http_is_refused_and_others_go_on(self):
        for text in (b'\r\n\r\n', b'GET\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
                     b'POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
                     b'POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n'
                     b'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
                     b'GET /' + b'a' * 70000 + b' HTTP/1.1\r\nHost: a\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: a\r\n' + b'A: b\r\n' * 5000 + b'\r\n'):
            reply = self.raw(text)
            status = reply.split(b' ')[1:2]
            self.hold(not status or status[0][:1] in b'45' or status == [b'303'], text[:60],
                      'gives', reply[:80])
        self.hold(self.send('GET', '/healthz').status == 200, 'the server is gone')

    # ---- browsers ----

    def browser(self):
        answer = self.send('POST', '/login', f'username=office&password={PASSWORD}',
                           dict(FORM, **PAGE))
        cookies = [value for name, value in answer.headers
                   if name == 'set-cookie' and value.startswith('lantian=')]
        if answer.status != 303 or not cookies:
            raise Failed(f'no log-in by form: {answer.status} {answer.body[:200]}')
        return cookies[0]

    def test_session_cookie_is_for_this_host_and_no_script(self):
        cookie = self.browser()
        for part in ('HttpOnly', 'SameSite=Lax', 'Path=/'):
            self.hold(part in cookie, cookie, 'lacks', part)
        self.hold('Domain' not in cookie, cookie)

    def test_writes_by_cookie_need_the_csrf_text(self):
        case = self.make_case()
        path = f'/cases/{case["id"]}/commands/note'
        cookie = self.browser().split(';')[0]
        form = f'version={case["version"]}&text=hello'
        kept = dict(FORM, Cookie=cookie, **PAGE)
        self.hold(self.send('POST', path, form, kept).status == 403, 'a form without csrf')
        self.hold(self.send('POST', path, form + '&csrf=wrong', kept).status == 403, 'wrong csrf')
        self.hold(self.send('POST', '/api/v1' + path, json.dumps({'text': 'a'}),
                            dict(JSON, Cookie=cookie, **{'If-Match': '"1"'})).status == 403,
                  'JSON by cookie without csrf')
        foreign = dict(kept, Origin='http://elsewhere.example')
        self.hold(self.send('POST', path, form, foreign).status == 403, 'a foreign form')
        self.hold(self.api('GET', f'/cases/{case["id"]}').json()['version'] == case['version'],
                  'something was written')

    def test_every_answer_carries_the_security_headers(self):
        cookie = self.browser().split(';')[0]
        for method, path, headers in (
                ('GET', '/login', PAGE), ('GET', '/desk', dict(PAGE, Cookie=cookie)),
                ('GET', '/no-such-page', dict(PAGE, Cookie=cookie)), ('GET', '/cases', PAGE),
                ('GET', '/api/v1/cases', {}), ('GET', '/api/v1/openapi.json', {}),
                ('GET', '/api/v1/nothing', {}), ('GET', '/healthz', {}), ('PUT', '/login', {}),
                ('GET', '/static/no-such-file', {}), ('POST', '/api/v1/sessions', {})):
            answer = self.send(method, path, None, headers)
            found = dict(answer.headers)
            policy = found.get('content-security-policy', '')
            self.hold("default-src 'self'" in policy or "default-src 'none'" in policy, path, policy)
            self.hold('unsafe-inline' not in policy and 'unsafe-eval' not in policy, path, policy)
            self.hold("frame-ancestors" in policy, path, policy)
            self.hold(found.get('x-content-type-options') == 'nosniff', path, 'may be sniffed')
            self.hold(found.get('referrer-policy'), path, 'has no referrer policy')
            if path.startswith(('/api/v1/cases', '/desk', '/cases')):
                self.hold('no-store' in found.get('cache-control', ''), path, 'may be cached')

    # ---- the door ----

    def test_many_failures_lock_an_account_and_only_that(self):
        for _ in range(5):
            self.hold(self.session('verifier', 'wrong').status == 401, 'a wrong password')
        answer = self.session('verifier')
        self.hold(answer.status == 401, 'the right password opens a locked account', answer.status)
        other = self.session('no-such-person')
        self.hold(other.status == 401 and other.json()['detail'] == answer.json()['detail'],
                  'a locked account answers otherwise than an unknown one')
        self.hold(self.session('county').status in (200, 201), 'others are locked out')

    def test_the_log_holds_no_secret(self):
        log = (self.server.folder + '/log')
        self.server.log.flush()
        with open(log, encoding='utf-8', errors='replace') as file:
            text = file.read()
        for secret in (PASSWORD, self.token):
            self.hold(secret not in text, 'the log tells', secret[:4])


def main():
    program, engine = sys.argv[1:3]
    server = Server(program, engine)
    failed = 0
    try:
        server.make('demo', CLOCK)
        server.start(CLOCK)
        tests = Tests(server)
        names = [name for name in dir(tests) if name.startswith('test_')]
        names.sort(key=lambda name: getattr(tests, name).__code__.co_firstlineno)
        print(f'1..{len(names)}')
        for number, name in enumerate(names, 1):
            tests.faults = []
            try:
                getattr(tests, name)()
            except (Failed, KeyError, TypeError, ValueError, OSError,
                    http.client.HTTPException) as fault:
                tests.faults.append(f'{type(fault).__name__}: {fault}')
            print(f'{"not " if tests.faults else ""}ok {number} - {name[5:].replace("_", " ")}')
            for fault in tests.faults[:20]:
                print(f'# {fault}')
            failed += bool(tests.faults)
    finally:
        server.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
