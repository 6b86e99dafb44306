import { LocalBigQuery } from "./server";

/** Serves a warehouse file as BigQuery would: `tsx tests/support/bigquery/main.ts FILE PORT`. */
async function main([file, port]: string[]): Promise<void> {
  if (!file) throw new Error("Name the warehouse file.");
  const local = await LocalBigQuery.start(file, Number(port ?? 0));
  process.stdout.write(`${local.url}\n`);
  process.once("SIGTERM", () => void local.stop().then(() => process.exit(0)));
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
