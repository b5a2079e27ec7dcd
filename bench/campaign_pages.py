#!/usr/bin/env python3
"""Pages of a large campaign, as one reader after the other sees them: the most and the middle of what each takes.

    campaign_pages.py BUILD PORT CAMPAIGN [--procedure problem] [--as bureau …] [--count 100] [--rounds 3] [--pid N]

The server is served by whoever calls, e.g. over a campaign that `lantian simulate` played, at a clock near its end
(else its timers catch up and are measured with it):

    BUILD/lantian serve --data PLACE --listen 127.0.0.1:PORT --clock 2021-03-31T12:00:00+08:00

BUILD holds bench/bench_http. Each page is asked for COUNT times over one connection kept open, ROUNDS times in turn with
the others so that a busy moment does not fall on one page alone; the figures are those of the least busy round. Deep
pages are reached by their cursors first. --pid: the server's, to tell the CPU that a request costs it. Exit code 1 where an answer was no success.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import urllib.parse
import urllib.request

PASSWORD = 'lantian-demo'
PAGES_DEEP = 40


def ask(port, path, token=None, body=None):
    request = urllib.request.Request(f'http://127.0.0.1:{port}{path}', data=json.dumps(body).encode() if body else None)
    request.add_header('Content-Type', 'application/json')
    request.add_header('Accept', 'application/json')
    if token:
        request.add_header('Authorization', f'Bearer {token}')
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def deep(port, token, query):
    """The cursor so many pages on, or of the last page."""
    cursor = ''
    for _ in range(PAGES_DEEP):
        found = ask(port, f'/api/v1/cases?{query}&limit=500' + (f'&cursor={cursor}' if cursor else ''), token)
        if 'next' not in found:
            break
        cursor = urllib.parse.quote(found['next'])
    return cursor


def pages(port, token, options):
    campaign = urllib.parse.quote(options.campaign)
    problems = f'campaign={campaign}&procedure={options.procedure}'
    last = deep(port, token, problems)
    listed = ask(port, f'/api/v1/cases?{problems}&limit=1', token)['items']
    more = [('in one state', f'&state={listed[0]["state"]}'), ('of one region', f'&region={listed[0]["region"]}')] if listed else []
    return [
        ('list', f'/cases?{problems}'),
        ('list JSON', f'/api/v1/cases?{problems}'),
        ('list, deep', f'/cases?{problems}&limit=50&cursor={last}'),
        ('list, by due', f'/cases?{problems}&sort=due'),
        ('list, by number', f'/cases?{problems}&sort=number'),
        ('list, by update', f'/cases?{problems}&sort=-updated'),
        ('list, by state', f'/cases?{problems}&sort=state'),
    ] + [(f'list, {name}', f'/cases?{problems}{query}') for name, query in more] + [
        ('board', f'/boards?campaign={campaign}'),
        ('board JSON', f'/api/v1/boards?campaign={campaign}'),
        ('coverage', f'/coverage?campaign={campaign}'),
        ('coverage JSON', f'/api/v1/coverage?campaign={campaign}'),
    ]


def cpu_ms(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf('SC_CLK_TCK')


def measure(options, token, path):
    """Pages are opened by the cookie that a browser has, the API by its token; both name the session."""
    before = cpu_ms(options.pid) if options.pid else 0
    shown = subprocess.run([options.build / 'bench' / 'bench_http', str(options.port), '1', str(options.count),
                            f'Cookie: lantian={token}\r\nAuthorization: Bearer {token}', path],
                           check=True, stdout=subprocess.PIPE, text=True).stdout
    got = json.loads(shown.splitlines()[-1])
    got['cpu_ms'] = (cpu_ms(options.pid) - before) / got['requests'] if options.pid else 0
    return got


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('build', type=pathlib.Path)
    parser.add_argument('port', type=int)
    parser.add_argument('campaign')
    parser.add_argument('--procedure', default='problem')
    parser.add_argument('--as', dest='readers', nargs='+', default=['bureau'])
    parser.add_argument('--count', type=int, default=100)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--pid', type=int)
    options = parser.parse_args()
    failed = 0
    for reader in options.readers:
        token = ask(options.port, '/api/v1/sessions', body={'username': reader, 'password': PASSWORD})['token']
        asked = pages(options.port, token, options)
        seen = {name: [] for name, _ in asked}
        for _ in range(options.rounds):
            for name, path in asked:
                seen[name].append(measure(options, token, path))
        print(f'{reader:<28} {"p50 ms":>8} {"p99 ms":>8} {"CPU ms":>8} {"KiB":>8}')
        for name, got in seen.items():
            best = min(got, key=lambda one: one['p99_ms'])
            errors = sum(one['errors'] for one in got)
            failed += errors
            print(f'  {name:<26} {best["p50_ms"]:8.1f} {best["p99_ms"]:8.1f} {min(one["cpu_ms"] for one in got):8.1f} {best["bytes"] / best["requests"] / 1024:8.0f}'
                  + (f'   {errors} FAILED' if errors else ''), flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
