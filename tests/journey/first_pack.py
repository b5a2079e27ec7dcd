#!/usr/bin/env python3
"""docs/first-pack.md, done as it says: first_pack.py PROGRAM SOURCES

Every `sh` block is run in one folder in turn, with what the blocks before it exported; each line of a
`text` block behind it must stand in what was printed. The server's block runs on, on a free port.
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM, SOURCES = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
PRINTED_PORT = '127.0.0.1:8081'
STEP_S, START_S = 240, 120


def blocks(page):
    """[(heading, what to run, [what must be printed])]"""
    found, heading = [], ''
    for match in re.finditer(r'^## ([^\n]*)$|^```(sh|text)\n(.*?)^```$', page, re.M | re.S):
        if match.group(1):
            heading = match.group(1)
        elif match.group(2) == 'sh':
            found.append((heading, match.group(3), []))
        else:
            found[-1][2].extend(match.group(3).splitlines())
    return found


def free_port():
    with socket.socket() as door:
        door.bind(('127.0.0.1', 0))
        return f'127.0.0.1:{door.getsockname()[1]}'


class Reader:
    """Somebody with a terminal, who forgets no variable."""

    def __init__(self, folder):
        self.folder, self.port, self.server = folder, free_port(), None
        self.exported = {**os.environ, 'LANTIAN_LANG': 'en'}

    def run(self, text):
        """The exit code and all that was printed; what was exported or set stays."""
        text = text.replace(PRINTED_PORT, self.port)
        keep = self.folder / 'environment'
        done = subprocess.run(['sh', '-ec', f'set -a\n{text}\nenv -0 > {keep}'], cwd=self.folder, env=self.exported,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=STEP_S, check=False)
        if done.returncode == 0:
            self.exported = dict(pair.split('=', 1) for pair in keep.read_text().split('\0') if pair)
        return done.returncode, done.stdout

    def serve(self, text):
        words = text.replace(PRINTED_PORT, self.port)
        self.server = subprocess.Popen(['sh', '-c', f'exec {words}'], cwd=self.folder, env=self.exported,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.server.poll() is None:
            try:
                with urllib.request.urlopen(f'http://{self.port}/login', timeout=10):
                    return 0, ''
            except urllib.error.HTTPError:
                return 0, ''
            except OSError:
                time.sleep(0.1)
        return 1, 'the server does not answer'

    def end(self):
        if self.server is None:
            return 0
        self.server.send_signal(signal.SIGINT)
        try:
            return self.server.wait(START_S)
        except subprocess.TimeoutExpired:
            self.server.kill()
            return self.server.wait()


def main():
    steps = blocks((SOURCES / 'docs/first-pack.md').read_text(encoding='utf-8'))
    assert len(steps) > 6, 'the page has lost its steps'
    failed = 0
    with tempfile.TemporaryDirectory(prefix='lantian-first.') as name:
        folder = pathlib.Path(name)
        (folder / 'docs').symlink_to((SOURCES / 'docs').resolve())
        (folder / 'build').mkdir()
        (folder / 'build/lantian').symlink_to(PROGRAM)
        reader = Reader(folder)
        try:
            for number, (heading, text, wanted) in enumerate(steps, 1):
                serves = 'lantian serve' in text
                code, said = reader.serve(text) if serves else reader.run(text)
                missing = [line for line in wanted if line not in said]
                wrong = code != 0 or missing
                failed += bool(wrong)
                print(f'{"not ok" if wrong else "ok"} {number} - {heading}: {text.strip().splitlines()[-1]}'.replace('#', ''))
                if wrong:
                    print(f'# exit {code}, not printed: {missing}')
                    for line in said.splitlines():
                        print('#', line)
        finally:
            ended = reader.end()
        failed += ended != 0
        print(f'{"ok" if ended == 0 else "not ok"} {len(steps) + 1} - the server ends well')
    print(f'1..{len(steps) + 1}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
