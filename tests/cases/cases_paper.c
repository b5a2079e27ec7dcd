/*
 * The services make the paper; the example's units and people stand in a snapshot that is made for it.
 */
#include "cases_paper.h"

#include <stdio.h>
#include <stdlib.h>

#include "kit/paper_docx.h"
#include "kit/paper_pdf.h"
#include "services/case_issued.h"
#include "services/world_int.h"

enum { FILE_LIMIT = 16 * 1024 * 1024 };

static int compare_people(const void *a, const void *b)
{
    const struct world_person *x = a, *y = b;
    return (x->id.v > y->id.v) - (x->id.v < y->id.v);
}

static int compare_units(const void *a, const void *b)
{
    const struct world_unit *const *x = a, *const *y = b;
    return ((*x)->facts.id.v > (*y)->facts.id.v) - ((*x)->facts.id.v < (*y)->facts.id.v);
}

static void add_units(struct arena *arena, struct cases_world *from, struct world *world)
{
    size_t count;
    const struct unit_facts *const *units = cases_world_units(from, &count);
    world->units = arena_alloc_array(arena, count, sizeof *world->units);
    world->units_by_id = arena_alloc_array(arena, count, sizeof *world->units_by_id);
    for (size_t i = 0; i < count; i++) {
        world->units[i] = (struct world_unit){.facts = *units[i], .name = units[i]->name.zh};
        if (str_is_empty(world->units[i].name))
            world->units[i].name =
                str_printf(arena, "单位%lld", (long long)units[i]->id.v);
        world->units_by_id[i] = &world->units[i];
    }
    world->unit_count = count;
    qsort(world->units_by_id, count, sizeof *world->units_by_id, compare_units);
}

static void add_posts(struct arena *arena, const struct actor *actor, const struct world *world,
                      struct world_person *person)
{
    struct world_post *posts = arena_alloc_array(arena, actor->post_count, sizeof *posts);
    person->posts = posts;
    for (size_t i = 0; i < actor->post_count; i++) {
        const struct world_unit *unit = world_find_unit(world, actor->posts[i].unit);
        if (unit != NULL)
            posts[person->post_count++] =
                (struct world_post){.id = actor->posts[i].id, .unit = unit, .post = actor->posts[i].post};
    }
}

static void add_people(struct arena *arena, struct cases_world *from, struct world *world)
{
    size_t count;
    const struct actor *const *actors = cases_world_actors(from, &count);
    world->people = arena_alloc_array(arena, count, sizeof *world->people);
    for (size_t i = 0; i < count; i++) {
        if (actors[i]->person.v == 0)
            continue;
        struct world_person *person = &world->people[world->person_count++];
        *person = (struct world_person){
            .id = actors[i]->person,
            .name = str_printf(arena, "人员%lld", (long long)actors[i]->person.v)};
        add_posts(arena, actors[i], world, person);
    }
    qsort(world->people, world->person_count, sizeof *world->people, compare_people);
}

static const struct event *last_of(const struct ledger_row_list *ledger, struct str document)
{
    for (size_t i = ledger->len; i-- > 0;) {
        const struct event *event = &ledger->at[i].event;
        if (event->type == EVENT_DOCUMENT_ISSUED &&
            str_eq(value_find_text(event->payload, "document"), document))
            return event;
    }
    return NULL;
}

static void put_line(struct arena *arena, struct str *all, struct str text)
{
    *all = str_printf(arena, "%.*s%.*s\n", STR_ARG(*all), STR_ARG(text));
}

static struct str text_of(struct arena *arena, const struct paper *paper)
{
    struct str all = S("");
    const struct str once[] = {paper->mark, paper->number, paper->publisher, paper->title,
                               paper->to,   paper->date,   paper->copies,    paper->printer};
    for (size_t i = 0; i < COUNT_OF(once); i++)
        put_line(arena, &all, once[i]);
    for (size_t i = 0; i < paper->signer_count; i++)
        put_line(arena, &all, paper->signers[i]);
    for (size_t i = 0; i < paper->block_count; i++) {
        put_line(arena, &all, paper->blocks[i].text);
        for (size_t r = 0; r < paper->blocks[i].row_count; r++)
            for (size_t c = 0; c < paper->blocks[i].rows[r].count; c++)
                put_line(arena, &all, paper->blocks[i].rows[r].cells[c].text);
    }
    return all;
}

static void save(struct arena *arena, struct str path, const char *ending, const struct buf *bytes)
{
    FILE *file = fopen(str_printf(arena, "%.*s.%s", STR_ARG(path), ending).at, "wb");
    if (file == NULL)
        return;
    (void)fwrite(bytes->at, 1, bytes->len, file);
    fclose(file);
}

/* PDF and DOCX. The name tells the pack's document; a later example of the same one wins. */
static void keep_files(struct ctx *ctx, const struct paper *paper, struct str regime,
                       struct str document)
{
    struct buf pdf, docx;
    const char *folder = getenv("LANTIAN_PAPERS");
    if (folder == NULL)
        return;
    buf_init(&pdf, ctx->arena, FILE_LIMIT);
    buf_init(&docx, ctx->arena, FILE_LIMIT);
    if (paper_pdf_write(ctx, paper, NULL, &pdf, NULL) != ST_OK ||
        paper_docx_write(ctx, paper, &docx) != ST_OK) {
        printf("# no file of %.*s\n", STR_ARG(document));
        fail_clear(ctx);
        return;
    }
    struct str path = str_printf(ctx->arena, "%s/%.*s-%.*s", folder, STR_ARG(regime), STR_ARG(document));
    save(ctx->arena, path, "pdf", &pdf);
    save(ctx->arena, path, "docx", &docx);
}

struct str cases_paper_expect(struct ctx *ctx, const struct cases_paper *asked,
                              const struct str *words, size_t count, bool negative)
{
    struct furniture *furniture;
    struct words_book *book;
    struct paper paper;
    struct str markup;
    struct casefile then = {0};
    struct world world = {.arena = ctx->arena};
    const struct event *event = count < 2 ? NULL : last_of(asked->ledger, words[0]);
    if (event == NULL)
        return S("was not issued");
    add_units(ctx->arena, asked->world, &world);
    add_people(ctx->arena, asked->world, &world);
    fail_clear(ctx);
    if (furniture_open(ctx, ctx->arena, furniture_files, furniture_file_count, (struct str){0},
                       &furniture) != ST_OK ||
        furniture_open_words(ctx, furniture, ctx->arena, &book) != ST_OK)
        return S("no furniture");
    const struct case_view view = {.reader = {.words = book, .lang = LANG_ZH, .now = ctx->now},
                                   .world = &world,
                                   .engine = asked->engine,
                                   .casefile = &then,
                                   .events = asked->ledger};
    for (size_t i = 0; i < asked->ledger->len; i++)
        if (asked->ledger->at[i].event.sequence <= event->sequence)
            engine_evolve(ctx->arena, &then, &asked->ledger->at[i].event);
    if (case_issued_markup(ctx, furniture, &view, event, &markup) != ST_OK ||
        paper_read(ctx, markup, &paper) != ST_OK)
        return str_of(ctx->failure.reason.key);
    keep_files(ctx, &paper, asked->engine->regime->id, words[0]);
    struct str text = text_of(ctx->arena, &paper);
    return str_has(text, words[1]) == negative ? text : (struct str){0};
}
