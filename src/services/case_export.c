/*
 * The folder is made first, file by file, each with its SHA-256; a zip is packed from it. What is
 * written is listed, the list is signed: so there is no byte that could change unnoticed.
 */
#include "services/case_export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "kit/archive.h"
#include "kit/json.h"
#include "services/case_pdf.h"
#include "services/checkpoint.h"
#include "store/document_rows.h"
#include "store/record_rows.h"

#define CASE_PDF "reading-copy.pdf"

enum { FOLDER_MODE = 0700, FILE_MODE = 0600, PIECE = 64 * 1024, TEXT_LIMIT_BYTES = 256 << 20 };

struct packed {
    struct str name;
    struct digest sha256;
};

struct pack {
    struct ctx *ctx;
    const struct case_export *terms;
    const struct case_reading *reading;
    struct str dir;
    VEC(struct packed) files;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static enum status fail_io(struct ctx *ctx, const char *path)
{
    return fail(ctx, ST_IO, "archive.cannot_write",
                ARGS(arg_c("file", path), arg_c("error", strerrorname_np(errno))));
}

static const char *path_of(const struct pack *pack, struct str name)
{
    return str_c(pack->ctx->arena, str_printf(pack->ctx->arena, "%.*s/%.*s", STR_ARG(pack->dir),
                                              STR_ARG(name)));
}

/* ---- files of the folder ---- */

static enum status write_bytes(struct ctx *ctx, int fd, const char *path, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = write(fd, bytes.at, bytes.len);
        if (wrote < 0)
            return fail_io(ctx, path);
        bytes = str_from(bytes, (size_t)wrote);
    }
    return ST_OK;
}

/* A file without a line in the manifest: the manifest and its signature. */
static enum status write_file(struct pack *pack, struct str name, struct str bytes)
{
    const char *path = path_of(pack, name);
    int fd AUTO(close_fd) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    return fd < 0 ? fail_io(pack->ctx, path) : write_bytes(pack->ctx, fd, path, bytes);
}

static void list_file(struct pack *pack, struct str name, struct digest sha256)
{
    vec_add(pack->ctx->arena, &pack->files, ((struct packed){name, sha256}));
}

static enum status add_text(struct pack *pack, const char *name, const struct buf *text)
{
    if (buf_status(text) != ST_OK)
        return fail(pack->ctx, ST_LIMIT, "casefile.too_large", NO_ARGS);
    TRY(write_file(pack, str_of(name), buf_str(text)));
    list_file(pack, str_of(name), crypto_digest(CRYPTO_SHA256, buf_str(text)));
    return ST_OK;
}

static enum status copy_bytes(struct ctx *ctx, int from, int to, const char *path)
{
    char piece[PIECE];
    ssize_t got;
    while ((got = read(from, piece, sizeof piece)) > 0)
        TRY(write_bytes(ctx, to, path, (struct str){piece, (size_t)got}));
    return got == 0 ? ST_OK : fail_io(ctx, path);
}

static bool is_packed(const struct pack *pack, struct str name)
{
    for (size_t i = 0; i < pack->files.len; i++)
        if (str_eq(pack->files.at[i].name, name))
            return true;
    return false;
}

/* The ending by which the sender called it, where it is a plain one. */
static struct str ending_of(struct str name)
{
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.')
        dot--;
    struct str ending = str_from(name, dot);
    bool plain = dot > 0 && ending.len > 0 && ending.len <= 5;
    for (size_t i = 0; plain && i < ending.len; i++)
        plain = (ending.at[i] >= 'a' && ending.at[i] <= 'z') ||
                (ending.at[i] >= '0' && ending.at[i] <= '9');
    return plain ? ending : S("bin");
}

static struct str evidence_name(struct arena *arena, struct str sha256, struct str name)
{
    return str_printf(arena, "evidence/%.*s.%.*s", STR_ARG(sha256), STR_ARG(ending_of(name)));
}

