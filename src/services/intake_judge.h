#pragma once
/*
 * Does a cell look like it belongs under a field? The judgement that mends shifted rows, tells
 * columns without a name, and lets 备注 count as completion where it says so.
 */
#include "services/intake_dict.h"

/* 1 it fits, -1 it cannot be, 0 it tells nothing (empty, or any text will do). */
int intake_judge(struct arena *arena, const struct intake_dict *dict, enum intake_field field,
                 struct str text);

/* The name of a place alone: 某某市, 某某市某某区, 市本级, 某某镇. */
bool intake_is_place(struct str squeezed);

/* Parts of a cell that lists words: by 、 , ， ; ； / and line breaks; a trailing 等 dropped. Gives the
   next part, trimmed. */
bool intake_next_word(struct arena *arena, struct str *list, struct str *word);

/* Nothing stands here: empty, or / — － 无 alone. 无 counts only with `none_too`. */
bool intake_is_blank(struct str text, bool none_too);

/* Marks of yes for key_case: * ★ 是 √ 重点 重点关注 …; no: 否 ×. 0: neither. */
int intake_yes_no(struct arena *arena, struct str text);
