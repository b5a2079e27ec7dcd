#include "services/burden_report.h"

#include "regime/burden.h"
#include "regime/lists.h"

/* Names of a list, as a reader of either language parts them. */
static struct str join(struct arena *arena, const struct reader *reader, struct str list,
                       struct str next)
{
    if (str_is_empty(list))
        return next;
    return reader_sentence(arena, reader, "burden.and",
                           ARGS(arg_text("list", list), arg_text("next", next)));
}

static struct str kind_label(const struct world *world, const struct reader *reader, struct str kind)
{
    const struct pack_dictionary *kinds =
        pack_lists_find_dictionary(world_lists(world), S("unit-kinds"));
    for (size_t i = 0; kinds != NULL && i < kinds->count; i++)
        if (str_eq(kinds->choices[i].code, kind))
            return words_label(reader->lang, kinds->choices[i].words);
    return kind;
}

static struct str role_label(const struct regime *regime, const struct reader *reader,
                             struct str name)
{
    const struct regime_role *role = regime_find_role(regime, name);
    return role == NULL ? name : words_label(reader->lang, role->words);
}

static struct str who_owes(struct arena *arena, const struct world *world,
                           const struct reader *reader, const struct regime *regime,
                           const struct regime_obligation *item)
{
    struct str who = S("");
    const struct regime_debtor *standing = item->standing;
    for (size_t i = 0; i < item->role_count; i++)
        who = join(arena, reader, who, role_label(regime, reader, item->roles[i]));
    for (size_t i = 0; i < item->kind_count; i++)
        who = join(arena, reader, who, kind_label(world, reader, item->kinds[i]));
    if (standing != NULL && !str_is_empty(standing->role))
        who = join(arena, reader, who, role_label(regime, reader, standing->role));
    else if (standing != NULL)
        who = join(arena, reader, who, words_label(reader->lang, standing->procedure->words));
    return str_is_empty(who) ? reader_sentence(arena, reader, "burden.campaign", NO_ARGS) : who;
}

/* The days or months of an item, one after the other. */
static struct str when_due(struct arena *arena, const struct reader *reader,
                           const struct regime_obligation *item)
{
    struct str days = S("");
    for (size_t i = 0; i < item->cutoff_count; i++)
        days = join(arena, reader, days,
                    str_printf(arena, "%02d-%02d", item->cutoffs[i].month, item->cutoffs[i].day));
    for (size_t i = 0; i < item->window_count; i++)
        days = join(arena, reader, days,
                    str_printf(arena, "%02d..%02d", item->windows[i].first, item->windows[i].last));
    for (size_t i = 0; i < item->date_count; i++)
        days = join(arena, reader, days, day_format(arena, item->dates[i]));
    return days;
}

static struct str how_often(struct arena *arena, const struct reader *reader,
                            const struct regime *regime, const struct regime_obligation *item)
{
    static const char *const keys[] = {[RHYTHM_MONTHS] = "burden.every.months",
                                       [RHYTHM_DAYS] = "burden.every.days",
                                       [RHYTHM_CUTOFFS] = "burden.every.cutoffs",
                                       [RHYTHM_WINDOWS] = "burden.every.windows",
                                       [RHYTHM_DATES] = "burden.every.dates"};
    const struct regime_setting *setting = regime_find_setting(regime, item->every.setting);
    if (item->rhythm == RHYTHM_DAYS && setting != NULL)
        return words_label(reader->lang, setting->words);
    int64_t n = item->rhythm == RHYTHM_MONTHS ? item->months : item->every.length.count;
    return reader_sentence(arena, reader, keys[item->rhythm],
                           ARGS(arg_int("n", n), arg_text("days", when_due(arena, reader, item))));
}

static struct str form_label(struct arena *arena, const struct reader *reader,
                             const struct burden_form *form)
{
    struct str procedure = words_label(reader->lang, form->procedure->words);
    if (form->by_program)
        return reader_sentence(arena, reader, "burden.opened", ARGS(arg_text("what", procedure)));
    if (form->transition == NULL)
        return procedure;
    return reader_sentence(arena, reader, "burden.command",
                           ARGS(arg_text("what", procedure),
                                arg_text("command",
                                         words_label(reader->lang, form->transition->words))));
}

static void put_form(struct arena *arena, const struct world *world, const struct reader *reader,
                     const struct regime *regime, const struct burden_form *form,
                     struct value *rows)
{
    struct value *row = value_append_map(arena, rows);
    const struct regime_obligation *item = form->item;
    value_put_text(arena, row, "item", item->id);
    value_put_text(arena, row, "title", words_label(reader->lang, item->words));
    value_put_text(arena, row, "clause", item->clause);
    value_put_text(arena, row, "who", who_owes(arena, world, reader, regime, item));
    value_put_text(arena, row, "every", how_often(arena, reader, regime, item));
    value_put_text(arena, row, "form", form_label(arena, reader, form));
    value_put_text(arena, row, "procedure", form->procedure->name);
    value_put_text(arena, row, "command",
                   form->transition == NULL ? S("create") : form->transition->name);
    value_put_bool(arena, row, "by_program", form->by_program);
    value_put_int(arena, row, "fields", (int64_t)form->fields);
    value_put_int(arena, row, "prefilled", (int64_t)form->prefilled);
    struct value *asked = value_put_list(arena, row, "asked");
    for (size_t i = 0; i < form->fields - form->prefilled; i++)
        value_append(asked,
                     value_text(arena, words_label(reader->lang, form->asked[i]->words)));
}

static void put_campaign(struct arena *arena, const struct world *world,
                         const struct reader *reader, const struct world_campaign *campaign,
                         const struct regime *regime, struct value *items)
{
    struct burden_list list;
    int64_t fields = 0, prefilled = 0;
    burden_list_forms(arena, regime, &list);
    if (list.len == 0)
        return;
    struct value *out = value_append_map(arena, items);
    value_put_text(arena, out, "campaign", campaign->name);
    value_put_text(arena, out, "campaign_label", words_label(reader->lang, campaign->title));
    value_put_text(arena, out, "regime", regime->id);
    struct value *forms = value_put_list(arena, out, "forms");
    for (size_t i = 0; i < list.len; i++) {
        put_form(arena, world, reader, regime, &list.at[i], forms);
        fields += (int64_t)list.at[i].fields;
        prefilled += (int64_t)list.at[i].prefilled;
    }
    value_put_int(arena, out, "forms_n", (int64_t)list.len);
    value_put_int(arena, out, "fields", fields);
    value_put_int(arena, out, "prefilled", prefilled);
}

enum status burden_report_document(struct ctx *ctx, const struct world *world,
                                   const struct reader *reader, struct str campaign,
                                   struct value **out)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    struct value *doc = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, doc, "items");
    if (!str_is_empty(campaign) && world_find_campaign(world, campaign) == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (!str_eq_c(all[i].state, "open") ||
            (!str_is_empty(campaign) && !str_eq(campaign, all[i].name)))
            continue;
        TRY(world_load_pack(ctx, world, all[i].pack, &regime));
        put_campaign(ctx->arena, world, reader, &all[i], regime, items);
    }
    *out = doc;
    return ST_OK;
}
