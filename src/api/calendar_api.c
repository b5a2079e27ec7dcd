#include "api/calendar_api.h"

#include "api/office.h"
#include "services/due_calendar.h"

static enum status show_calendar(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return due_calendar_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                                 office_query(call), &call->document);
}

static enum status send_file(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    struct str file;
    TRY(office_world(call, &world));
    TRY(due_calendar_ics(call->ctx, office_conn(call), world, &reader, office_actor(call),
                         office_query(call), &file));
    http_reply_text(call->http, 200, "text/calendar; charset=utf-8", file);
    http_reply_header(call->http, "Content-Disposition",
                      S("attachment; filename=\"calendar.ics\""));
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "calendar", .method = HTTP_GET, .path = "/calendar", .handler = show_calendar,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "calendar",
     .query = DUE_CALENDAR_QUERY},
    {.name = "calendar_file", .method = HTTP_GET, .path = "/calendar.ics", .handler = send_file,
     .access = API_SIGNED_IN, .flags = API_RAW | HTTP_ROUTE_SLOW, .query = DUE_CALENDAR_QUERY},
};

const struct api_table calendar_api = {routes, COUNT_OF(routes)};
