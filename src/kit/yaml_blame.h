#pragma once
/*
 * What a writer most likely did where a text stops being YAML. libyaml tells what it expected; who
 * writes packs by hand is helped by what stands in the line.
 */
#include "base/arena.h"
#include "base/ctx.h"
#include "base/str.h"

struct yaml_symptom {
    const char *problem; /* libyaml's words */
    const char *context; /* or null */
    struct str before;   /* the line before the one that is blamed, without its end */
    struct str line;
};

/* In words of the catalogue, with what to do; yaml.syntax with libyaml's own words where nothing
 * better is known. */
struct reason yaml_blame(struct arena *arena, const struct yaml_symptom *symptom);
