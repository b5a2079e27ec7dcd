/*
 * A table is a list of words, and each word is a small function from a row to a cell; what a word
 * means stands once, in the table `words` below.
 */
#include "services/export_int.h"

typedef void (*cell_of)(struct arena *arena, const struct export_row *row, struct xlsx_value *out);

static struct str label_or(enum lang lang, struct str code, const struct words *words)
{
    return words == NULL ? code : words_label(lang, *words);
}

/* ---- cells ---- */

static void cell_seq(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->number = row->seq;
    out->has_number = true;
}

static void cell_id(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    out->text = casefile_ref_format(arena, row->row->prefecture, row->row->id);
}

static void cell_number(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->text = row->row->number;
}

static void cell_received_number(struct arena *arena, const struct export_row *row,
                                 struct xlsx_value *out)
{
    (void)arena;
    out->text = row->row->received_number;
}

static void cell_campaign(struct arena *arena, const struct export_row *row,
                          struct xlsx_value *out)
{
    const struct world_campaign *campaign =
        world_find_campaign(row->view.world, row->row->campaign);
    (void)arena;
    out->text = label_or(row->view.reader.lang, row->row->campaign,
                         campaign == NULL ? NULL : &campaign->title);
}

static void cell_procedure(struct arena *arena, const struct export_row *row,
                           struct xlsx_value *out)
{
    (void)arena;
    out->text = words_label(row->view.reader.lang, row->procedure->words);
}

static void cell_state(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    const struct regime_state *state = procedure_find_state(row->procedure, row->row->state);
    (void)arena;
    out->text =
        label_or(row->view.reader.lang, row->row->state, state == NULL ? NULL : &state->words);
}

static void cell_region(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    const struct world_region *region = world_find_region(row->view.world, row->row->region);
    (void)arena;
    out->text = region == NULL ? row->row->region : region->name;
}

static void cell_source(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    const struct regime_source *source = regime_find_source(row->regime, row->row->source);
    (void)arena;
    out->text =
        label_or(row->view.reader.lang, row->row->source, source == NULL ? NULL : &source->words);
}

static void cell_batch(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->text = row->row->batch;
}

static void cell_types(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    out->text = case_row_types(arena, &row->view.reader, row->procedure, row->row->types);
}

static void cell_title(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->text = case_title(row->view.world, row->procedure, row->view.reader.lang,
                           row->row->title);
}

static void put_minute(struct instant at, struct xlsx_value *out)
{
    out->day = day_of_instant(at);
    out->minute = instant_minute_of_day(at);
}

static void cell_due(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    struct instant end = row->row->next_due;
    (void)arena;
    if (!instant_is_none(end) && !row->row->ended)
        put_minute((struct instant){end.ms - MS_PER_MINUTE}, out);
}

static void cell_created(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->day = day_of_instant(row->row->created_at);
}

static void cell_updated(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    put_minute(row->row->updated_at, out);
}

static void cell_waits(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    out->text = case_row_roles(arena, &row->view.reader, row->regime, row->row->waits);
}

static void cell_pressing(struct arena *arena, const struct export_row *row,
                          struct xlsx_value *out)
{
    (void)arena;
    if (!str_is_empty(row->row->pressing))
        out->text = words_label(row->view.reader.lang,
                                regime_flag_words(row->regime, row->row->pressing));
}

static void cell_flags(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    struct str rest = row->row->flags, all = S("");
    for (struct str one; str_next(&rest, ' ', &one);) {
        if (str_is_empty(one))
            continue;
        struct str label =
            words_label(row->view.reader.lang, regime_flag_words(row->regime, one));
        all = all.len == 0 ? label : str_printf(arena, "%.*s; %.*s", STR_ARG(all), STR_ARG(label));
    }
    out->text = all;
}

static void cell_version(struct arena *arena, const struct export_row *row, struct xlsx_value *out)
{
    (void)arena;
    out->number = row->row->version;
    out->has_number = true;
}

