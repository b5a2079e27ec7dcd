#!/usr/bin/env python3
"""Compares data/calendar/cn-workdays.csv, every day of its years, with the npm package chinese-days.

usage: calendar_check.py CSV PACKAGE.json      exit 0 alike, 1 different, 77 package not installed (skipped)
"""
import csv
import datetime
import json
import os
import sys


def is_work(day, off, work):
    text = day.isoformat()
    return text in work or (day.isoweekday() < 6 and text not in off)


def main(csv_path, package_path):
    if not os.path.exists(package_path):
        print("chinese-days is not installed: npm ci")
        return 77
    with open(csv_path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = {kind: {row["date"] for row in rows if row["day"] == kind} for kind in ("off", "work")}
    with open(package_path, encoding="utf-8") as file:
        theirs = json.load(file)
    day = datetime.date(int(rows[0]["date"][:4]), 1, 1)
    end = datetime.date(int(rows[-1]["date"][:4]), 12, 31)
    different = []
    while day <= end:
        if is_work(day, ours["off"], ours["work"]) != is_work(day, theirs["holidays"], theirs["workdays"]):
            different.append(day.isoformat())
        day += datetime.timedelta(days=1)
    weekdays_worked = [d for d in ours["work"] if datetime.date.fromisoformat(d).isoweekday() < 6]
    for fault in different:
        print(f"{fault}: the package says otherwise")
    for fault in weekdays_worked:
        print(f"{fault}: a make-up day that is no weekend")
    return 1 if different or weekdays_worked or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
