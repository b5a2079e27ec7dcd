#!/usr/bin/env python3
"""Tables that real offices published, read in dry run: header, columns, rows as a person judged them.

usage: real_tables.py FOLDER COMMAND...     FILE is appended to the command, which prints the `import` object:
       real_tables.py ../shared/data/real build/lantian import --data D --campaign C --procedure P --dry-run --json

Exit 0 all right, 1 differences, each on a line; 77 (skipped) where the folder is not there. The tables belong
to their publishers and are no part of the project; what stands here are facts about their columns.
"""
import json
import pathlib
import subprocess
import sys

# file: header row, rows, accepted, fields of the columns in order (- unmapped)
EXPECTED = """
hn-hengyang-yanfeng-20240603.csv     1 1 1  seq number description place type finding substantiation goal measures completion accountability
jl-baicheng-20221009.csv             1 3 3  seq number description place type finding substantiation measures accountability
gd-yangjiang-yangdong-20210917.csv   1 1 1  seq description completion - substantiation - - - finding measures
cq-bishan-20190720.csv               1 1 1  seq number description place type finding substantiation measures accountability
sn-baoji-linyou-prov-20240808.csv    1 1 1  seq description place finding substantiation measures completion -
hn-huarong-20170430.csv              1 1 1  seq number place description type finding substantiation measures accountability completion
js-suzhou-snd-20211227.csv           1 1 1  seq number description place type finding substantiation measures completion accountability
sd-zibo-yiyuan-20181210.csv          1 1 1  seq number description place type finding substantiation measures accountability
jx-jiujiang-wuning-prov-20230902.csv 1 2 2  seq number description place type finding substantiation measures accountability
ha-xinxiang-weihui-20210510.csv      1 1 1  seq number description place type finding
gs-jiayuguan-20231222.csv            1 2 2  seq number description place type finding substantiation goal measures completion accountability
cq-wansheng-municipal-20251217.csv   1 1 1  seq number description place type finding substantiation goal measures completion accountability
ln-panjin-prov-20211110.csv          1 3 3  seq date number place place description unit
yn-puer-mojiang-20240519.csv         0 1 1  seq number description place type substantiation finding
sd-taian-jinan-20170913.csv          1 2 2  seq number description place type finding substantiation - measures accountability
hb-xianning-20240530.csv             1 1 1  seq number description place type finding substantiation goal measures completion accountability
yn-qujing-20240528.csv               1 1 1  seq number description place type finding substantiation goal measures completion accountability
stat-sc-meishan-20241021.csv         1 2 0  place - -
stat-sc-suining-20241106.csv         1 7 0  place - -
stat-jl-songyuan-20170913.csv        1 5 0  place - - - - - - - - - - - - - - -
stat-js-20241031.csv                 1 7 0  place - - -
gd-zhanjiang-b19-20210921.csv        1 1 1  number description place type finding
gx-laibin-20180611.csv               1 1 1  seq number description place type finding substantiation measures accountability
hb-suizhou-20240529.csv              1 1 1  seq number description place type finding substantiation goal measures completion accountability
gz-guian-20210314.csv                1 2 2  seq number description place type finding substantiation measures accountability -
jx-jiujiang-xunyang-20240524.csv     1 1 1  seq number description place type finding substantiation goal measures completion accountability
jx-ganzhou-nankang-prov-20200705.csv 1 1 1  seq number description place type finding
nm-baotou-damao-2022.csv             0 1 1  number description place type finding
nm-hohhot-b6-20220408.csv            1 1 1  seq number description place type finding substantiation measures completion accountability
"""


def read(command, path):
    done = subprocess.run(command + [str(path)], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return None, done.stderr.strip()
    return json.loads(done.stdout), ""


def differences(answer, expected):
    header, rows, accepted, *fields = expected
    found = [column["field"] or "-" for column in sorted(answer["columns"], key=lambda c: c["index"])]
    for name, have, want in (("header_row", answer["header_row"], int(header)), ("rows", answer["rows"], int(rows)),
                             ("accepted", answer["accepted"], int(accepted)), ("columns", found, fields)):
        if have != want:
            yield f"{name}: {have}, expected {want}"


def main():
    folder, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    if not folder.is_dir():
        print(f"no {folder}: skipped")
        return 77
    passed = failed = 0
    for line in EXPECTED.split("\n"):
        if not line.strip():
            continue
        name, *expected = line.split()
        answer, why = read(command, folder / name)
        faults = [why] if answer is None else list(differences(answer, expected))
        for fault in faults:
            print(f"{name}: {fault}")
        passed, failed = passed + (not faults), failed + bool(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
