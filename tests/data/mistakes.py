#!/usr/bin/env python3
"""What `lantian regime check` says to the mistakes of somebody who writes a first pack.

    mistakes.py LANTIAN SOURCES

Each mistake is made in the small pack of docs/packs.md. The checker must name file, line and column,
the code that the manual explains, and say what to do; `words` stand in what it says.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

LANTIAN, SOURCES = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
MANUAL = (SOURCES / 'docs/packs.md').read_text(encoding='utf-8')
PACK = re.search(r'## A small pack.*?```yaml\n(.*?)```', MANUAL, re.S).group(1)


def put(old, new):
    assert old in PACK, old
    return PACK.replace(old, new, 1).encode()


def line_of(text, nth=1):
    """The line in which the text stands for the nth time."""
    at = -1
    for _ in range(nth):
        at = PACK.index(text, at + 1)
    return PACK.count('\n', 0, at) + 1


LAPSE = re.search(r'        on_lapse:\n.*?(?=        clause: S2-08.2)', PACK, re.S).group(0)
HEAD_EN = ', en: "Example: rectification of problems"'
ACCEPTING = '      accepting: {zh: 待核查, en: to be checked}\n'
NUMBER = 'number: "{region}{year}-{seq:04}"'

# name, the file's bytes, line, code, words of the message
MISTAKES = [
    ('indented by a tab', put('    zh: 问题\n', '\tzh: 问题\n'), line_of('    zh: 问题\n'), 'wrong_type', 'tab'),
    ('too few blanks', put('    number: ', '   number: '), line_of('    number: '), 'wrong_type', 'blanks'),
    ('too many blanks', put('    number: ', '      number: '), line_of('    number: '), 'wrong_type', 'blanks'),
    ('a misspelt key', put('created_by:', 'create_by:'), line_of('created_by:'), 'unknown_name', 'did you mean created_by'),
    ('a misspelt section', put('\nsettings:', '\nsetting:'), line_of('\nsettings:') + 1, 'unknown_name', 'did you mean settings'),
    ('a misspelt state', put('to: rectifying', 'to: rectifing'), line_of('to: rectifying'), 'unknown_name', 'did you mean rectifying'),
    ('a misspelt guard', put('{evidence: {after', '{evidense: {after'), line_of('{evidence: {after'), 'unknown_name', 'did you mean evidence'),
    ('an effect that is none', put('{tell: [primary_unit]}', '{notify: [primary_unit]}'), line_of('{tell: [primary_unit]}'), 'unknown_name', 'regime vocabulary'),
    ('a missing translation', put('en: written off, end', 'end'), line_of('en: written off, end'), 'missing_word', 'zh: and en:'),
    ('a title in one language', put(HEAD_EN, ''), 2, 'missing_word', 'zh: and en:'),
    ('a role that nobody declared', put('by: office\n', 'by: bureau\n'), line_of('by: office\n'), 'unknown_name', 'declare it under roles'),
    ('a role that nothing fills', put('role: primary_unit, required: true}', 'required: true}'), line_of('  primary_unit: {'), 'nobody_may_fire', 'let a form field fill it'),
    ('a command of nobody', put('        by: office\n', ''), line_of('do: hand_over'), 'nobody_may_fire', 'name a role'),
    ('a state nobody leaves', put(ACCEPTING, ACCEPTING + '      stuck: {zh: 卡住, en: stuck, like: accepting}\n').replace(b'to: accepting', b'to: stuck'),
     line_of(ACCEPTING) + 1, 'state_without_exit', 'mark it end'),
    ('a state nobody reaches', put(ACCEPTING, ACCEPTING + '      limbo: {zh: 无, en: limbo, like: accepting}\n'), line_of(ACCEPTING) + 1, 'unreachable_state', 'lead'),
    ('no end', put(', end: true', ''), line_of('    states:'), 'missing_key', 'end: true'),
    ('round and round', put('to: written_off', 'to: rectifying'), line_of('      reported: {'), 'state_without_exit', 'end: true'),
    ('GBK', PACK.encode('gbk'), 2, 'wrong_type', 'UTF-8'),
    ('UTF-16', PACK.encode('utf-16'), 1, 'wrong_type', 'UTF-8'),
    ('a table saved as a pack', b'PK\x03\x04\x14\x00\x06\x00\x08\x00', 1, 'wrong_type', 'UTF-8'),
    ('an empty file', b'', 1, 'wrong_type', 'empty'),
    ('a key twice', put('    subject: description\n', '    subject: description\n    subject: result\n'), line_of('    subject:') + 1, 'duplicate_name', 'remove one'),
    ('a section twice', put('\nsettings:', '\nroles:\n  a: {zh: a, en: a, holds: units}\n\nsettings:'), line_of('\nsettings:') + 1, 'duplicate_name', 'remove one'),
    ('a full-width colon in a map', put('zh: 整改中', 'zh：整改中'), line_of('zh: 整改中'), 'unknown_name', 'plain colon'),
    ('a full-width colon in a line', put('    subject: d', '    subject：d'), line_of('    subject: d'), 'wrong_type', 'full-width'),
    ('a full-width comma', put('zh: 待核查, en', 'zh: 待核查，en'), line_of('zh: 待核查'), 'wrong_type', 'full-width'),
    ('a full-width blank', put('office: {zh', 'office:\u3000{zh'), line_of('office: {zh'), 'wrong_type', 'full-width'),
    ('blanks copied from a web page', put('    subject: d', '\u00a0\u00a0\u00a0\u00a0subject: d'), line_of('    subject: d') + 1, 'wrong_type', 'full-width'),
    ('a bracket left open', put('en: reported}', 'en: reported'), line_of('en: reported}') + 1, 'wrong_type', 'close the bracket'),
    ('a quotation left open', put(NUMBER, NUMBER[:-1]), line_of(NUMBER), 'wrong_type', 'never closes'),
    ('a number without quotes', put(NUMBER, NUMBER.replace('"', '')), line_of(NUMBER), 'wrong_type', 'quotes'),
    ('a colon in a text', put('示例：', '示例: '), 2, 'wrong_type', 'quotes'),
    ('two colons in a line', put('    en: problem\n', '    en: problem: a matter\n'), line_of('    en: problem\n'), 'wrong_type', 'quotes'),
    ('an item without its dash', put('      - do: report_done', '        do: report_done'), None, 'duplicate_name', 'remove one'),
    ('yes for true', put('required: true, max', 'required: yes, max'), line_of('required: true, max'), 'wrong_type', 'true or false'),
    ('a clause of nowhere', put('clause: S2-16.1', 'clause: S2-99.1'), line_of('clause: S2-16.1'), 'unknown_clause', 'S2-'),
    ('a misspelt setting', put('within: rectify_days', 'within: rectify_day'), line_of('within:'), 'unknown_name', 'did you mean rectify_days'),
    ('a length without a unit', put('within: rectify_days', 'within: 10'), line_of('within:'), 'wrong_type', '10 workdays'),
    ('a length of points', put('unit: workdays', 'unit: points'), line_of('within:'), 'wrong_type', 'hours, days or workdays'),
    ('a setting that names itself', put('value: 10', 'value: rectify_days'), line_of('within:'), 'wrong_type', 'must be a number'),
    ('a deadline without consequence', put(LAPSE, ''), line_of('      rectification:\n'), 'deadline_without_consequence', 'on_lapse'),
    ('a deadline never started', put('        starts_on: [hand_over, send_back]\n', ''), line_of('      rectification:\n'), 'deadline_never_started', 'starts_on'),
    ('a deadline started by itself', put('starts_on: [hand_over, send_back]', 'starts_on: [rectification]'), line_of('starts_on: ['), 'unknown_name', 'rectification'),
    ('a flag without words', put('  overdue: {zh: 整改逾期, en: rectification overdue}\n', ''), line_of('{flag: overdue}') - 1, 'missing_word', 'words'),
    ('a field that is not there', put('{name: result, required', '{name: results, required'), line_of('{name: result, required'), 'undeclared_input', 'did you mean result'),
    ('a kind of field that is none', put('kind: longtext, required: true, max', 'kind: string, required: true, max'), line_of('required: true, max'), 'unknown_name', 'kind of field'),
    ('a dictionary that is not there', put('pollution-types', 'pollution-type'), line_of('pollution-types'), 'unknown_name', 'did you mean pollution-types'),
    ('a name with a hyphen', put('do: hand_over', 'do: hand-over'), line_of('do: hand_over'), 'wrong_type', 'underscores'),
    ('a command twice in a state', PACK.replace('send_back', 'write_off').encode(), line_of('do: send_back'), 'ambiguous_transition', 'another name'),
    ('a command of the program', PACK.replace('write_off', 'withdraw').encode(), line_of('do: write_off'), 'duplicate_name', 'another name'),
    ('no calendar', put('calendar: cn-workdays\n', ''), 1, 'missing_key', 'write calendar'),
    ('a version in words', put('version: 1', 'version: first'), 3, 'wrong_type', 'whole number'),
    ('an anchor', put('roles:\n', 'roles: &r\n'), line_of('roles:\n'), 'wrong_type', 'write the value out'),
    ('a second document', (PACK + '---\nregime: other\n').encode(), PACK.count('\n') + 1, 'wrong_type', 'one'),
]

# What looks like a mistake and is none.
FINE = [
    ('a mark of byte order', b'\xef\xbb\xbf' + PACK.encode()),
    ('Windows line ends', PACK.replace('\n', '\r\n').encode()),
    ('no last line feed', PACK.rstrip('\n').encode()),
]


def check(folder, content, lang):
    pack = pathlib.Path(folder, 'small-example.yaml')
    pack.write_bytes(content)
    done = subprocess.run([LANTIAN, 'regime', 'check', '--lang', lang, pack.name], cwd=folder,
                          capture_output=True, check=False, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def what_is_wrong(folder, content, line, code, words):
    """Why the answer does not help, or None."""
    exit_code, said, complained = check(folder, content, 'en')
    if exit_code != 1 or complained:
        return f'exit {exit_code}, {complained!r}'
    place = rf'^small-example\.yaml:{r"[0-9]+" if line is None else line}:[0-9]+: {code}: .*'
    hits = [text for text in re.findall(place, said, re.M) if words in text]
    if not hits:
        return f'wanted line {line} {code} “{words}”, was told\n{said}'
    chinese = check(folder, content, 'zh')[1]
    if re.search(r'found character|did not find|not allowed in this context|could not find', chinese):
        return f'English in the Chinese answer\n{chinese}'
    return None


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, content, line, code, words) in enumerate(MISTAKES, 1):
            why = what_is_wrong(folder, content, line, code, words)
            failed += why is not None
            print(f'{"not ok" if why else "ok"} {number} - {name}')
            for text in (why or '').splitlines():
                print('#', text)
        for number, (name, content) in enumerate(FINE, len(MISTAKES) + 1):
            answer = check(folder, content, 'en')
            failed += answer[0] != 0
            print(f'{"not ok" if answer[0] else "ok"} {number} - {name} is no mistake')
    print(f'1..{len(MISTAKES) + len(FINE)}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
