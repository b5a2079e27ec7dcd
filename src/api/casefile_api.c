/*
 * A write, because the ledger notes who took the file out. Made beside the kept files under a name
 * that goes before it is sent: whoever goes away in the middle leaves nothing behind.
 */
#include "api/casefile_api.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/office.h"
#include "services/account.h"
#include "services/case_export.h"

enum { NAME_BYTES = 16, FORM_BYTES = 4 * 1024 };

static enum status download(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    const struct home *home = office_home(call);
    struct case_export terms = {.home = home,
                                .reader = office_reader(call),
                                .actor = office_actor(call),
                                .by = caller_actor(arena, call->session.caller),
                                .form = CASE_EXPORT_ZIP};
    struct stat about;
    int64_t files;
    struct str format = http_query(call->http, "format");
    if (str_eq(format, S("pdf")))
        terms.form = CASE_EXPORT_PDF;
    else if (!str_is_empty(format) && !str_eq(format, S("zip")))
        return fail(call->ctx, ST_MALFORMED, "casefile.format", ARGS(arg_text("format", format)));
    TRY(office_case_ref(call, "id", &terms.ref.prefecture, &terms.ref.id));
    TRY(office_world(call, &terms.world));
    const char *path = str_c(arena, str_printf(arena, "%.*s/tmp/casefile-%.*s", STR_ARG(home->dir),
                                               STR_ARG(crypto_token(arena, NAME_BYTES))));
    TRY(case_export_write(call->ctx, office_conn(call), &terms, path, &files));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = errno;
    (void)unlink(path);
    if (fd < 0 || fstat(fd, &about) != 0)
        return fail(call->ctx, ST_IO, "io.read", ARGS(arg_c("error", strerrorname_np(error))));
    struct str ref = casefile_ref_format(arena, terms.ref.prefecture, terms.ref.id);
    bool is_pdf = terms.form == CASE_EXPORT_PDF;
    api_reply_download(call, is_pdf ? "application/pdf" : "application/zip",
                       str_concat(arena, ref, is_pdf ? S(".pdf") : S(".zip")), fd, about.st_size);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "case_file", .method = HTTP_POST, .path = "/cases/{id}/casefile",
     .handler = download, .access = API_SIGNED_IN,
     .flags = API_RAW | HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .body_limit = FORM_BYTES, .query = "format"},
};

const struct api_table casefile_api = {routes, COUNT_OF(routes)};
