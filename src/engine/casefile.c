/*
 * Questions asked of a case, and the copy that a decision is tried on.
 */
#include "engine/casefile.h"

#include "base/num.h"

const struct casefile_role *casefile_find_role(const struct casefile *casefile, struct str role)
{
    for (size_t i = 0; i < casefile->roles.len; i++)
        if (str_eq(casefile->roles.at[i].role, role))
            return &casefile->roles.at[i];
    return NULL;
}

const struct casefile_clock *casefile_find_clock(const struct casefile *casefile, struct str clock)
{
    for (size_t i = casefile->clocks.len; i > 0; i--)
        if (str_eq(casefile->clocks.at[i - 1].name, clock))
            return &casefile->clocks.at[i - 1];
    return NULL;
}

bool casefile_has_flag(const struct casefile *casefile, struct str flag)
{
    for (size_t i = 0; i < casefile->flags.len; i++)
        if (str_eq(casefile->flags.at[i], flag))
            return true;
    return false;
}

int64_t casefile_entered(const struct casefile *casefile, struct str state)
{
    for (size_t i = casefile->entries.len; i > 0; i--)
        if (str_eq(casefile->entries.at[i - 1].state, state))
            return casefile->entries.at[i - 1].seq;
    return 0;
}

bool casefile_role_has_unit(const struct casefile *casefile, struct str role, int64_t unit,
                            bool *lead)
{
    const struct casefile_role *holders = casefile_find_role(casefile, role);
    for (size_t i = 0; holders != NULL && i < holders->units.len; i++) {
        if (holders->units.at[i] != unit)
            continue;
        *lead = i == 0;
        return true;
    }
    return false;
}

bool casefile_role_has_person(const struct casefile *casefile, struct str role, int64_t person)
{
    const struct casefile_role *holders = casefile_find_role(casefile, role);
    for (size_t i = 0; holders != NULL && i < holders->people.len; i++)
        if (holders->people.at[i] == person)
            return true;
    return false;
}

bool casefile_is_made_by(const struct casefile *casefile, int64_t person)
{
    if (casefile->acts.len == 0)
        return false;
    struct str actor = casefile->acts.at[0].actor;
    int64_t maker;
    return num_parse_i64(str_part(actor, 0, str_find_char(actor, '/')), 1, INT64_MAX, &maker) &&
           maker == person;
}

const struct casefile_measure *casefile_find_open_measure(const struct casefile *casefile,
                                                          struct str step)
{
    for (size_t i = casefile->measures.len; i > 0; i--) {
        const struct casefile_measure *measure = &casefile->measures.at[i - 1];
        if (measure->state == MEASURE_OPEN && str_eq(measure->step, step))
            return measure;
    }
    return NULL;
}

const struct casefile_document *casefile_find_document(const struct casefile *casefile, int64_t seq)
{
    for (size_t i = 0; i < casefile->documents.len; i++)
        if (casefile->documents.at[i].seq == seq)
            return &casefile->documents.at[i];
    return NULL;
}

/*
 * Rows that evolve writes in place get arrays of their own; rows that it only appends to may share
 * theirs, because the original never looks past its own length.
 */
struct casefile *casefile_copy(struct arena *arena, const struct casefile *casefile)
{
    struct casefile *copy = arena_copy(arena, casefile, sizeof *casefile);
    copy->fields = value_map(arena);
    value_each (field, casefile->fields)
        value_put(copy->fields, field->key, value_copy(arena, field));
#define OWN(rows) (copy->rows.at = vec_grown(arena, casefile->rows.at, casefile->rows.len, \
                                             casefile->rows.cap, sizeof *casefile->rows.at))
    OWN(roles);
    OWN(clocks);
    OWN(flags);
    OWN(evidence);
    OWN(marks);
    OWN(entries);
    OWN(acts);
    OWN(links);
    OWN(scores);
    OWN(measures);
    OWN(documents);
    for (size_t i = 0; i < copy->documents.len; i++)
        OWN(documents.at[i].receipts);
#undef OWN
    return copy;
}
