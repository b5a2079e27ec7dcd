#!/usr/bin/env python3
"""Repeats a published draw from its file alone, as docs/draws.md tells it.

    draw.py FILE        exit 0: the file holds; 1: what differs
"""
import hashlib
import json
import sys


def netstring(text):
    bytes_ = str(text).encode()
    return str(len(bytes_)).encode() + b':' + bytes_ + b','


def hashed(head, *texts):
    return hashlib.sha256(head + b'\n' + b''.join(netstring(text) for text in texts)).hexdigest()


def list_hash(columns, rows):
    return hashed(b'lantian-draw-list-1', len(columns), *columns, len(rows),
                  *(cell for row in rows for cell in row))


def rules_hash(rules):
    numbers = [rules[name] or '' for name in ('take', 'percent', 'at_least')]
    pairs = [(row['id'], row['reason']) for row in rules['excluded']]
    return hashed(b'lantian-draw-rules-1', rules['key'], rules['strata'], *numbers, len(pairs),
                  *(text for pair in pairs for text in pair))


def numbers(key, stratum):
    block = 0
    while True:
        digest = bytes.fromhex(hashed(b'lantian-draw-block-1', key, stratum, block))
        block += 1
        for at in range(0, 32, 8):
            yield int.from_bytes(digest[at:at + 8], 'big')


def below(stream, n):
    whole = 2**64 // n * n
    return next(number for number in stream if number < whole) % n


def shares(sizes, take):
    rest, beyond = take - len(sizes), sum(sizes) - len(sizes)
    if beyond == 0:
        return [1 for _ in sizes]
    told = [1 + rest * (size - 1) // beyond for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda i: -(rest * (sizes[i] - 1) % beyond))
    for i in by_remainder[:take - sum(told)]:
        told[i] += 1
    return told


def draw(columns, rows, rules, seed):
    key_at = columns.index(rules['key'])
    strata_at = columns.index(rules['strata']) if rules['strata'] else None
    excluded = {row['id'] for row in rules['excluded']}
    strata = {}
    for row in rows:
        stratum = strata.setdefault('' if strata_at is None else row[strata_at], ([], []))
        stratum[row[key_at] in excluded].append(row[key_at])
    left = sum(len(kept) for kept, _ in strata.values())
    filled = [kept for kept, _ in strata.values() if kept]
    take = rules['take'] or min(left, max(-(-left * rules['percent'] // 100), rules['at_least'],
                                          len(filled)))
    share = iter(shares([len(kept) for kept in filled], take))
    key = hashed(b'lantian-draw-key-1', list_hash(columns, rows), rules_hash(rules), seed)
    told = []
    for name, (kept, away) in strata.items():
        items, stream = list(kept), numbers(key, name)
        quota = next(share) if items else 0
        for i in range(quota):
            other = i + below(stream, len(items) - i)
            items[i], items[other] = items[other], items[i]
        told.append({'stratum': name, 'listed': len(kept) + len(away), 'excluded': len(away),
                     'drawn': items[:quota]})
    return told


def differences(file):
    strata = draw(file['columns'], file['rows'], file['rules'], file['seed'])
    found = {'list_hash': list_hash(file['columns'], file['rows']),
             'rules_hash': rules_hash(file['rules']), 'strata': strata,
             'drawn': [id_ for stratum in strata for id_ in stratum['drawn']]}
    return [f'{name}: the file says {file[name]}, the draw gives {found[name]}'
            for name in found if found[name] != file[name]]


def main():
    with open(sys.argv[1], encoding='utf-8') as text:
        told = differences(json.load(text))
    print('\n'.join(told) or 'holds')
    return 1 if told else 0


if __name__ == '__main__':
    sys.exit(main())
