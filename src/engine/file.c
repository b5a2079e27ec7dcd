/*
 * A reader is a procedure, states and roles: any one of them is enough.
 */
#include "engine/file.h"

static bool has_name(const struct value *names, struct str name)
{
    value_each (one, names)
        if (str_eq(one->text, name))
            return true;
    return false;
}

bool file_holds(const struct regime_file *file, struct str procedure)
{
    for (size_t i = 0; i < file->of_count; i++)
        if (str_eq(file->of[i]->name, procedure))
            return true;
    return false;
}

static bool stands_in(const struct casefile *there, struct str role, const struct actor *actor)
{
    bool is_lead;
    for (size_t i = 0; i < actor->post_count; i++)
        if (casefile_role_has_unit(there, role, actor->posts[i].unit.v, &is_lead))
            return true;
    return casefile_role_has_person(there, role, actor->person.v);
}

static bool is_opened_by(const struct regime_file_reader *reader, const struct casefile *there,
                         const struct actor *actor)
{
    if (!str_eq(there->procedure, reader->procedure->name) || there->withdrawn ||
        (reader->states != NULL && !has_name(reader->states, there->state)))
        return false;
    value_each (role, reader->roles)
        if (stands_in(there, role->text, actor))
            return true;
    return false;
}

bool file_is_opened_by(const struct regime_file *file, const struct casefile *there, bool is_within,
                       const struct actor *actor)
{
    for (size_t i = 0; i < file->reader_count && (is_within || file->everywhere); i++)
        if (is_opened_by(&file->readers[i], there, actor))
            return true;
    return false;
}