static enum status add_evidence(struct pack *pack, struct str sha256, struct str called)
{
    struct ctx *ctx = pack->ctx;
    struct digest digest;
    struct str name = evidence_name(ctx->arena, sha256, called);
    int64_t size;
    if (!digest_parse(sha256, &digest) || is_packed(pack, name))
        return ST_OK;
    int from AUTO(close_fd) = -1;
    TRY(blob_open(ctx, pack->terms->home->blobs, &digest, &from, &size));
    const char *path = path_of(pack, name);
    int to AUTO(close_fd) = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (to < 0)
        return fail_io(ctx, path);
    list_file(pack, name, digest);
    return copy_bytes(ctx, from, to, path);
}

static enum status add_all_evidence(struct pack *pack)
{
    const struct ledger_row_list *events = &pack->reading->events;
    for (size_t i = 0; i < events->len; i++) {
        const struct event *event = &events->at[i].event;
        if (event->type == EVENT_EVIDENCE_ADDED)
            TRY(add_evidence(pack, value_find_text(event->payload, "sha256"),
                             value_find_text(event->payload, "name")));
    }
    return ST_OK;
}

static struct buf new_text(const struct pack *pack)
{
    struct buf text;
    buf_init(&text, pack->ctx->arena, TEXT_LIMIT_BYTES);
    return text;
}

static enum status make_folder(struct pack *pack, const char *name)
{
    const char *path = *name == '\0' ? str_c(pack->ctx->arena, pack->dir)
                                     : path_of(pack, str_of(name));
    if (mkdir(path, FOLDER_MODE) == 0)
        return ST_OK;
    return errno == EEXIST ? fail(pack->ctx, ST_CONFLICT, "casefile.exists",
                                  ARGS(arg_c("path", path)))
                           : fail_io(pack->ctx, path);
}

/* ---- issued documents, word for word ---- */

static enum status add_paper(struct pack *pack, struct db_conn *conn, struct str sha256)
{
    struct str markup;
    struct buf text = new_text(pack);
    const char *name =
        str_c(pack->ctx->arena,
              str_printf(pack->ctx->arena, "documents/%.*s.xml", STR_ARG(sha256)));
    if (str_is_empty(sha256) || is_packed(pack, str_of(name)))
        return ST_OK;
    enum status status = document_rows_get_paper(pack->ctx, conn, sha256, &markup);
    if (status == ST_NOT_FOUND)
        return fail(pack->ctx, ST_BROKEN, "document.paper_lost", ARGS(arg_text("hash", sha256)));
    TRY(status);
    buf_text(&text, markup);
    return add_text(pack, name, &text);
}

static enum status add_all_papers(struct pack *pack, struct db_conn *conn)
{
    const struct ledger_row_list *events = &pack->reading->events;
    TRY(make_folder(pack, "documents"));
    for (size_t i = 0; i < events->len; i++) {
        const struct event *event = &events->at[i].event;
        if (event->type == EVENT_DOCUMENT_ISSUED)
            TRY(add_paper(pack, conn, value_find_text(event->payload, "sha256")));
    }
    return ST_OK;
}

/* ---- the ledger's part ---- */

static enum status add_events(struct pack *pack)
{
    struct buf text = new_text(pack);
    const struct ledger_row_list *events = &pack->reading->events;
    for (size_t i = 0; i < events->len; i++) {
        const struct ledger_row *row = &events->at[i];
        buf_text(&text,
                 ledger_event_bytes(pack->ctx->arena, &row->event, row->payload, row->prev));
        buf_char(&text, '\n');
        buf_text(&text, row->hash);
        buf_char(&text, '\n');
    }
    return add_text(pack, "ledger/events.txt", &text);
}

