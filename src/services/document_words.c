/*
 * Small pieces of what readers are told of a document.
 */
#include "services/document_words.h"

struct str document_unit(const struct world *world, int64_t id)
{
    const struct world_unit *unit = world_find_unit(world, (struct unit_id){id});
    return unit == NULL ? S("") : unit->name;
}

static struct str person_label(const struct world *world, int64_t id)
{
    const struct world_person *person = world_find_person(world, (struct person_id){id});
    return person == NULL ? S("") : person->name;
}

struct str document_holder(const struct world *world, int64_t unit, int64_t person)
{
    return unit != 0 ? document_unit(world, unit) : person_label(world, person);
}

bool document_is_of(const struct actor *actor, int64_t unit, int64_t person)
{
    for (size_t i = 0; actor != NULL && i < actor->post_count; i++)
        if (unit != 0 ? actor->posts[i].unit.v == unit : actor->person.v == person)
            return true;
    return false;
}

void document_put_time(struct arena *arena, const struct reader *reader, struct value *row,
                     const char *name, struct instant at)
{
    struct str text_name = str_printf(arena, "%s_text", name);
    if (instant_is_none(at))
        return;
    value_put_text(arena, row, name, instant_format(arena, at));
    value_put_text(arena, row, str_c(arena, text_name), reader_time(arena, reader, at));
}

void document_put_hash(struct arena *arena, struct value *row, struct str sha256)
{
    value_put_text(arena, row, "sha256", sha256);
    value_put_text(arena, row, "verify_url",
                   str_is_empty(sha256) ? S("") : str_concat(arena, S("/verify/"), sha256));
}

/* i18n: document.state.* */
void document_put_state(struct arena *arena, const struct reader *reader, struct value *row,
                      bool is_void, bool is_corrected)
{
    struct str state = is_void ? S("voided") : is_corrected ? S("corrected") : S("issued");
    struct str key = str_concat(arena, S("document.state."), state);
    value_put_text(arena, row, "state", state);
    value_put_text(arena, row, "state_label", words_find(reader->words, reader->lang, key));
}

struct str document_url(struct arena *arena, struct str ref, int64_t seq)
{
    return str_printf(arena, "/api/v1/cases/%.*s/documents/%lld", STR_ARG(ref), (long long)seq);
}
