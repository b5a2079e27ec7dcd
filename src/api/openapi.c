/*
 * Paths by the order of the table; members of one path stand together because the table keeps them
 * together. The summary of an operation is the sentence op.<name>.
 *
 * i18n: op.*
 */
#include "api/openapi.h"

struct writing {
    struct arena *arena;
    const struct api *api;
    enum lang lang;
};

static struct str ref_to(struct arena *arena, const char *section, const char *name)
{
    return str_printf(arena, "#/components/%s/%s", section, name);
}

static void put_type(const struct writing *w, struct value *schema, const struct api_field *field)
{
    static const char *const types[API_KIND_COUNT] = {
        [API_TEXT] = "string", [API_INTEGER] = "integer", [API_BOOLEAN] = "boolean",
        [API_DATE] = "string", [API_INSTANT] = "string",  [API_ID] = "string",
        [API_LIST] = "array",  [API_MAP] = "object",      [API_FILE] = "string"};
    static const char *const formats[API_KIND_COUNT] = {
        [API_DATE] = "date", [API_INSTANT] = "date-time", [API_FILE] = "binary"};
    if (field->kind == API_MAP && field->of != NULL) {
        value_put_text(w->arena, schema, "$ref", ref_to(w->arena, "schemas", field->of));
        return;
    }
    value_put_text(w->arena, schema, "type", str_of(types[field->kind]));
    if (formats[field->kind] != NULL)
        value_put_text(w->arena, schema, "format", str_of(formats[field->kind]));
    if (field->kind != API_LIST)
        return;
    struct value *items = value_put_map(w->arena, schema, "items");
    if (field->of != NULL)
        value_put_text(w->arena, items, "$ref", ref_to(w->arena, "schemas", field->of));
}

static void put_object(const struct writing *w, struct value *schema,
                       const struct api_field *fields, size_t count)
{
    value_put_text(w->arena, schema, "type", S("object"));
    struct value *properties = value_put_map(w->arena, schema, "properties");
    struct value *required = value_list(w->arena);
    for (size_t i = 0; i < count; i++) {
        put_type(w, value_put_map(w->arena, properties, fields[i].name), &fields[i]);
        if (fields[i].required)
            value_append(required, value_text(w->arena, str_of(fields[i].name)));
    }
    if (required->count > 0)
        value_put(schema, S("required"), required);
}

static void put_parameter(const struct writing *w, struct value *list, struct str name,
                          const char *in)
{
    struct value *parameter = value_append_map(w->arena, list);
    value_put_text(w->arena, parameter, "name", name);
    value_put_text(w->arena, parameter, "in", str_of(in));
    if (str_eq_c(str_of(in), "path"))
        value_put_bool(w->arena, parameter, "required", true);
    value_put_text(w->arena, value_put_map(w->arena, parameter, "schema"), "type", S("string"));
}

static void put_parameters(const struct writing *w, struct value *operation,
                           const struct api_route *route)
{
    struct value *list = value_list(w->arena);
    struct str path = str_of(route->path), query = str_of(route->query), piece;
    while (str_next(&path, '/', &piece))
        if (piece.len > 2 && piece.at[0] == '{')
            put_parameter(w, list, str_part(piece, 1, piece.len - 2), "path");
    while (str_next(&query, ' ', &piece))
        if (!str_eq_c(piece, "*")) /* those of another route */
            put_parameter(w, list, piece, "query");
    if (!http_method_is_safe(route->method) && route->access != API_PUBLIC)
        put_parameter(w, list, S("Idempotency-Key"), "header");
    if ((route->flags & API_VERSIONED) != 0)
        put_parameter(w, list, S("If-Match"), "header");
    if (list->count > 0)
        value_put(operation, S("parameters"), list);
}

static void put_body(const struct writing *w, struct value *operation,
                     const struct api_route *route)
{
    static const struct {
        unsigned flag;
        const char *media;
    } medias[] = {{HTTP_ROUTE_JSON, "application/json"},
                  {HTTP_ROUTE_FORM, "application/x-www-form-urlencoded"},
                  {HTTP_ROUTE_FILES, "multipart/form-data"}};
    if ((route->flags & (HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_FILES)) == 0)
        return;
    struct value *content =
        value_put_map(w->arena, value_put_map(w->arena, operation, "requestBody"), "content");
    for (size_t i = 0; i < COUNT_OF(medias); i++) {
        if ((route->flags & medias[i].flag) == 0)
            continue;
        struct value *media = value_put_map(w->arena, content, medias[i].media);
        put_object(w, value_put_map(w->arena, media, "schema"), route->fields, route->field_count);
    }
}

static void put_responses(const struct writing *w, struct value *operation,
                          const struct api_route *route)
{
    struct value *responses = value_put_map(w->arena, operation, "responses");
    struct value *good = value_put_map(w->arena, responses, "200");
    value_put_text(w->arena, good, "description",
                   words_format(w->arena, w->api->words, w->lang, S("openapi.done"), NO_ARGS));
    if (route->shape != NULL) {
        struct value *content = value_put_map(w->arena, good, "content");
        struct value *json = value_put_map(w->arena, content, "application/json");
        value_put_text(w->arena, value_put_map(w->arena, json, "schema"), "$ref",
                       ref_to(w->arena, "schemas", route->shape));
    }
    value_put_text(w->arena, value_put_map(w->arena, responses, "default"), "$ref",
                   ref_to(w->arena, "responses", "problem"));
}

