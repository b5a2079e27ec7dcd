"""Clerks who know no regime: they open a case, look which actions the program offers them, fill in the
form as it is described, and send it. What they choose comes from one seeded generator, so a run can be
repeated. Standard library only."""
import datetime
import json
import pathlib
import uuid

from run_journey import Failed

HERE = pathlib.Path(__file__).resolve().parent
PICTURE = HERE / 'files' / 'after.png'
BUILT_IN = {'add_evidence', 'note', 'link', 'unlink', 'delegate', 'withdraw', 'propose', 'lapse'}
EVIDENCE = ('before', 'during', 'after', 'document', 'rebound')
OUTER = ('region', 'source', 'batch', 'received_number', 'happened_at')  # of a new case, beside its fields
WORDS = ['核查', '现场', '污水', '扬尘', '整改', '台账', '完成', '巡查', '清理', '监测', '设施', '运行']


class Office:
    """The clerks of one campaign and the clock they share."""

    def __init__(self, client_of, names, campaign, random, hints, dull=()):
        self.random = random
        self.campaign = campaign
        self.hints = hints            # form field → value, where any value would do but few make sense
        self.dull = set(dull)         # commands that lead nowhere, given one time in eight
        self.client_of, self.names = client_of, list(names)
        self.clients = {}
        self.log_in()
        self.today = None
        self.given = {}               # command → how often it was taken
        self.tried = {}               # (case, command) → how often; what was tried least comes first
        self.refused = {}             # key of the refusal → how often

    def log_in(self):
        for client in self.clients.values():
            client.connection.close()
        self.clients = {name: self.client_of(name) for name in self.names}
        self.pictures = {}

    # ---- forms ----

    def text(self):
        return ''.join(self.random.sample(WORDS, 3)) + '。'

    def day(self, ahead):
        return (self.today + datetime.timedelta(days=ahead)).isoformat()

    def date(self, name):
        late = any(part in name for part in ('deadline', 'due', 'until', 'next'))
        return self.day(self.random.randint(30, 120) if late else -self.random.randint(0, 2))

    def rows(self, field):
        last = self.day(self.random.randint(30, 60))
        row = {column['name']: last if column['kind'] == 'date' else self.value(column)
               for column in field['columns'] if column['kind'] != 'bool' and (column['required'] or column['kind'] == 'date')}
        return [row]

    def answer(self, field):
        hint = self.hints.get(field['name'])
        if hint is None:
            return self.value(field)
        return hint(self) if callable(hint) else hint

    def value(self, field):
        name, kind = field['name'], field['kind']
        choices = [choice['value'] for choice in field.get('choices', [])]
        if kind in ('choice', 'unit', 'person', 'region') and choices:
            chosen = self.random.sample(choices, min(len(choices), 2 if field['many'] else 1))
            return chosen if field['many'] else chosen[0]
        if kind in ('text', 'longtext'):
            return self.text()
        if kind == 'decimal':
            return str(self.random.randint(1, 20))
        if kind in ('integer', 'money'):
            least = field.get('min', 1)
            return self.random.randint(least, max(least, min(field.get('max', 100), 100)))
        if kind == 'date':
            return self.date(name)
        if kind == 'time':
            return self.day(0) + 'T08:00:00+08:00'
        if kind == 'bool':
            return True
        if kind == 'point':
            return {'lat': 307000000, 'lon': 1113000000}
        if kind == 'list':
            return self.rows(field)
        return None

    def fill(self, form):
        filled = {}
        for field in form.get('fields', []):
            if field.get('value') not in (None, '', []) and not field['required']:
                continue
            if field['required'] or field['kind'] == 'bool' or field['name'] in self.hints or self.random.random() < 0.6:
                value = self.answer(field)
                if value is not None:
                    filled[field['name']] = value
        return filled

    # ---- acts ----

    def upload(self, client, kind):
        boundary = uuid.uuid4().hex
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="p.png"\r\n'
                'Content-Type: image/png\r\n\r\n').encode() + PICTURE.read_bytes() + f'\r\n--{boundary}--\r\n'.encode()
        headers = {**client.headers, 'Content-Type': f'multipart/form-data; boundary={boundary}'}
        client.connection.request('POST', '/api/v1/evidence', body=body, headers=headers)
        answer = client.connection.getresponse()
        content = json.loads(answer.read())
        if answer.status != 201:
            raise Failed(f'a picture is not taken: {answer.status} {content}')
        return content['id']

    def show(self, client, case, kinds):
        """Adds a picture of each kind to the case; whether all were taken."""
        taken = True
        for kind in kinds:
            if (client.name, kind) not in self.pictures:
                self.pictures[client.name, kind] = self.upload(client, kind)
            _, now = client.call('GET', f'/api/v1/cases/{case}')
            status, _ = client.give(case, 'add_evidence', {'evidence': self.pictures[client.name, kind], 'kind': kind}, now['version'])
            taken = taken and status == 200
        return taken

    def note(self, status, reply, command):
        if status >= 500:
            raise Failed(f'{command}: {status} {reply}')
        if status < 300:
            self.given[command] = self.given.get(command, 0) + 1
        else:
            code = (reply.get('errors') or [reply])[0].get('code', '?')
            key = f'{command}:{reply.get("field") or ""}:{code}'
            self.refused[key] = self.refused.get(key, 0) + 1
        return status < 300

    def create(self, name, procedure, region, fields, source=None):
        body = {'campaign': self.campaign, 'procedure': procedure, 'region': region, 'fields': fields}
        if source:
            body['source'] = source
        status, reply = self.clients[name].call('POST', '/api/v1/cases', body)
        self.note(status, reply, f'create {procedure}')
        return reply.get('id') if status == 201 else None

    def open(self, name, procedure, region):
        """A case of any procedure, by the form that the program describes; None where it is not this clerk's."""
        client = self.clients[name]
        status, page = client.call('GET', f'/api/v1/cases/new?campaign={self.campaign}&procedure={procedure}')
        if status != 200 or not page.get('form'):
            return None
        fields = page['form']['fields']
        filled = self.fill({'fields': [field for field in fields if field['name'] not in OUTER]})
        sources = [field for field in fields if field['name'] == 'source']
        source = self.random.choice(sources[0]['choices'])['value'] if sources and sources[0]['choices'] else None
        return self.create(name, procedure, region, filled, source)

    def act(self, name, case):
        """One command that the case offers to this clerk; false where it offers none or refuses it."""
        client = self.clients[name]
        status, document = client.call('GET', f'/api/v1/cases/{case}')
        if status != 200:
            return False
        offered = [action for action in document['actions']
                   if action['allowed'] and action['command'] not in BUILT_IN
                   and (action['command'] not in self.dull or self.random.random() < 0.12)]
        self.show_what_is_missing(client, case, document)
        if not offered:
            return False
        self.random.shuffle(offered)
        document = client.call('GET', f'/api/v1/cases/{case}')[1]
        action = min(offered, key=lambda one: self.tried.get((case, one['command']), 0))
        self.tried[case, action['command']] = self.tried.get((case, action['command']), 0) + 1
        return self.give(client, case, action, document['version'])

    def show_what_is_missing(self, client, case, document):
        """A form cannot say that pictures are missing; who handles a case knows it."""
        kinds = [kind for kind in EVIDENCE[:4] if kind not in {one['kind'] for one in document['evidence']}]
        allowed = {action['command'] for action in document['actions'] if action['allowed']}
        if document['state'] == 'rectifying' and 'add_evidence' in allowed and kinds and self.random.random() < 0.3:
            self.show(client, case, kinds)

    def give(self, client, case, action, version):
        """Sends the form; what a refusal names is filled in or shown, and it is sent again."""
        form = self.fill(action['form'])
        for _ in range(4):
            status, reply = client.give(case, action['command'], form, version)
            if status not in (409, 422) or not self.mend(client, case, action['form'], reply, form):
                break
            version = client.call('GET', f'/api/v1/cases/{case}')[1]['version']
        return self.note(status, reply, action['command'])

    def mend(self, client, case, shape, reply, form):
        fields = {field['name']: field for field in shape.get('fields', [])}
        mended = False
        for error in reply.get('errors') or [reply]:
            name = (error.get('field') or '').split('.')[0]
            if name in EVIDENCE:
                mended = self.show(client, case, [name]) or mended
            elif name in fields:
                form[name] = self.answer(fields[name])
                mended = True
        return mended
