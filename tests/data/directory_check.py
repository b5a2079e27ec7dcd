#!/usr/bin/env python3
"""Holds data/regions, data/dict and data/demo against each other: every name that one uses stands in the other.

usage: directory_check.py ROOT      exit 0 whole, 1 faults, each on a line
"""
import csv
import json
import pathlib
import re
import sys

LEVELS = {"nation", "province", "municipality", "prefecture", "county", "township"}
ABOVE = {"province": {"nation"}, "municipality": {"nation"}, "prefecture": {"province"},
         "county": {"province", "municipality", "prefecture"}, "township": {"county"}}
CODE = re.compile(r"\d{6}|\d{4}Z[0-9A-Z]|\d{9}")
TIME = re.compile(r"D[+-]\d+( \d\d:\d\d)?|T-\d+")
faults = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def read(path, header):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        if list(rows[0]) != header.split(","):
            fault(path.name, "another header than " + header)
    return rows


def unique(name, rows, *columns):
    keys = [tuple(row[c] for c in columns) for row in rows]
    for key in {k for k in keys if keys.count(k) > 1} if len(keys) != len(set(keys)) else ():
        fault(name, f"twice: {key}")


def check_regions(rows):
    unique("regions", rows, "code")
    levels = {row["code"]: row["level"] for row in rows}
    for row in rows:
        if not CODE.fullmatch(row["code"]) or row["level"] not in LEVELS or not row["short_name"]:
            fault("regions", f"{row['code']}: code, level or short name")
        if row["level"] != "nation" and levels.get(row["parent"]) not in ABOVE[row["level"]]:
            fault("regions", f"{row['code']}: a {row['level']} below {row['parent']}")
    return set(levels)


def check_dictionary(path):
    proposes = ",units" if path.read_text("utf-8").startswith("code,zh,en,synonyms,units\n") else ""  # in charge of each
    rows = read(path, "code,zh,en,synonyms" + proposes)
    unique(path.name, rows, "code")
    meant = {}
    for row in rows:
        for word in [row["zh"], *filter(None, row["synonyms"].split(";"))]:
            if meant.setdefault(word, row["code"]) != row["code"]:
                fault(path.name, f"{word} means {meant[word]} and {row['code']}")
    return {row["code"] for row in rows}


def check_story(path, logins, units):
    begun = {row["case"] for row in csv.DictReader(path.read_text("utf-8").splitlines())}
    for number, row in enumerate(read(path, "at,by,case,command,fields"), 2):
        where = f"story.csv:{number}"
        if not TIME.fullmatch(row["at"]):
            fault(where, "time")
        if row["by"] not in logins:
            fault(where, "nobody is " + row["by"])
        if not row["case"] and row["command"] != "import":
            fault(where, "no case")
        fields = json.loads(row["fields"] or "{}")
        if "file" in fields and not (path.parent / fields["file"]).exists():
            fault(where, "no file " + fields["file"])
        for value in re.findall(r'"@([^"]+)"', row["fields"]):
            kind, _, rest = value.partition(" ")
            known = {"unit": units, "person": logins, "case": begun}.get(kind)
            if known is not None and rest not in known or known is None and not TIME.fullmatch(value):
                fault(where, "what is @" + value)


def main(root):
    header = "code,name,short_name,parent,level,valid_from,valid_to"
    demo = root / "data/demo"
    regions = check_regions(read(root / "data/regions/regions.csv", header) + read(demo / "regions.csv", header))
    words = {path.stem: check_dictionary(path) for path in (root / "data/dict").glob("*.csv") if path.stem != "columns"}
    units = read(demo / "units.csv", "code,name,short_name,aliases,kind,region,parent,valid_from,valid_to,mark")
    unique("units.csv", units, "code")
    codes = {unit["code"] for unit in units}
    for unit in units:
        if unit["kind"] not in words["unit-kinds"] or unit["region"] not in regions or unit["parent"] not in codes | {""}:
            fault("units.csv", f"{unit['code']}: kind, region or parent")
    people = read(demo / "people.csv", "login,name,unit,post,rank,phone,valid_from,valid_to")
    unique("people.csv", people, "login", "unit", "post")
    for person in people:
        if person["unit"] not in codes or person["post"] not in words["posts"] or person["rank"] not in words["ranks"]:
            fault("people.csv", f"{person['login']}: unit, post or rank")
    logins = {person["login"] for person in people}
    campaigns = read(demo / "campaigns.csv", "id,regime,zh,en,region,from,to,settings,roles")
    for campaign in campaigns:
        if campaign["region"] not in regions:
            fault("campaigns.csv", campaign["id"] + ": region")
    history = read(demo / "history.csv", "id,regime,zh,en,region,from,to,settings,roles,cases,each_round")
    unique("history.csv", campaigns + history, "id")
    played = -10000
    for campaign in history:
        first, last = int(campaign["from"][1:]), int(campaign["to"][1:])
        if campaign["region"] not in regions or first > last or first <= played:
            fault("history.csv", campaign["id"] + ": region, days or order")
        played = last
    for account in read(demo / "accounts.csv", "login,campaign,zh,en"):
        if account["login"] not in logins or account["campaign"] not in {c["id"] for c in campaigns} | {""}:
            fault("accounts.csv", account["login"])
    check_story(demo / "story.csv", logins, codes)
    for line in faults:
        print(line, file=sys.stderr)
    print(f"{len(regions)} regions, {len(words)} dictionaries, {len(codes)} units, {len(logins)} people, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