static enum status add_checkpoint(struct pack *pack, const char *name, const struct value *doc)
{
    static const char *const members[] = {"hash",  "size",       "root",     "made_at_ms",
                                          "heads", "public_key", "signature"};
    static const char *const words[] = {"hash",  "size",       "root",     "made_at",
                                        "heads", "public_key", "signature"};
    struct buf text = new_text(pack);
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const struct value *value = value_find_c(doc, members[i]);
        buf_c(&text, words[i]);
        buf_char(&text, ' ');
        if (value->kind == VALUE_INT)
            buf_i64(&text, value->number);
        else
            buf_text(&text, value->text);
        buf_char(&text, '\n');
    }
    return add_text(pack, name, &text);
}

static enum status add_proofs(struct pack *pack, const struct value *proof)
{
    struct buf text = new_text(pack);
    value_each (item, value_find_c(proof, "items")) {
        int64_t sequence = value_find_c(item, "sequence")->number;
        if (sequence > (int64_t)pack->reading->events.len)
            break; /* came in after the case was read */
        buf_i64(&text, sequence);
        buf_char(&text, ' ');
        buf_i64(&text, value_find_c(item, "leaf")->number);
        value_each (step, value_find_c(item, "path")) {
            buf_char(&text, ' ');
            buf_text(&text, step->text);
        }
        buf_char(&text, '\n');
    }
    return add_text(pack, "ledger/proofs.txt", &text);
}

/* The first root that was ever signed, and how this one follows from it. */
static enum status add_earlier(struct pack *pack, struct db_conn *conn, int64_t size)
{
    struct checkpoint first;
    struct value *doc;
    struct buf text = new_text(pack);
    TRY(checkpoint_find_next(pack->ctx, conn, 0, &first));
    if (first.size >= size)
        return ST_OK;
    TRY(checkpoint_consistency_document(pack->ctx, pack->terms->home, conn, first.size, size,
                                        &doc));
    value_each (step, value_find_c(doc, "path")) {
        buf_text(&text, step->text);
        buf_char(&text, '\n');
    }
    TRY(add_checkpoint(pack, "ledger/earlier.txt", value_find_c(doc, "from")));
    return add_text(pack, "ledger/consistency.txt", &text);
}

static enum status add_ledger(struct pack *pack, struct db_conn *conn,
                              const struct value **out_checkpoint)
{
    struct value *proof;
    const struct case_ref ref = pack->terms->ref;
    TRY(checkpoint_case_document(pack->ctx, pack->terms->home, conn, ref.prefecture, ref.id, 0,
                                 &proof));
    const struct value *checkpoint = value_find_c(proof, "checkpoint");
    *out_checkpoint = checkpoint;
    TRY(add_events(pack));
    TRY(add_proofs(pack, proof));
    TRY(add_checkpoint(pack, "ledger/checkpoint.txt", checkpoint));
    return add_earlier(pack, conn, value_find_c(checkpoint, "size")->number);
}

/* ---- what people read ---- */

/* Papers are Chinese, whoever takes them out. */
static enum status add_pdf(struct pack *pack, struct db_conn *conn, const struct case_view *view,
                           const struct value *checkpoint)
{
    struct buf bytes = new_text(pack);
    struct case_view chinese = *view;
    chinese.reader.lang = LANG_ZH;
    chinese.conn = conn;
    TRY(case_pdf_write(pack->ctx, conn, pack->terms->home, &chinese, checkpoint, &bytes));
    return add_text(pack, CASE_PDF, &bytes);
}

static enum status add_json(struct pack *pack, const char *name, const struct value *document)
{
    struct buf text = new_text(pack);
    json_print(&text, document);
    buf_char(&text, '\n');
    return add_text(pack, name, &text);
}

static void put_word(struct pack *pack, struct buf *text, const char *key)
{
    html_text(text, reader_sentence(pack->ctx->arena, &pack->terms->reader, key, NO_ARGS));
}

static void put_cell(struct buf *text, struct str cell)
{
    buf_c(text, "<td>");
    html_text(text, cell);
    buf_c(text, "</td>");
}

