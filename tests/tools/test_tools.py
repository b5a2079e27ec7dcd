#!/usr/bin/env python3
"""The tools that judge the project: each is copied beside a small project that has one defect."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(sys.argv[1])


def run(tool, files, *args):
    """Exit code and all output of a tool in a project of these files."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            place = pathlib.Path(root, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding='utf-8')
        pathlib.Path(root, 'tools').mkdir(exist_ok=True)
        copy = shutil.copy(TOOLS / tool, pathlib.Path(root, 'tools'))
        done = subprocess.run([sys.executable, copy, *args], cwd=root, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


CITE = 'clause' + ':'  # in two pieces, so that this file itself cites nothing
CLAUSES = 'id\tsource\tgist\nT1-1\tt1\ta\nT1-2.1\tt1\tb\nT2-1\tt2\tc\n'


def includes_that_run_downward_pass():
    code, text = run('floors', {'src/base/str.h': '', 'src/engine/score.h': '#include "base/str.h"\n'})
    assert code == 0 and 'engine' in text, text


def an_upward_include_fails():
    code, text = run('floors', {'src/base/str.h': '#include "kit/db.h"\n', 'src/kit/db.h': ''})
    assert code == 1 and 'src/base/str.h:1: base may not use kit/db' in text, text


def engine_may_not_use_kit():
    code, text = run('floors', {'src/engine/a.h': '#include "kit/db.h"\n', 'src/kit/db.h': ''})
    assert code == 1 and 'engine may not use kit/db' in text, text


def faces_stand_alone():
    code, text = run('floors', {'src/cli/a.c': '#include "web/b.h"\n', 'src/web/b.h': ''})
    assert code == 1 and 'cli may not use web/b' in text, text


def a_circle_inside_a_folder_fails():
    code, text = run('floors', {'src/kit/a.h': '', 'src/kit/a.c': '#include "kit/b.h"\n',
                                'src/kit/b.h': '', 'src/kit/b_int.h': '#include "kit/a.h"\n'})
    assert code == 1 and 'circle inside kit: a → b → a' in text, text


def a_second_file_of_a_concept_makes_no_circle():
    code, text = run('floors', {'src/kit/db.h': '', 'src/kit/db_int.h': '#include "kit/db.h"\n',
                                'src/kit/db_small.c': '#include "kit/db_int.h"\n'})
    assert code == 0, text


def a_folder_that_is_no_floor_fails():
    code, text = run('floors', {'src/util/a.h': ''})
    assert code == 1 and 'src/util: a folder that is no floor' in text, text


def clauses_count_only_what_is_obeyed_and_tested():
    code, text = run('clauses', {
        'docs/clauses.tsv': CLAUSES,
        'regimes/a.yaml': f'x: {{{CITE} T1-1}}\ny:\n  {CITE} [T2-1]\n',
        'src/kit/a.c': f'/* {CITE} T1-2.1 */\n',
        'tests/a.txt': f'# {CITE} T1-1 T1-2.1 test\n# {CITE} T2-1\n'})
    assert code == 0, text
    assert 't1: obeyed 2/2, proved 2/2' in text and 't2: obeyed 1/1, proved 0/1' in text, text
    assert text.endswith('proved 2 of 3\n'), text


def an_unknown_clause_fails():
    code, text = run('clauses', {'docs/clauses.tsv': CLAUSES, 'regimes/a.yaml': 'clause: T1-9\n'})
    assert code == 1 and 'regimes/a.yaml:1: no such clause: T1-9' in text, text


def a_pack_may_bring_its_own_clauses():
    code, text = run('clauses', {'docs/clauses.tsv': CLAUSES, 'regimes/a.yaml': 'clause: U-1\n',
                                 'regimes/a.clauses.tsv': 'id\tarticle\tgist\nU-1\t1\tx\n'})
    assert code == 0 and text.endswith('proved 0 of 3\n'), text
    assert 'a.clauses.tsv: obeyed 1/1, proved 0/1' in text, text


def tally_counts_lines_of_tap_and_fails_with_one():
    log = [{'name': 'a', 'result': 'FAIL', 'stdout': 'ok 1 - x\nnot ok 2 - y\nok 3 - z # SKIP no\n'},
           {'name': 'b', 'result': 'OK', 'stdout': ''}]
    text = '\n'.join(json.dumps(test) for test in log)
    code, text = run('tally', {'build/meson-logs/testlog.json': text}, 'build')
    assert code == 1 and text.endswith('2 passed, 1 failed, 1 skipped\n'), text


def tally_counts_a_crash_as_a_failure():
    log = json.dumps({'name': 'a', 'result': 'ERROR', 'stdout': 'ok 1 - x\n'})
    code, text = run('tally', {'build/meson-logs/testlog.json': log}, 'build')
    assert code == 1 and text.endswith('1 passed, 1 failed\n'), text


def tally_fails_where_nothing_ran():
    code, text = run('tally', {'build/meson-logs/testlog.json': ''}, 'build')
    assert code == 1 and text == '0 passed, 0 failed\n', text


def tally_counts_a_run_that_never_began_as_a_failure():
    log = json.dumps({'name': 'a', 'result': 'OK', 'stdout': 'ok 1 - x\n'})
    code, text = run('tally', {'build/meson-logs/testlog.json': log}, 'build', 'build-asan')
    assert code == 1 and text.endswith('1 passed, 1 failed\n'), text


def tally_counts_a_second_run_and_names_what_is_unsteady():
    def log(*results):
        return '\n'.join(json.dumps({'name': f'lantian / {name}', 'result': result, 'stdout': f'{line}ok 1 - x\n'})
                         for name, result, line in results)
    files = {'build/meson-logs/testlog.json': log(('a', 'FAIL', 'not '), ('b', 'FAIL', 'not '), ('c', 'OK', '')),
             'build/meson-logs/again.json': log(('a', 'OK', ''), ('b', 'FAIL', 'not '))}
    code, text = run('tally', files, '--failed', 'build')
    assert (code, text) == (0, 'a\nb\n'), text
    code, text = run('tally', files, 'build')
    assert code == 1 and text.endswith('2 passed, 1 failed\n'), text
    assert 'unsteady in build: lantian / a ' in text and 'failed in build: lantian / b ' in text, text


def main():
    facts = [f for name, f in globals().items()
             if callable(f) and getattr(f, '__module__', '') == '__main__' and name not in ('main', 'run')]
    print(f'1..{len(facts)}')
    failed = 0
    for number, fact in enumerate(facts, 1):
        try:
            fact()
            print(f'ok {number} - {fact.__name__}')
        except AssertionError as why:
            failed += 1
            print(f'not ok {number} - {fact.__name__}')
            print('\n'.join('# ' + line for line in str(why).splitlines()))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
