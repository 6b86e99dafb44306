import { requestsOf } from "@/lib/api/schemas";
import { tableOf } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { eachDate } from "@/lib/util/dates";
import { recompute } from "@/server/checks/recompute";
import { queryOf, route } from "@/server/http";

/** Dates of one request: a model is run over all of them. */
const MAX_DATES = 31;

/** What the model of ?table= gives beside the rows of ?date=, or of ?start= to ?end=. */
export const GET = route(
  async (context, request) => {
    const { table, date = "", start = date, end = date } = queryOf(request, requestsOf(context.pipeline).diffQuery);
    const dates = eachDate(start, end);
    if (dates.length > MAX_DATES)
      throw new FullcourtError(
        "range_too_long",
        `${dates.length} dates are more than one request recomputes.`,
        `Ask for ${MAX_DATES} at most, or use \`fullcourt diff\`.`,
      );
    return recompute(context, tableOf(context.pipeline, table), dates);
  },
  // It costs what building the dates costs, but for writing.
  { needs: "operator" },
);