static const struct {
    const char *word;
    enum xlsx_column_kind kind;
    cell_of cell;
} words[FROM_COUNT] = {
    [FROM_SEQ] = {"seq", XLSX_COLUMN_NUMBER, cell_seq},
    [FROM_ID] = {"id", XLSX_COLUMN_TEXT, cell_id},
    [FROM_NUMBER] = {"number", XLSX_COLUMN_TEXT, cell_number},
    [FROM_RECEIVED_NUMBER] = {"received_number", XLSX_COLUMN_TEXT, cell_received_number},
    [FROM_CAMPAIGN] = {"campaign", XLSX_COLUMN_TEXT, cell_campaign},
    [FROM_PROCEDURE] = {"procedure", XLSX_COLUMN_TEXT, cell_procedure},
    [FROM_STATE] = {"state", XLSX_COLUMN_TEXT, cell_state},
    [FROM_REGION] = {"region", XLSX_COLUMN_TEXT, cell_region},
    [FROM_SOURCE] = {"source", XLSX_COLUMN_TEXT, cell_source},
    [FROM_BATCH] = {"batch", XLSX_COLUMN_TEXT, cell_batch},
    [FROM_TYPES] = {"types", XLSX_COLUMN_TEXT, cell_types},
    [FROM_TITLE] = {"title", XLSX_COLUMN_TEXT, cell_title},
    [FROM_DUE] = {"due", XLSX_COLUMN_TIME, cell_due},
    [FROM_CREATED] = {"created", XLSX_COLUMN_DATE, cell_created},
    [FROM_UPDATED] = {"updated", XLSX_COLUMN_TIME, cell_updated},
    [FROM_WAITS] = {"waits", XLSX_COLUMN_TEXT, cell_waits},
    [FROM_PRESSING] = {"pressing", XLSX_COLUMN_TEXT, cell_pressing},
    [FROM_FLAGS] = {"flags", XLSX_COLUMN_TEXT, cell_flags},
    [FROM_VERSION] = {"version", XLSX_COLUMN_NUMBER, cell_version},
};

/* The field that received tables fill from a column of this kind, as the pack says. */
static struct str imported_field(const struct regime_procedure *procedure, struct str column)
{
    for (size_t i = 0; i < procedure->import_count; i++)
        if (str_eq(procedure->imports[i].column, column))
            return procedure->imports[i].field;
    return (struct str){0};
}

static void cell_field(struct arena *arena, const struct export_row *row,
                       const struct export_column *column, struct xlsx_value *out)
{
    struct str name = column->from == FROM_IMPORT ? imported_field(row->procedure, column->word)
                                                  : column->word;
    const struct regime_field *field = procedure_find_field(row->procedure, name);
    if (field != NULL && !field->sealed)
        out->text = field_text(arena, &row->view, field,
                               value_find(row->view.casefile->fields, name));
}

void export_cells(struct arena *arena, const struct export_table *table,
                  const struct export_row *row, struct xlsx_value *out)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct export_column *column = &table->columns[i];
        out[i] = (struct xlsx_value){.day = DAY_NONE};
        if (column->from < FROM_COUNT)
            words[column->from].cell(arena, row, &out[i]);
        else
            cell_field(arena, row, column, &out[i]);
    }
}

/* ---- reading a table ---- */

static bool read_from(struct str text, struct export_column *out)
{
    if (str_starts(text, S("import."))) {
        out->from = FROM_IMPORT;
        out->word = str_from(text, S("import.").len);
        return !str_is_empty(out->word);
    }
    if (str_starts(text, S("field."))) {
        out->from = FROM_FIELD;
        out->word = str_from(text, S("field.").len);
        return !str_is_empty(out->word);
    }
    for (size_t i = 0; i < FROM_COUNT; i++)
        if (str_eq_c(text, words[i].word)) {
            out->from = (enum export_from)i;
            out->kind = words[i].kind;
            return true;
        }
    return false;
}

struct str export_yaml_text(const struct yaml_node *node)
{
    return node == NULL ? (struct str){0} : node->text;
}

struct words export_yaml_words(const struct yaml_node *node)
{
    return (struct words){export_yaml_text(yaml_find(node, "zh")),
                          export_yaml_text(yaml_find(node, "en"))};
}

static bool read_column(const struct yaml_node *node, struct export_column *out)
{
    const struct yaml_node *width = yaml_find(node, "width");
    *out = (struct export_column){.name = export_yaml_text(yaml_find(node, "name")),
                                  .title = export_yaml_words(node),
                                  .width = width == NULL ? 0 : width->number};
    return !str_is_empty(out->name) && !str_is_empty(out->title.zh) &&
           read_from(export_yaml_text(yaml_find(node, "from")), out);
}

