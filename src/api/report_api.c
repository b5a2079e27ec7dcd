/*
 * A report is compiled when it is opened; nothing of it is kept.
 */
#include "api/report_api.h"

#include "api/office.h"
#include "services/report.h"

static enum status list_reports(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return report_list(call->ctx, world, &reader, &call->document);
}

static enum status read_report(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return report_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                           http_capture(call->http, "campaign"), http_capture(call->http, "id"),
                           api_query(call, "period"), &call->document);
}

static const struct api_route routes[] = {
    {.name = "report_list", .method = HTTP_GET, .path = "/reports", .handler = list_reports,
     .access = API_SIGNED_IN, .page = "reports"},
    {.name = "report_read", .method = HTTP_GET, .path = "/reports/{campaign}/{id}",
     .handler = read_report, .access = API_SIGNED_IN, .page = "report", .query = "period"},
};

const struct api_table report_api = {routes, COUNT_OF(routes)};
