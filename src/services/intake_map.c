#include "services/intake_map.h"

#include "base/num.h"
#include "base/vec.h"
#include "kit/furniture.h"
#include "kit/yaml.h"

static enum status parse_choice(struct ctx *ctx, struct str file, const struct yaml_node *node,
                                struct intake_choice *out)
{
    int64_t index;
    *out = (struct intake_choice){.printed = node->key, .field = INTAKE_UNMAPPED};
    if (num_parse_i64(node->key, 1, INTAKE_COLUMN_LIMIT, &index))
        out->index = (int)index;
    bool known = node->kind == YAML_NULL ||
                 (node->kind == YAML_TEXT && intake_field_parse(node->text, &out->field));
    if (!known)
        return fail(ctx, ST_INVALID, "intake.map_line",
                    ARGS(arg_text("file", file), arg_text("name", node->key)));
    return ST_OK;
}

enum status intake_map_parse(struct ctx *ctx, struct arena *arena, struct str file, struct str text,
                             const struct intake_choice **out, size_t *out_count)
{
    struct yaml_faults faults = {0};
    const struct yaml_node *map = yaml_parse(arena, text, &faults);
    VEC(struct intake_choice) choices = {0};
    if (faults.len > 0)
        return fail_reason(ctx, ST_INVALID, faults.at[0].reason);
    if (map == NULL || map->kind != YAML_MAP)
        return fail(ctx, ST_INVALID, "intake.map_line",
                    ARGS(arg_text("file", file), arg_text("name", S(""))));
    yaml_each(node, map) TRY(parse_choice(ctx, file, node, vec_push(arena, &choices)));
    *out = choices.at;
    *out_count = choices.len;
    return ST_OK;
}

static struct str bytes_of(const struct furniture *furniture, const char *path)
{
    const struct furniture_item *item = furniture_find(furniture, str_of(path));
    return item == NULL ? (struct str){0} : item->bytes;
}

enum status intake_dict_load(struct ctx *ctx, struct arena *arena,
                             const struct furniture *furniture, struct str more_columns,
                             struct intake_dict **out)
{
    struct intake_dict_texts texts = {
        .columns = bytes_of(furniture, "data/dict/columns.csv"),
        .more_columns = more_columns,
        .lists = {[LIST_TYPES] = bytes_of(furniture, "data/dict/pollution-types.csv"),
                  [LIST_VERDICTS] = bytes_of(furniture, "data/dict/verdicts.csv"),
                  [LIST_COMPLETIONS] = bytes_of(furniture, "data/dict/completions.csv"),
                  [LIST_CHANNELS] = bytes_of(furniture, "data/dict/channels.csv")}};
    return intake_dict_new(ctx, arena, &texts, out);
}
