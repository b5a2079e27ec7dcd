/*
 * Reading is that of the case. What is sent becomes the command that the pack names, with the list as it
 * stands after the choice, so permission, guards and ledger are those of any command.
 */
#include "api/redaction_api.h"

#include "api/office.h"
#include "services/casework.h"
#include "services/redaction.h"

enum { FORM_BYTES = 1 << 20 };

/* The case, and what its pack says of releases. */
struct release_case {
    struct case_ref ref;
    const struct world *world;
    struct case_reading reading;
    const struct regime_disclosure *disclosure;
    const struct value *rows;
};

static enum status read_case(struct api_call *call, struct release_case *out)
{
    TRY(office_case_ref(call, "id", &out->ref.prefecture, &out->ref.id));
    TRY(office_world(call, &out->world));
    TRY(casework_read(call->ctx, office_conn(call), out->world, out->ref, office_actor(call),
                      &out->reading));
    out->disclosure = regime_find_disclosure(out->reading.engine.regime,
                                             out->reading.casefile->procedure);
    if (out->disclosure == NULL)
        return fail(call->ctx, ST_NOT_FOUND, "release.unknown", NO_ARGS);
    out->rows = value_find(out->reading.casefile->fields, out->disclosure->list->name);
    return ST_OK;
}

static enum status put_document(struct api_call *call, const struct release_case *of)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    const struct casefile *casefile = of->reading.casefile;
    struct str url = str_concat(arena, S("/cases/"),
                                casefile_ref_format(arena, of->ref.prefecture, of->ref.id));
    call->document = redaction_document(arena, &reader, of->disclosure, of->rows);
    value_put_text(arena, call->document, "number", casefile->number);
    value_put_int(arena, call->document, "version", casefile->version);
    value_put_text(arena, call->document, "case_url", url);
    value_put_text(arena, call->document, "url", str_concat(arena, url, S("/redaction")));
    call->answer_version = casefile->version;
    return ST_OK;
}

static enum status show(struct api_call *call)
{
    struct release_case of = {0};
    TRY(read_case(call, &of));
    return put_document(call, &of);
}

/* Said here and not by the route's table: whether the case is theirs comes first. */
static enum status check_members(struct api_call *call)
{
    value_each (member, call->input)
        if (!str_eq(member->key, S("accept")) && !str_eq(member->key, S("also")))
            return api_field_wrong(call, str_c(call->ctx->arena, member->key),
                                   "form.unknown_field", ARGS(arg_text("field", member->key)));
    return ST_OK;
}

static enum status choose(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    struct release_case of = {0};
    struct value *input = value_map(arena);
    TRY(read_case(call, &of));
    TRY(check_members(call));
    value_put(input, of.disclosure->list->name,
              redaction_apply(arena, of.disclosure, of.rows, value_find_c(call->input, "accept"),
                              value_find_c(call->input, "also")));
    struct case_order order = {.home = office_home(call),
                               .world = of.world,
                               .actor = office_actor(call),
                               .ref = of.ref,
                               .version = call->version,
                               .command = of.disclosure->redact,
                               .input = input,
                               .happened_at = INSTANT_NONE};
    TRY(casework_give(call->ctx, &order));
    TRY(read_case(call, &of));
    TRY(put_document(call, &of));
    call->status = 200;
    call->flash = "flash.redacted";
    if (call->is_page)
        call->location = value_find_text(call->document, "case_url");
    return ST_OK;
}

static enum status refused(struct api_call *call)
{
    TRY(show(call));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "redaction", .method = HTTP_GET, .path = "/cases/{id}/redaction", .handler = show,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "redaction"},
    {.name = "redaction_choose", .method = HTTP_POST, .path = "/cases/{id}/redaction",
     .handler = choose, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW | API_VERSIONED,
     .page = "redaction", .body_limit = FORM_BYTES, .refused = refused},
};

const struct api_table redaction_api = {routes, COUNT_OF(routes)};
