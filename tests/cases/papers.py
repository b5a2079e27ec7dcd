#!/usr/bin/env python3
"""Every document of every pack opens in LibreOffice as it was printed: papers.py RUN_CASES ROOT

The examples of the packs leave a PDF and a DOCX of each paper they look at; LibreOffice turns all of the DOCX into
PDF in one go, and each has as many pages and says the same as our own. Two things may differ, since no two programs
break every line alike: one page more or less where no more than a few words stand on it, and the head of a table that comes
again where the page ends elsewhere. Prints TAP. Standard library only.
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FEW = 40  # characters
FACES = ['仿宋_GB2312', '方正小标宋简体', '楷体_GB2312', '宋体', '黑体']  # an office has them; here others stand in
ALIAS = '<alias binding="same"><family>{}</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>'
CONFIG = ('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
          + ''.join(ALIAS.format(face) for face in FACES) + '</fontconfig>')


def output_of(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout


def pages_of(path):
    return int(next(line for line in output_of('pdfinfo', path).splitlines() if line.startswith('Pages')).split()[1])


def said_in(path, *options):
    """Its characters, counted: cells of a row may be read in another order, and a line may end in a hyphen. Page numbers are no text."""
    pages = output_of('pdftotext', *options, path, '-').split('\f')
    lines = [line for page in pages for line in page.splitlines() if not re.fullmatch(r'\s*—\s*\d+\s*—\s*', line)]
    return collections.Counter(c for line in lines for c in line if not c.isspace() and c != '-')


def few_words_stand_last(path, pages):
    return sum(said_in(path, '-f', str(pages)).values()) <= FEW


def differences(ours, shown):
    there, here = pages_of(shown), pages_of(ours)
    if there != here and not (abs(there - here) == 1 and few_words_stand_last(shown if there > here else ours, max(there, here))):
        yield f'{there} pages, not {here}'
    said, wanted = said_in(shown), said_in(ours)
    again = sum((said - wanted).values()) <= FEW and not said.keys() - wanted.keys()
    if wanted - said or (said - wanted and not again):
        yield f'says more: {"".join((said - wanted).elements())[:60]}; less: {"".join((wanted - said).elements())[:60]}'


def main(run_cases, root):
    missing = [tool for tool in ('soffice', 'pdftotext', 'pdfinfo') if shutil.which(tool) is None]
    if missing:
        print(f'1..0 # SKIP {missing} is not here')
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix='lantian-papers-'))
    try:
        return compare(folder, run_cases, pathlib.Path(root))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(folder, run_cases, root):
    for pack in sorted((root / 'regimes').glob('*.yaml')):
        subprocess.run([run_cases, pack, root / 'tests/cases' / pack.stem], env={**os.environ, 'LANTIAN_PAPERS': str(folder)},
                       stdout=subprocess.DEVNULL, timeout=600, check=True)
    (folder / 'fonts.conf').write_text(CONFIG, encoding='utf-8')
    (folder / 'shown').mkdir()
    papers = sorted(folder.glob('*.docx'))
    subprocess.run(['timeout', '300', 'soffice', f'-env:UserInstallation=file://{folder}/profile', '--headless', '--convert-to', 'pdf',
                    '--outdir', folder / 'shown', *papers], env={**os.environ, 'HOME': str(folder), 'FONTCONFIG_FILE': str(folder / 'fonts.conf')},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=320, check=True)
    failed = 0
    for number, paper in enumerate(papers, 1):
        ours, shown = paper.with_suffix('.pdf'), folder / 'shown' / (paper.stem + '.pdf')
        wrong = list(differences(ours, shown)) if shown.exists() else ['LibreOffice does not open it']
        failed += bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {paper.stem}', flush=True)
        for line in wrong:
            print(f'# {line}')
    print(f'1..{len(papers)}')
    return 1 if failed or not papers else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
