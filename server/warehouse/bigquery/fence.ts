import type { Processor } from "@/lib/engine/pipeline/compiled";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import type { Params } from "../types";
import { isDuplicate } from "./errors";
import type { Jobs } from "./jobs";

const nameOf = ({ name }: Processor): string => `fullcourt_fence_${name}`;
const fenceOf = (table: Processor): string => qualifiedName({ dataset: table.dataset, name: nameOf(table) });

/**
 * Who may write a table's dates, in the warehouse itself. A script that has been sent commits minutes later, when the
 * state may have given the right to another: so the script asks here, in its own transaction. One fence a table: it is
 * written with the table, and BigQuery lets one transaction at a time write a table.
 */
export class Fence {
  private readonly made = new Map<string, Promise<void>>();

  constructor(private readonly jobs: Jobs) {}

  /**
   * Gives the dates to a holder, even if another one had them. Statements outside of a transaction wait for one that writes the
   * same table: what has not committed before this returns will not commit for another holder.
   */
  async claim(table: Processor, dates: readonly string[], holder: string): Promise<void> {
    await this.make(table);
    const fence = fenceOf(table);
    const script = `UPDATE ${fence} SET holder = @holder, written_at = CURRENT_TIMESTAMP() WHERE day IN UNNEST(@dates);
INSERT INTO ${fence} (day, holder, written_at) SELECT d, @holder, CURRENT_TIMESTAMP() FROM UNNEST(@dates) AS d WHERE d NOT IN (SELECT day FROM ${fence});`;
    const params: Params = {
      dates: { type: "ARRAY<DATE>", value: [...dates].sort() },
      holder: { type: "STRING", value: holder },
    };
    await this.jobs.change(script, params);
  }

  /** The table is made when it is first needed: others than the writers of a table have no use for it. */
  private make(table: Processor): Promise<void> {
    const key = fenceOf(table);
    const made =
      this.made.get(key) ??
      this.create(table).catch((error) => {
        this.made.delete(key);
        throw error;
      });
    this.made.set(key, made);
    return made;
  }

  private async create(table: Processor): Promise<void> {
    const fence = this.jobs.dataset(table.dataset).table(nameOf(table));
    const [exists] = await fence.exists();
    const fields = [
      { name: "day", type: "DATE" },
      { name: "holder", type: "STRING" },
      { name: "written_at", type: "TIMESTAMP" },
    ];
    if (!exists)
      await fence.create({ schema: { fields } }).catch((error) => {
        if (!isDuplicate(error)) throw error;
      });
  }
}

/**
 * Statements of a transaction that fail it unless all @dates are @holder's. The first writes the fence, so that a claim
 * and this transaction cannot both go through; a transaction takes no ASSERT.
 */
export const heldSql = (table: Processor): string =>
  `UPDATE ${fenceOf(table)} SET written_at = CURRENT_TIMESTAMP() WHERE day IN UNNEST(@dates) AND holder = @holder;
SELECT IF(
  COUNT(DISTINCT IF(holder = @holder, day, NULL)) = (SELECT COUNT(*) FROM UNNEST(@dates) AS d) AND COUNTIF(holder != @holder) = 0,
  0, ERROR('lost_lease: ${qualifiedName(table)}: the right to write its dates was lost to another run. Nothing was written.')
) AS held FROM ${fenceOf(table)} WHERE day IN UNNEST(@dates);
`;
