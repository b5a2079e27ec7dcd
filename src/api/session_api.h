#pragma once
/*
 * Coming in and going out: sessions, who I am, my password. And the doors through which the plumbing
 * (api/call.h) asks who holds a session and which replies were kept.
 */
#include "api/serve.h"

extern const struct api_table session_api;

/* For struct api_doors; their `user` is a struct office. */
enum status session_door_find(struct api_call *call, struct str token, struct api_session *out);
enum status session_door_find_kept(struct api_call *call, struct str key, struct api_kept *out);
void session_door_keep(struct api_call *call, const struct api_kept *kept);
