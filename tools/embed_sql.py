#!/usr/bin/env python3
"""Turns sql/*.sql and sql/migrate/*/*.sql into sql_gen.h and sql_gen.c.

    embed_sql.py SQL_FOLDER OUT_H OUT_C

A query block begins with `-- name: evidence_list_by_casefile`, or `-- name: … @postgres` for the
text of one engine where the two must differ. Comment lines are left out of the program. Texts that
leave the subset both engines share (sql/README.md) are refused with file and line.
"""
import hashlib
import pathlib
import re
import sys

OUTSIDE = [
    (r"\$\d+\s*::|::\s*\w", "write CAST(x AS type), never x::type"),
    (r"\bANY\s*\(", "generate IN ($1,…) instead of ANY"),
    (r"\bILIKE\b", "ILIKE exists on one engine only"),
    (r"\bFOR UPDATE\b", "claim rows by UPDATE … RETURNING"),
    (r"\bjson_(each|extract)\b|#>>", "use -> and ->> on a JSON column"),
    (r"\bCURRENT_TIMESTAMP\b|\bnow\s*\(|\bstrftime\b", "time comes in as a parameter"),
    (r'"', "single quotes only"),
    (r"\b(greatest|least|instr|strpos)\s*\(", "not on both engines"),
]


def complain(path, line, what):
    sys.exit(f"{path}:{line}: {what}")


def read_blocks(path):
    """(name, engine or None, text, line) for each block of one file."""
    blocks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.fullmatch(r"-- name: (\w+)(?: @(sqlite|postgres))?\s*", line)
        if match:
            blocks.append([match[1], match[2], [], number])
        elif line.startswith("-- name:"):
            complain(path, number, "a name is one word, then perhaps @sqlite or @postgres")
        elif line.lstrip().startswith("--") or not line.strip():
            continue
        elif not blocks:
            complain(path, number, "a statement before the first -- name:")
        else:
            blocks[-1][2].append((number, line))
    return blocks


def check(path, engine, lines):
    text = ""
    for number, line in lines:
        if engine is None:
            for pattern, remedy in OUTSIDE:
                if re.search(pattern, line, re.IGNORECASE):
                    complain(path, number, remedy)
        text += line.rstrip() + "\n"
    text = text.strip()
    if not text.endswith(";"):
        complain(path, lines[-1][0], "a block ends with ;")
    if ";" in text[:-1]:
        complain(path, lines[0][0], "one statement a block")
    return text[:-1]


def read_queries(folder):
    queries = {}
    for path in sorted(folder.glob("*.sql")):
        for name, engine, lines, number in read_blocks(path):
            if not lines:
                complain(path, number, f"{name} is empty")
            if not name.startswith(path.stem.split("_")[0]):
                complain(path, number, f"{name} belongs into another file")
            text = check(path, engine, lines)
            entry = queries.setdefault(name, {"path": path, "line": number})
            for one in [engine] if engine else ["sqlite", "postgres"]:
                if one in entry and not (engine and entry.get("shared")):
                    complain(path, number, f"{name} stands twice")
                entry[one] = text
            if engine is None:
                entry["shared"] = True
    for name, entry in queries.items():
        for engine in ("sqlite", "postgres"):
            if engine not in entry:
                complain(entry["path"], entry["line"], f"{name} has no text for {engine}")
        counts = [int(n) for e in ("sqlite", "postgres") for n in re.findall(r"\$(\d+)", entry[e])]
        entry["parameters"] = max(counts, default=0)
    return dict(sorted(queries.items()))


def read_migrations(folder):
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        match = re.fullmatch(r"(\d{4})_\w+", path.stem)
        if not match or int(match[1]) != len(migrations) + 1:
            complain(path, 1, f"the next number is {len(migrations) + 1:04}")
        text = path.read_text(encoding="utf-8")
        migrations.append((int(match[1]), path.stem, hashlib.sha256(text.encode()).hexdigest(), text))
    return migrations


def literal(text):
    lines = text.split("\n")
    quoted = []
    for i, line in enumerate(lines):
        line = line.replace("\\", "\\\\").replace('"', '\\"')
        end = "\\n" if i + 1 < len(lines) else ""
        if line or end:
            quoted.append(f'    "{line}{end}"')
    return "\n".join(quoted) or '    ""'


def main():
    folder, out_h, out_c = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    queries = read_queries(folder)
    engines = ("sqlite", "postgres")
    migrations = {engine: read_migrations(folder / "migrate" / engine) for engine in engines}
    if [m[:2] for m in migrations["sqlite"]] != [m[:2] for m in migrations["postgres"]]:
        sys.exit(f"{folder}/migrate: the two folders differ in their numbers or names")

    with open(out_h, "w", encoding="utf-8") as out:
        out.write("#pragma once\n/* Made by tools/embed_sql.py from sql/. */\n"
                  "#include <stddef.h>\n\n#include \"kit/db.h\"\n\n")
        for name in queries:
            out.write(f"extern const struct db_query SQL_{name.upper()};\n")
        out.write("\n/* All of them, for the test that prepares each on both engines. */\n"
                  "extern const struct db_query *const SQL_ALL[];\n"
                  "extern const size_t SQL_ALL_COUNT;\n\n")
        for engine in engines:
            out.write(f"extern const struct db_migration SQL_MIGRATE_{engine.upper()}[];\n")
        out.write("extern const size_t SQL_MIGRATE_COUNT;\n")

    with open(out_c, "w", encoding="utf-8") as out:
        out.write("/* Made by tools/embed_sql.py from sql/. */\n#include \"store/sql_gen.h\"\n\n")
        for name, entry in queries.items():
            out.write(f"const struct db_query SQL_{name.upper()} = {{\n    \"{name}\",\n"
                      f"{literal(entry['sqlite'])},\n{literal(entry['postgres'])},\n"
                      f"    {entry['parameters']},\n}};\n\n")
        out.write("const struct db_query *const SQL_ALL[] = {\n")
        out.writelines(f"    &SQL_{name.upper()},\n" for name in queries)
        out.write("};\nconst size_t SQL_ALL_COUNT = sizeof SQL_ALL / sizeof SQL_ALL[0];\n\n")
        for engine in engines:
            out.write(f"const struct db_migration SQL_MIGRATE_{engine.upper()}[] = {{\n")
            for number, name, checksum, text in migrations[engine]:
                out.write(f"    {{{number}, \"{name}\", \"{checksum}\",\n{literal(text)}}},\n")
            out.write("};\n")
        out.write(f"const size_t SQL_MIGRATE_COUNT = {len(migrations['sqlite'])};\n")


main()