static void put_event_rows(struct pack *pack, struct buf *text, const struct value *events)
{
    value_each (item, value_find_c(events, "items")) {
        const struct value *actor = value_find_c(item, "actor");
        buf_c(text, "<tr>");
        put_cell(text, str_printf(pack->ctx->arena, "%lld",
                                  (long long)value_find_c(item, "sequence")->number));
        put_cell(text, value_find_text(item, "recorded_at"));
        put_cell(text, actor == NULL ? S("") : value_find_text(actor, "name"));
        put_cell(text, value_find_text(item, "command"));
        put_cell(text, value_find_text(item, "clause"));
        put_cell(text, value_find_text(item, "hash"));
        buf_c(text, "</tr>\n");
    }
}

/* Files so far; the index itself and what is made after it stand in the manifest. */
static void put_file_rows(struct pack *pack, struct buf *text)
{
    for (size_t i = 0; i < pack->files.len; i++) {
        buf_c(text, "<li><a href=\"");
        html_attr(text, pack->files.at[i].name);
        buf_c(text, "\">");
        html_text(text, pack->files.at[i].name);
        buf_c(text, "</a></li>\n");
    }
}

static enum status add_index(struct pack *pack, const struct value *events)
{
    const struct casefile *casefile = pack->reading->casefile;
    struct buf text = new_text(pack);
    buf_c(&text, "<!doctype html><meta charset=\"utf-8\"><title>");
    html_text(&text, casefile->number);
    buf_c(&text, "</title>\n<h1>");
    put_word(pack, &text, "casefile.title");
    buf_char(&text, ' ');
    html_text(&text, casefile->number);
    buf_c(&text, "</h1>\n<ul>\n");
    put_file_rows(pack, &text);
    buf_c(&text, "</ul>\n<table border=\"1\">\n");
    put_event_rows(pack, &text, events);
    buf_c(&text, "</table>\n");
    return add_text(pack, "index.html", &text);
}

static enum status add_help(struct pack *pack, const char *name)
{
    struct buf text = new_text(pack);
    const struct furniture_item *item =
        furniture_find(pack->terms->home->furniture,
                       str_printf(pack->ctx->arena, "data/casefile/%s", name));
    must(item != NULL);
    buf_text(&text, item->bytes);
    return add_text(pack, name, &text);
}

/* ---- the whole ---- */

static enum status add_manifest(struct pack *pack)
{
    struct ctx *ctx = pack->ctx;
    struct buf text = new_text(pack), signature = new_text(pack);
    for (size_t i = 0; i < pack->files.len; i++)
        buf_printf(&text, "%.*s  %.*s\n",
                   STR_ARG(digest_format(ctx->arena, &pack->files.at[i].sha256)),
                   STR_ARG(pack->files.at[i].name));
    must(buf_status(&text) == ST_OK);
    TRY(write_file(pack, S("MANIFEST.sha256"), buf_str(&text)));
    struct digest sum = crypto_digest(CRYPTO_SHA256, buf_str(&text));
    struct sign_public key;
    struct signature made;
    TRY(checkpoint_sign_text(ctx, pack->terms->home,
                             str_printf(ctx->arena, "lantian-casefile-1\n%.*s\n",
                                        STR_ARG(digest_format(ctx->arena, &sum))),
                             &key, &made));
    buf_printf(&signature, "lantian-casefile-1\npublic_key %.*s\nsignature %.*s\n",
               STR_ARG(hex_format(ctx->arena, key.bytes, sizeof key.bytes)),
               STR_ARG(hex_format(ctx->arena, made.bytes, sizeof made.bytes)));
    return write_file(pack, S("SIGNATURE"), buf_str(&signature));
}

static enum status fill_folder(struct pack *pack, struct db_conn *conn)
{
    const struct case_view view = {.reader = pack->terms->reader,
                                   .world = pack->terms->world,
                                   .engine = &pack->reading->engine,
                                   .casefile = pack->reading->casefile,
                                   .events = &pack->reading->events};
    const struct value *events = case_events_document(pack->ctx, &view), *checkpoint;
    TRY(make_folder(pack, "evidence"));
    TRY(make_folder(pack, "ledger"));
    TRY(add_json(pack, "content.json", case_paper_document(pack->ctx, &view)));
    TRY(add_json(pack, "events.json", events));
    TRY(add_all_evidence(pack));
    TRY(add_all_papers(pack, conn));
    TRY(add_ledger(pack, conn, &checkpoint));
    TRY(add_pdf(pack, conn, &view, checkpoint));
    TRY(add_help(pack, "VERIFY-zh.txt"));
    TRY(add_help(pack, "VERIFY-en.txt"));
    TRY(add_index(pack, events));
    return add_manifest(pack);
}

