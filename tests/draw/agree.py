#!/usr/bin/env python3
"""The program and draw.py, each by itself, make the same draws.

    agree.py PROGRAM [CASES [SEED]]         clause: S3-1.4 test
"""
import csv
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import draw

WORDS = ['工地', 'a', '"', ',', ' b', '\n', 'é', '12', '𠮷', '-']


def invent_id(dice, used):
    while True:
        text = ''.join(dice.choice(WORDS) for _ in range(dice.randint(1, 5))).strip()
        if text and text not in used:
            used.add(text)
            return text


def invent(dice):
    """(columns, rows, options, exclusions) of a draw that can be made."""
    used = set()
    columns = ['site', '风险', 'note']
    kinds = dice.sample(['高', '中', '低', '', 'x y'], dice.randint(1, 5))
    rows = [[invent_id(dice, used), dice.choice(kinds), dice.choice(WORDS).strip()]
            for _ in range(dice.randint(1, 40))]
    excluded = [(row[0], '已停工') for row in rows[1:] if dice.random() < 0.2]
    away = {id_ for id_, _ in excluded}
    options = ['--strata', '风险'] if dice.random() < 0.7 else []
    kept = [row for row in rows if row[0] not in away]
    least = len({row[1] for row in kept}) if options else 1
    if dice.random() < 0.5:
        options += ['--take', str(dice.randint(least, len(kept)))]
    else:
        options += ['--percent', str(dice.randint(1, 100)), '--at-least', str(dice.randint(0, 9))]
    return columns, rows, options, excluded


def write(path, rows):
    with open(path, 'w', encoding='utf-8', newline='') as out:
        csv.writer(out).writerows(rows)


def refused(program, folder, file, dice):
    """What must be answered with no: a second draw, another list, a file that was changed."""
    other = [row for row in file['rows'] if row[0] != file['drawn'][0]] or [['elsewhere', '', '']]
    write(folder / 'other.csv', [file['columns']] + other)
    changed = json.loads(json.dumps(file))
    part = dice.choice(['seed', 'drawn', 'rows', 'rules'])
    if part == 'seed':
        changed['seed'] += '0'  # the same sample by chance is no change of the draw
    elif part == 'drawn':
        changed['drawn'][0] += 'x'
    elif part == 'rows':
        changed['rows'][0][2] += 'x'
    else:
        changed['rules']['at_least'] += 1
    (folder / 'changed.json').write_text(json.dumps(changed), encoding='utf-8')
    asked = {'run': ['run', folder / 'draw.json', '--seed', '1'],
             'verify --list': ['verify', folder / 'draw.json', '--list', folder / 'other.csv']}
    if draw.differences(changed):
        asked[f'verify, {part} changed'] = ['verify', folder / 'changed.json']
    return [f'draw {name} was not refused' for name, words in asked.items()
            if subprocess.run([program, 'draw', *words], capture_output=True,
                              check=False).returncode != 1]


def play(program, folder, dice):
    columns, rows, options, excluded = invent(dice)
    write(folder / 'list.csv', [columns] + rows)
    if excluded:
        write(folder / 'away.csv', [['id', 'reason']] + excluded)
        options += ['--exclude', folder / 'away.csv']
    at_commit = dice.random() < 0.5
    seed = ['--seed', ''.join(dice.choice('0123456789 种') for _ in range(8)) + '1'] \
        if dice.random() < 0.8 else []
    for words in (['commit', folder / 'list.csv', '-o', folder / 'draw.json',
                   *(options if at_commit else [])],
                  ['run', folder / 'draw.json', *seed, *([] if at_commit else options)],
                  ['verify', folder / 'draw.json', '--list', folder / 'list.csv']):
        done = subprocess.run([program, 'draw', *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return [f'draw {words[0]}: {done.stderr.strip() or done.stdout.strip()}']
    file = json.loads((folder / 'draw.json').read_text(encoding='utf-8'))
    told = draw.differences(file)
    told += refused(program, folder, file, dice)
    if file['columns'] != columns or file['rows'] != rows:
        told.append('the file has another list than was committed')
    return told


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(cases):
            told = play(program, pathlib.Path(folder), dice)
            if told:
                print(f'not ok 1 - two implementations draw alike\n# case {number} of seed {seed}')
                print('\n'.join('# ' + line for line in told))
                return 1
    print('ok 1 - two implementations draw alike\n1..1')
    return 0


if __name__ == '__main__':
    sys.exit(main())
