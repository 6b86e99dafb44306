import { readFileSync } from "node:fs";
import { wholeChain } from "@/lib/engine/planning/whole-chain";
import { readConfig } from "@/server/config";
import { leftBehind, openContext } from "@/server/context";
import { DEFAULT_OPTIONS, launch, resume } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { NBA, PROCESSORS, qualifiedName } from "@/tests/support/tables";

/**
 * Rebuilds a range of an installation again and again until it is killed, going on with what its
 * predecessor left; meanwhile a second client reads, and says "torn" of a partition that holds
 * another number of rows than one of those that it may: `tsx tests/support/endless-backfill.ts START END FILE`.
 */
async function main([start = "", end = "", file = ""]: string[]): Promise<void> {
  const allowed = new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, number[]>));
  const context = await openContext(readConfig(), NBA, "the endless backfill");
  const read = async (): Promise<void> => {
    for (const table of PROCESSORS) {
      const rows = await context.warehouse.query(
        `SELECT ${table.dateColumn} AS d, COUNT(*) AS n FROM ${qualifiedName(table)}
         WHERE ${table.dateColumn} BETWEEN @start_date AND @end_date GROUP BY ${table.dateColumn}`,
        { start_date: { type: "DATE", value: start }, end_date: { type: "DATE", value: end } },
      );
      const found = new Map(rows.map((row) => [`${table.id} ${row.d}`, row.n as number]));
      for (const [key, counts] of allowed)
        if (key.startsWith(`${table.id} `) && !counts.includes(found.get(key) ?? 0))
          process.stdout.write(`torn: ${key} holds ${found.get(key) ?? 0} rows\n`);
    }
    setTimeout(read, 5);
  };
  void read();
  for (const id of await leftBehind(context)) {
    process.stdout.write("working\n");
    await (await resume(context, id)).done;
  }
  for (;;) {
    const plan = await previewPlan(context, { ...wholeChain({ start, end }, NBA), only: "all" });
    process.stdout.write("working\n");
    const run = await (await launch(context, plan.planId, DEFAULT_OPTIONS, "test")).done;
    if (run.status !== "succeeded") process.stdout.write(`torn: run ${run.id} ${run.status}: ${run.error}\n`);
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