static void put_operation(const struct writing *w, struct value *paths,
                          const struct api_route *route)
{
    static const struct str method_keys[HTTP_METHOD_COUNT] = {
        [HTTP_GET] = STR_INIT("get"),     [HTTP_HEAD] = STR_INIT("head"),
        [HTTP_POST] = STR_INIT("post"),   [HTTP_PUT] = STR_INIT("put"),
        [HTTP_PATCH] = STR_INIT("patch"), [HTTP_DELETE] = STR_INIT("delete")};
    struct value *path = paths->last;
    if (path == NULL || !str_eq_c(path->key, route->path))
        path = value_put_map(w->arena, paths, route->path);
    struct value *operation = value_map(w->arena);
    value_put(path, method_keys[route->method], operation);
    value_put_text(w->arena, operation, "operationId", str_of(route->name));
    struct str summary_key = str_concat(w->arena, S("op."), str_of(route->name));
    value_put_text(w->arena, operation, "summary",
                   words_format(w->arena, w->api->words, w->lang, summary_key, NO_ARGS));
    put_parameters(w, operation, route);
    put_body(w, operation, route);
    put_responses(w, operation, route);
    if (route->access == API_PUBLIC)
        (void)value_put_list(w->arena, operation, "security");
}

static void put_problem(const struct writing *w, struct value *components, struct value *schemas)
{
    static const struct api_field fields[] = {
        {"type", API_TEXT, true, NULL},      {"title", API_TEXT, true, NULL},
        {"status", API_INTEGER, true, NULL}, {"detail", API_TEXT, true, NULL},
        {"code", API_TEXT, true, NULL},      {"instance", API_TEXT, true, NULL},
        {"clause", API_TEXT, false, NULL},   {"field", API_TEXT, false, NULL},
        {"rule", API_TEXT, false, NULL},     {"instead", API_TEXT, false, NULL},
        {"needs", API_TEXT, false, NULL},    {"errors", API_LIST, false, NULL},
        {"reasons", API_LIST, false, NULL}};
    put_object(w, value_put_map(w->arena, schemas, "problem"), fields, COUNT_OF(fields));
    struct value *responses = value_put_map(w->arena, components, "responses");
    struct value *problem = value_put_map(w->arena, responses, "problem");
    value_put_text(w->arena, problem, "description",
                   words_format(w->arena, w->api->words, w->lang, S("openapi.problem"), NO_ARGS));
    struct value *content = value_put_map(w->arena, problem, "content");
    struct value *media = value_put_map(w->arena, content, "application/problem+json");
    value_put_text(w->arena, value_put_map(w->arena, media, "schema"), "$ref",
                   S("#/components/schemas/problem"));
}

static void put_security(const struct writing *w, struct value *document, struct value *components)
{
    struct value *schemes = value_put_map(w->arena, components, "securitySchemes");
    struct value *bearer = value_put_map(w->arena, schemes, "bearer");
    value_put_text(w->arena, bearer, "type", S("http"));
    value_put_text(w->arena, bearer, "scheme", S("bearer"));
    struct value *cookie = value_put_map(w->arena, schemes, "cookie");
    value_put_text(w->arena, cookie, "type", S("apiKey"));
    value_put_text(w->arena, cookie, "in", S("cookie"));
    value_put_text(w->arena, cookie, "name", S("lantian"));
    struct value *security = value_put_list(w->arena, document, "security");
    (void)value_put_list(w->arena, value_append_map(w->arena, security), "bearer");
    (void)value_put_list(w->arena, value_append_map(w->arena, security), "cookie");
}

struct value *openapi_document(struct arena *arena, const struct api *api, enum lang lang)
{
    struct writing w = {arena, api, lang};
    struct value *document = value_map(arena);
    value_put_text(arena, document, "openapi", S("3.1.0"));
    struct value *info = value_put_map(arena, document, "info");
    value_put_text(arena, info, "title",
                   words_format(arena, api->words, lang, S("openapi.title"), NO_ARGS));
    value_put_text(arena, info, "version", str_of(api->doors.version));
    struct value *server = value_append_map(arena, value_put_list(arena, document, "servers"));
    value_put_text(arena, server, "url", S("/api/v1"));
    struct value *paths = value_put_map(arena, document, "paths");
    for (size_t i = 0; i < api->route_count; i++)
        if ((api->routes[i]->flags & (API_PAGE_ONLY | API_BARE)) == 0)
            put_operation(&w, paths, api->routes[i]);
    struct value *components = value_put_map(arena, document, "components");
    struct value *schemas = value_put_map(arena, components, "schemas");
    for (size_t i = 0; i < api->shape_count; i++)
        put_object(&w, value_put_map(arena, schemas, api->shapes[i].name), api->shapes[i].fields,
                   api->shapes[i].field_count);
    put_problem(&w, components, schemas);
    put_security(&w, document, components);
    return document;
}
