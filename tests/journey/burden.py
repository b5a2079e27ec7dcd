#!/usr/bin/env python3
"""Rules on burden, held against a running program: burden.py PROGRAM ENGINE

Nobody's use of the program is counted: after a person has read every page again and again, no table
holds a row more or a value else, and no line of the log says who it was. A way to complain or suggest
stands on every page. Forms that come back are listed with who fills them, how often, and what the
program fills; what it knows it does not ask. Prints TAP. Standard library only.
"""
import http.client
import json
import re
import sqlite3
import sys

from run_journey import PASSWORD, Failed, Server

CLOCK = '2026-11-20T09:00:00+08:00'
ROUNDS = 10
PERSON = 'office'
# Words by which a column would tell how somebody uses the program.
COUNTING = re.compile(r'visit|hits?$|click|online|usage|log_?ins$|log_?in_count|punch|check_?in|'
                      r'heartbeat|last_login|minutes|duration|streak|active_days')
# When a session was last used decides when it ends; the row goes with the session.
SESSION = {'seen_at'}


class Story:
    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection(server.address, timeout=300)
        self.number = self.failed = 0
        self.token = json.loads(self.ask('POST', '/api/v1/sessions', {
            'username': PERSON, 'password': PASSWORD})[1])['token']

    def ask(self, method, path, body=None, accept='application/json', token=None):
        headers = {'Accept': accept}
        if token:
            headers['Authorization'] = 'Bearer ' + token
        if body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps(body)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode('utf-8', 'replace')

    def page(self, path, token=True):
        return self.ask('GET', path, accept='text/html', token=self.token if token else None)

    def hold(self, so, fact, *why):
        self.number += 1
        self.failed += not so
        print(f'{"ok" if so else "not ok"} {self.number} - {fact}')
        for line in why if not so else ():
            print('#', line)

    def pages(self):
        """Addresses of pages that anybody may open without knowing a case."""
        _, text = self.ask('GET', '/api/v1/openapi.json', token=self.token)
        found = ['/desk', '/cases/new']
        for path, methods in json.loads(text)['paths'].items():
            address = path.replace('/api/v1', '', 1)
            if 'get' in methods and '{' not in path and not address.endswith(('.json', '.ics', '/stream')):
                found.append(address)
        return sorted(set(found))

    # ---- what must hold ----

    def suggestions_everywhere(self, pages):
        missing, shown = [], 0
        for path in [*pages, '/stats?by=region', '/no-such-page', '/cases/420500-1']:
            status, text = self.page(path)
            if '<html' not in text:
                continue
            shown += 1
            if 'href="/suggestions' not in text:
                missing.append(f'{path} ({status})')
        status, text = self.page('/login', token=False)
        if 'href="/suggestions' not in text:
            missing.append('/login')
        self.hold(shown > 15 and not missing, f'{shown} pages have a way to complain or suggest', *missing)

    def rows(self):
        """Every row of every table; of sessions without what says when they end."""
        base = sqlite3.connect(f'file:{self.server.data}/lantian.db?mode=ro', uri=True)
        tables = [name for name, in base.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'casefile_search%'"
            " AND name NOT LIKE 'sqlite_%'")]
        found = {}
        for table in tables:
            columns = [row[1] for row in base.execute(f'PRAGMA table_info({table})')]
            kept = [f'"{c}"' for c in columns if table != 'session' or c not in SESSION]
            found[table] = sorted(map(repr, base.execute(f'SELECT {", ".join(kept)} FROM "{table}"')))
        base.close()
        return found

    def nothing_is_counted(self, pages):
        """A timer may write between two looks, so one round in which nothing moved is enough: what
        reading itself left behind would be there in each."""
        self.page('/desk')
        moved = ['never looked']
        for _ in range(ROUNDS):
            before = self.rows()
            for path in pages:
                self.page(path)
                self.ask('GET', '/api/v1' + path, token=self.token)
            after = self.rows()
            moved = [table for table in before if before[table] != after[table]]
            if not moved:
                break
        self.hold(not moved and len(before) > 20, 'reading leaves nothing in any table', *moved)

    def no_column_counts(self):
        base = sqlite3.connect(f'file:{self.server.data}/lantian.db?mode=ro', uri=True)
        wrong = [f'{table}.{row[1]}' for table, in base.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for row in base.execute(f'PRAGMA table_info("{table}")') if COUNTING.search(row[1])]
        base.close()
        self.hold(not wrong, 'no column is for counting use', *wrong)

    def log_names_nobody(self):
        _, me = self.ask('GET', '/api/v1/me', token=self.token)
        me = json.loads(me)
        self.server.log.flush()
        with open(self.server.log.name, encoding='utf-8') as log:
            lines = log.read().splitlines()
        names = [me['id'], me['name'], f'user={PERSON}', f'login={PERSON}', f'account={PERSON}']
        told = [line for line in lines if any(name in line for name in names)]
        self.hold(len(lines) > 50 and not told, 'no line of the log says who read', *told[:3])

    def forms_are_listed(self):
        for lang, who, form in (('zh', '区整改办', '系统开立'), ('en', 'rectification office', 'opened by the program')):
            text = self.server.run('report', 'burden', '--lang', lang)
            self.hold(who in text and form in text and re.search(r'\t\d+/\d+\n', text) is not None,
                      f'the forms that come back are listed ({lang})', text[:300])
        report = json.loads(self.server.run('report', 'burden', '--json'))
        packs = {item['regime']: item for item in report['items']}
        self.hold({'district-routine', 'blue-sky'} <= set(packs), 'for each pack that has any', list(packs))
        forms = [form for item in report['items'] for form in item['forms']]
        self.hold(all(form['who'] and form['every'] and form['title'] for form in forms),
                  'each with who fills it and how often')
        self.hold(all(form['fields'] == form['prefilled'] + len(form['asked']) for form in forms),
                  'what is not filled is asked, and named')
        opened = [form for form in forms if form['by_program']]
        self.hold(opened and all(form['prefilled'] == form['fields'] and form['fields'] > 0 for form in opened),
                  'what the program opens it fills in itself')
        one = json.loads(self.server.run('report', 'burden', '--campaign', 'blue-sky', '--json'))
        self.hold([item['campaign'] for item in one['items']] == ['blue-sky'], 'of one campaign alone')

    def nothing_known_is_asked(self):
        """The form of a duty that the program opened shows what it filled in."""
        _, text = self.ask('GET', '/api/v1/obligations?campaign=district-routine&state=all', token=self.token)
        rows = [row for month in json.loads(text)['items'] for row in month['rows']]
        _, text = self.ask('GET', '/api/v1' + rows[0]['url'], token=self.token)
        case = json.loads(text)
        known = {name for name, value in case['fields'].items() if value not in (None, '', [])}
        again = [field['name'] for action in case['actions'] for field in action['form']['fields']
                 if field['name'] in known and 'value' not in field]
        self.hold({'period', 'due_on'} <= known and not again, 'a duty asks nothing that it holds', *again)

    def play(self):
        pages = self.pages()
        self.suggestions_everywhere(pages)
        self.no_column_counts()
        self.nothing_is_counted(pages)
        self.log_names_nobody()
        self.forms_are_listed()
        self.nothing_known_is_asked()


def main():
    program, engine = sys.argv[1:3]
    server = Server(program, engine)
    try:
        server.make('demo', CLOCK)
        server.start(CLOCK)
        story = Story(server)
        story.play()
        server.end()
        print(f'1..{story.number}')
        return 1 if story.failed else 0
    except Failed as failure:
        print(f'not ok - {failure}\n1..1')
        return 1
    finally:
        server.close()


if __name__ == '__main__':
    sys.exit(main())
