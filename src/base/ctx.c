/*
 * Failures travel here: status by return, the story in the context, the first one wins.
 */
#include "base/ctx.h"

#include "base/value.h"

struct arg arg_text(const char *name, struct str text)
{
    return (struct arg){.name = name, .kind = ARG_TEXT, .text = text};
}

struct arg arg_c(const char *name, const char *text)
{
    return arg_text(name, str_of(text));
}

struct arg arg_int(const char *name, int64_t number)
{
    return (struct arg){.name = name, .kind = ARG_INT, .number = number};
}

struct arg arg_words(const char *name, struct words words)
{
    return (struct arg){.name = name, .kind = ARG_WORDS, .words = words};
}

struct arg arg_key(const char *name, struct str key)
{
    return (struct arg){.name = name, .kind = ARG_KEY, .text = key};
}

struct arg arg_day(const char *name, struct day day)
{
    return (struct arg){.name = name, .kind = ARG_DAY, .number = day.v};
}

struct arg arg_instant(const char *name, struct instant at)
{
    return (struct arg){.name = name, .kind = ARG_INSTANT, .number = at.ms};
}

struct arg arg_bytes(const char *name, int64_t bytes)
{
    return (struct arg){.name = name, .kind = ARG_BYTES, .number = bytes};
}

struct reason reason_make(const char *key, struct args args)
{
    struct reason reason = {.key = key};
    must(args.count <= REASON_ARG_MAX);
    for (size_t i = 0; i < args.count; i++)
        reason.args[i] = args.at[i];
    reason.arg_count = args.count;
    return reason;
}

enum status fail_at(struct ctx *ctx, enum status status, const char *key, struct args args,
                    const char *file, int line)
{
    return fail_with(ctx, status, reason_make(key, args), file, line);
}

enum status fail_with(struct ctx *ctx, enum status status, struct reason reason, const char *file,
                      int line)
{
    must(status != ST_OK);
    if (ctx->failure.status != ST_OK)
        return status;
    /* Texts are copied: the failure may outlive the buffers it speaks of. */
    for (size_t i = 0; i < reason.arg_count; i++)
        reason.args[i].text = str_copy(ctx->arena, reason.args[i].text);
    reason.field = str_copy(ctx->arena, reason.field);
    reason.clause = str_copy(ctx->arena, reason.clause);
    reason.rule = str_copy(ctx->arena, reason.rule);
    reason.instead = str_copy(ctx->arena, reason.instead);
    ctx->failure =
        (struct failure){.status = status, .reason = reason, .file = file, .line = line};
    return status;
}

void fail_note(struct ctx *ctx, struct str where)
{
    if (ctx->failure.note_count < FAILURE_NOTE_MAX)
        ctx->failure.notes[ctx->failure.note_count++] = str_copy(ctx->arena, where);
}

void fail_clear(struct ctx *ctx)
{
    ctx->failure = (struct failure){0};
}

void fail_keep(struct ctx *ctx)
{
    struct reason *reason = &ctx->failure.reason;
    for (size_t i = 0; i < reason->arg_count; i++) {
        struct arg *arg = &reason->args[i];
        arg->name = str_c(ctx->arena, str_of(arg->name));
        arg->text = str_copy(ctx->arena, arg->text);
        arg->words.zh = str_copy(ctx->arena, arg->words.zh);
        arg->words.en = str_copy(ctx->arena, arg->words.en);
    }
    reason->field = str_copy(ctx->arena, reason->field);
    reason->clause = str_copy(ctx->arena, reason->clause);
    reason->rule = str_copy(ctx->arena, reason->rule);
    reason->instead = str_copy(ctx->arena, reason->instead);
    if (ctx->failure.attempt != NULL)
        ctx->failure.attempt = value_copy(ctx->arena, ctx->failure.attempt);
}