static enum status wrong(struct ctx *ctx, struct str name, int line)
{
    return fail(ctx, ST_INVALID, "export.table_wrong",
                ARGS(arg_text("name", name), arg_int("line", line)));
}

static enum status read_columns(struct ctx *ctx, struct str name, const struct yaml_node *list,
                                struct export_table *out)
{
    if (list == NULL || list->kind != YAML_LIST || list->count == 0 ||
        list->count > EXPORT_COLUMNS_MAX)
        return wrong(ctx, name, list == NULL ? 1 : list->line);
    struct export_column *columns = arena_alloc_array(ctx->arena, list->count, sizeof *columns);
    yaml_each (node, list) {
        struct export_column *column = &columns[out->column_count];
        if (!read_column(node, column))
            return wrong(ctx, name, node->line);
        out->reads_cases |= column->from >= FROM_COUNT;
        out->column_count++;
    }
    out->columns = columns;
    return ST_OK;
}

static enum status load_named(struct ctx *ctx, const struct furniture_item *item, struct str name,
                              struct export_table *out)
{
    struct yaml_faults faults = {0};
    const struct yaml_node *root = yaml_parse(ctx->arena, item->bytes, &faults);
    if (faults.len > 0)
        return wrong(ctx, name, faults.at[0].line);
    *out = (struct export_table){.title = export_yaml_words(yaml_find(root, "title")),
                                 .note = export_yaml_words(yaml_find(root, "note"))};
    return read_columns(ctx, name, yaml_find(root, "columns"), out);
}

static const struct export_column *column_named(const struct export_table *table, struct str name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (str_eq(table->columns[i].name, name))
            return &table->columns[i];
    return NULL;
}

/* Columns of the list, in the order they are named. */
static enum status choose_columns(struct ctx *ctx, struct str names, struct export_table *io_table)
{
    struct export_column *chosen =
        arena_alloc_array(ctx->arena, EXPORT_COLUMNS_MAX, sizeof *chosen);
    size_t count = 0;
    struct str rest = names;
    for (struct str one; str_next(&rest, ',', &one);) {
        const struct export_column *column = column_named(io_table, one);
        if (column == NULL || count == EXPORT_COLUMNS_MAX)
            return fail(ctx, ST_NOT_FOUND, "export.unknown_table", ARGS(arg_text("name", names)));
        chosen[count++] = *column;
    }
    io_table->columns = chosen;
    io_table->column_count = count;
    return ST_OK;
}

/* The table of who names none. */
static const struct str usual = STR_INIT("list");

static const struct furniture_item *find_table(struct ctx *ctx, const struct home *home,
                                               struct str name)
{
    return furniture_find(home->furniture,
                          str_printf(ctx->arena, "data/tables/%.*s.yaml", STR_ARG(name)));
}

void export_list_tables(struct ctx *ctx, const struct home *home, enum lang lang,
                        struct value *out)
{
    static const struct str folder = STR_INIT("data/tables/"), suffix = STR_INIT(".yaml");
    size_t count;
    const struct furniture_item *items = furniture_list(home->furniture, folder, &count);
    for (size_t i = 0; i < count; i++) {
        struct export_table table;
        struct str name = str_from(items[i].path, folder.len);
        if (!str_ends(name, suffix))
            continue;
        name = str_part(name, 0, name.len - suffix.len);
        if (str_eq(name, usual))
            continue;
        if (load_named(ctx, &items[i], name, &table) != ST_OK) {
            fail_clear(ctx);
            continue;
        }
        struct value *row = value_append_map(ctx->arena, out);
        value_put_text(ctx->arena, row, "name", name);
        value_put_text(ctx->arena, row, "label", words_label(lang, table.title));
    }
}

enum status export_table_load(struct ctx *ctx, const struct home *home, struct str name,
                              struct export_table *out)
{
    struct str wanted = str_is_empty(name) ? usual : name;
    const struct furniture_item *item = find_table(ctx, home, wanted);
    if (item != NULL)
        return load_named(ctx, item, wanted, out);
    item = find_table(ctx, home, usual);
    if (item == NULL)
        return fail(ctx, ST_NOT_FOUND, "export.unknown_table", ARGS(arg_text("name", usual)));
    TRY(load_named(ctx, item, usual, out));
    return choose_columns(ctx, wanted, out);
}
