/*
 * Papers are written on the spot, into a nameless file of the memory, as replies of files are sent. The PDF is
 * the document; its hash is remembered for whoever verifies it. The DOCX is a copy to go on writing with.
 */
#include "api/paper_api.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/document_api.h"
#include "api/office.h"
#include "base/num.h"
#include "kit/paper_docx.h"
#include "kit/paper_pdf.h"
#include "services/case_issued.h"
#include "services/casework.h"
#include "services/paper_photos.h"

enum { PAPER_FILE_BYTES = 64 * 1024 * 1024 };

#define PDF_TYPE "application/pdf"

static enum status find_format(struct api_call *call, bool *out_docx)
{
    struct str format = http_query(call->http, "format");
    struct str accept = http_header(call->http, "accept");
    if (!str_is_empty(format) && !str_eq(format, S("pdf")) && !str_eq(format, S("docx")))
        return fail(call->ctx, ST_MALFORMED, "paper.format", ARGS(arg_text("format", format)));
    *out_docx = str_is_empty(format)
                    ? !str_is_empty(accept) && http_accept_weight(accept, S(PAPER_DOCX_TYPE)) >
                                                   http_accept_weight(accept, S(PDF_TYPE))
                    : str_eq(format, S("docx"));
    return ST_OK;
}

static enum status reply_file(struct api_call *call, const char *type, struct str name, bool inline_,
                              struct str bytes)
{
    int fd = memfd_create("paper", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len) {
        int error = errno;
        if (fd >= 0)
            (void)close(fd);
        return fail(call->ctx, ST_IO, "paper.cannot_draw", ARGS(arg_c("error", strerror(error))));
    }
    api_reply_upload(call, type, name, inline_, fd, (int64_t)bytes.len, (struct str){0});
    return ST_OK;
}

/* Writes the paper in the format asked for and sends it; `out_pdf` is empty where it is none. */
static enum status reply_paper(struct api_call *call, const struct paper *paper, const char *name,
                               struct str *out_pdf)
{
    struct arena *arena = call->ctx->arena;
    struct buf bytes;
    bool docx = false;
    *out_pdf = (struct str){0};
    TRY(find_format(call, &docx));
    buf_init(&bytes, arena, PAPER_FILE_BYTES);
    if (docx) {
        TRY(paper_docx_write(call->ctx, paper, &bytes));
        return reply_file(call, PAPER_DOCX_TYPE, str_printf(arena, "%s.docx", name), false,
                          buf_str(&bytes));
    }
    struct str fonts = str_printf(arena, "%.*s/furniture/fonts", STR_ARG(office_home(call)->dir));
    TRY(paper_pdf_write(call->ctx, paper, str_c(arena, fonts), &bytes, NULL));
    *out_pdf = buf_str(&bytes);
    return reply_file(call, PDF_TYPE, str_printf(arena, "%s.pdf", name), true, buf_str(&bytes));
}

static enum status read_view(struct api_call *call, struct case_ref ref, struct case_reading *reading,
                             struct case_view *out)
{
    const struct world *world;
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), reading));
    *out = (struct case_view){.reader = {.words = office_home(call)->words, .lang = LANG_ZH, .now = call->ctx->now},
                              .world = world,
                              .engine = &reading->engine,
                              .casefile = reading->casefile,
                              .events = &reading->events,
                              .conn = office_conn(call)};
    return ST_OK;
}

static enum status show_issued(struct api_call *call, struct case_ref ref, struct str number)
{
    struct case_reading reading;
    struct case_view view;
    struct paper paper;
    struct str pdf;
    int64_t sequence;
    if (!num_parse_i64(number, 1, INT64_MAX, &sequence))
        return fail(call->ctx, ST_NOT_FOUND, "document.unknown", ARGS(arg_text("number", number)));
    TRY(read_view(call, ref, &reading, &view));
    TRY(case_issued_paper(call->ctx, office_conn(call), office_home(call)->furniture, &view, sequence,
                          &paper));
    document_api_put_address(call, reading.casefile, sequence, &paper);
    TRY(paper_photos_load(call->ctx, office_home(call), office_conn(call), reading.casefile, &paper));
    struct str name = str_printf(call->ctx->arena, "document-%" PRId64, sequence);
    TRY(reply_paper(call, &paper, str_c(call->ctx->arena, name), &pdf));
    if (!str_is_empty(pdf))
        document_api_keep_file(call, reading.casefile, sequence, pdf);
    return ST_OK;
}

static enum status show_of_case(struct api_call *call)
{
    struct case_ref ref;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    return show_issued(call, ref, http_capture(call->http, "sequence"));
}

/* A document's id is its case's with the number of the event that issued it behind. */
static enum status show_document(struct api_call *call)
{
    struct case_ref ref;
    struct str id = http_capture(call->http, "id");
    size_t dash = id.len;
    while (dash > 0 && id.at[dash - 1] != '-')
        dash--;
    if (dash == 0 || !casefile_ref_parse(str_part(id, 0, dash - 1), &ref.prefecture, &ref.id))
        return fail(call->ctx, ST_NOT_FOUND, "document.unknown", ARGS(arg_text("number", id)));
    return show_issued(call, ref, str_from(id, dash));
}

/* What a command would issue, to be looked at before anybody signs. */
static enum status show_draft(struct api_call *call)
{
    struct case_ref ref;
    struct case_reading reading;
    struct case_view view;
    struct paper paper;
    struct str pdf;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(read_view(call, ref, &reading, &view));
    view.events = NULL;
    TRY(case_issued_draft(call->ctx, office_home(call)->furniture, &view,
                          http_capture(call->http, "document"), &paper));
    TRY(paper_photos_load(call->ctx, office_home(call), office_conn(call), reading.casefile, &paper));
    return reply_paper(call, &paper, "draft", &pdf);
}

static const struct api_route routes[] = {
    {.name = "case_document", .method = HTTP_GET, .path = "/cases/{id}/documents/{sequence}",
     .handler = show_of_case, .access = API_SIGNED_IN, .flags = API_ONLY | API_RAW | HTTP_ROUTE_SLOW,
     .query = "format"},
    {.name = "case_draft", .method = HTTP_GET, .path = "/cases/{id}/drafts/{document}",
     .handler = show_draft, .access = API_SIGNED_IN, .flags = API_ONLY | API_RAW | HTTP_ROUTE_SLOW,
     .query = "format"},
    {.name = "document_read", .method = HTTP_GET, .path = "/documents/{id}", .handler = show_document,
     .access = API_SIGNED_IN, .flags = API_ONLY | API_RAW | HTTP_ROUTE_SLOW, .query = "format"},
};

const struct api_table paper_api = {routes, COUNT_OF(routes)};
