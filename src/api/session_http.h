#pragma once
/*
 * How a session travels: a cookie for browsers, a Bearer token for programs. What rides on a
 * cookie is sent by the browser whoever asks it to, so writes by cookie prove that they come from
 * our own page: by the session's csrf text, in the field `csrf` or the header X-CSRF-Token.
 * Bearer needs neither.
 */
#include "api/call.h"

#define SESSION_COOKIE "lantian"

/*
 * Finds who asks and fills call->{token,by_cookie,session}; nobody is no failure here.
 *
 * Errors: ST_UNAUTHENTICATED session.over: a Bearer token that is none (any more)
 */
MUST_USE enum status session_http_read(struct api_call *call);

/*
 * Errors: ST_UNAUTHENTICATED session.needed: the route is not public and nobody is signed in
 */
MUST_USE enum status session_http_require(struct api_call *call);

/*
 *   sent   the form's field `csrf`, or absent
 *
 * Errors: ST_DENIED session.csrf: a write by cookie without the right csrf text
 *         ST_DENIED session.foreign: a write that another site made the browser send, also where
 *                   nobody is signed in yet
 */
MUST_USE enum status session_http_check_write(struct api_call *call, struct str sent);

/* Lays down the cookie of a new session, or removes it (an absent token). */
void session_http_set_cookie(struct api_call *call, struct str token, bool secure);