static enum status pack_zip(struct pack *pack, const char *path)
{
    struct archive_writer *archive AUTO(archive_write_cleanup) = NULL;
    TRY(archive_write_open(pack->ctx, path, &archive));
    for (size_t i = 0; i < pack->files.len; i++)
        TRY(archive_write_file(pack->ctx, archive, pack->files.at[i].name,
                               path_of(pack, pack->files.at[i].name)));
    TRY(archive_write_file(pack->ctx, archive, S("MANIFEST.sha256"),
                           path_of(pack, S("MANIFEST.sha256"))));
    TRY(archive_write_file(pack->ctx, archive, S("SIGNATURE"), path_of(pack, S("SIGNATURE"))));
    return archive_write_close(pack->ctx, &archive);
}

/* Of a folder that was packed, or that could not be finished. */
static void remove_folder(struct pack *pack)
{
    for (size_t i = 0; i < pack->files.len; i++)
        (void)unlink(path_of(pack, pack->files.at[i].name));
    (void)unlink(path_of(pack, S("MANIFEST.sha256")));
    (void)unlink(path_of(pack, S("SIGNATURE")));
    (void)rmdir(path_of(pack, S("documents")));
    (void)rmdir(path_of(pack, S("evidence")));
    (void)rmdir(path_of(pack, S("ledger")));
    (void)rmdir(str_c(pack->ctx->arena, pack->dir));
}

struct taking {
    int64_t campaign;
    const struct case_export *terms;
};

static enum status note_taking(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct taking *taking = arg;
    struct value *details = value_map(ctx->arena);
    value_put_text(ctx->arena, details, "case",
                   casefile_ref_format(ctx->arena, taking->terms->ref.prefecture,
                                       taking->terms->ref.id));
    return record_note(ctx, ledger, taking->campaign, taking->terms->by, S("export_case"),
                       S("case_file"), details);
}

enum status case_export_write(struct ctx *ctx, struct db_conn *conn,
                              const struct case_export *terms, const char *path,
                              int64_t *out_files)
{
    struct case_reading reading;
    struct checkpoint last;
    int64_t made;
    TRY(casework_read(ctx, conn, terms->world, terms->ref, terms->actor, &reading));
    const struct world_campaign *campaign =
        world_find_campaign(terms->world, reading.casefile->campaign);
    must(campaign != NULL);
    struct taking taking = {campaign->id, terms};
    struct pack pack = {.ctx = ctx, .terms = terms, .reading = &reading};
    bool is_file = terms->form != CASE_EXPORT_FOLDER;
    pack.dir = is_file ? str_printf(ctx->arena, "%s.d", path) : str_of(path);
    TRY(make_folder(&pack, ""));
    enum status status = home_write(ctx, terms->home, note_taking, &taking);
    if (status == ST_OK)
        status = checkpoint_sign(ctx, terms->home, &made, &last);
    if (status == ST_OK)
        status = fill_folder(&pack, conn);
    if (status == ST_OK && terms->form == CASE_EXPORT_ZIP)
        status = pack_zip(&pack, path);
    if (status == ST_OK && terms->form == CASE_EXPORT_PDF && rename(path_of(&pack, S(CASE_PDF)), path) != 0)
        status = fail_io(ctx, path);
    if (status != ST_OK || is_file)
        remove_folder(&pack);
    *out_files = terms->form == CASE_EXPORT_PDF ? 1 : (int64_t)pack.files.len + 2;
    return status;
}
