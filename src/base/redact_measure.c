/* A line is read into the bare text and the people's marks; then both lists of marks are laid over each other. */
#include "base/redact_measure.h"

#include "base/buf.h"
#include "base/vec.h"

static bool read_line(struct arena *arena, struct str line, struct str *out_text,
                      struct redact_marks *out)
{
    struct buf buf;
    buf_init(&buf, arena, line.len + 1);
    *out = (struct redact_marks){0};
    for (;;) {
        size_t open = str_find(line, S("[["));
        if (open == SIZE_MAX)
            break;
        struct str rest = str_from(line, open + 2), kind;
        size_t close = str_find(rest, S("]]"));
        struct str inside = str_part(rest, 0, close);
        struct redact_mark *mark = vec_push(arena, out);
        if (close == SIZE_MAX || !str_next(&inside, ':', &kind) ||
            !redact_kind_parse(kind, &mark->kind))
            return false;
        buf_text(&buf, str_part(line, 0, open));
        mark->from = buf.len;
        mark->len = inside.len;
        buf_text(&buf, inside);
        line = str_from(rest, close + 2);
    }
    buf_text(&buf, line);
    *out_text = buf_str(&buf);
    return true;
}

static bool covers(const struct redact_marks *found, const struct redact_mark *mark)
{
    for (size_t i = 0; i < found->len; i++)
        if (found->at[i].from <= mark->from &&
            found->at[i].from + found->at[i].len >= mark->from + mark->len)
            return true;
    return false;
}

static bool touches(const struct redact_marks *marks, const struct redact_mark *mark)
{
    for (size_t i = 0; i < marks->len; i++)
        if (marks->at[i].from < mark->from + mark->len &&
            mark->from < marks->at[i].from + marks->at[i].len)
            return true;
    return false;
}

bool redact_measure_line(struct arena *arena, struct str line, struct redact_measure *io)
{
    struct redact_marks marked, found;
    struct str text;
    line = str_trim(line);
    if (str_is_empty(line) || line.at[0] == '#')
        return true;
    if (!read_line(arena, line, &text, &marked))
        return false;
    redact_find(arena, text, &found);
    io->lines++;
    for (size_t i = 0; i < marked.len; i++) {
        bool hidden = covers(&found, &marked.at[i]);
        io->kinds[marked.at[i].kind].marked++;
        io->kinds[marked.at[i].kind].hidden += hidden;
        io->all.marked++;
        io->all.hidden += hidden;
    }
    for (size_t i = 0; i < found.len; i++) {
        bool right = touches(&marked, &found.at[i]);
        io->kinds[found.at[i].kind].found++;
        io->kinds[found.at[i].kind].right += right;
        io->all.found++;
        io->all.right += right;
    }
    return true;
}

int redact_recall(const struct redact_tally *tally)
{
    return tally->marked == 0 ? 1000 : tally->hidden * 1000 / tally->marked;
}

int redact_precision(const struct redact_tally *tally)
{
    return tally->found == 0 ? 1000 : tally->right * 1000 / tally->found;
}
