import type { TaskView } from "../../api/runs";

type Timed = Pick<TaskView, "id" | "table" | "seconds">;
type Done = Timed & Pick<TaskView, "dates" | "rows">;

/**
 * The longest way through a run's tasks along what their tables read: what must be faster
 * for the run to be, had it lanes enough. `upstreamOf` gives what a table reads. Ids of the tasks on it, in order.
 */
export function criticalPath(tasks: readonly Timed[], upstreamOf: (table: string) => readonly string[]): number[] {
  const best = new Map<number, { seconds: number; way: number[] }>();
  let longest: { seconds: number; way: number[] } = { seconds: 0, way: [] };
  for (const task of tasks) {
    const upstream = new Set(upstreamOf(task.table));
    let before = { seconds: 0, way: [] as number[] };
    for (const other of tasks) {
      const found = upstream.has(other.table) ? best.get(other.id) : undefined;
      if (found && found.seconds > before.seconds) before = found;
    }
    const own = { seconds: before.seconds + (task.seconds ?? 0), way: [...before.way, task.id] };
    best.set(task.id, own);
    if (own.seconds > longest.seconds) longest = own;
  }
  return longest.way;
}

/**
 * Two runs side by side, table by table in the order of the first: what each took, null where it had none of the
 * table, and as `ratio` the seconds a date of b by those of a.
 */
export function compareRuns(a: readonly Done[], b: readonly Done[]) {
  const sum = (tasks: readonly Done[], table: string) => {
    const own = tasks.filter((task) => task.table === table && task.seconds !== null);
    if (own.length === 0) return null;
    return {
      seconds: own.reduce((total, task) => total + (task.seconds ?? 0), 0),
      dates: own.reduce((total, task) => total + task.dates.length, 0),
      rows: own.reduce((total, task) => total + task.rows, 0),
    };
  };
  return [...new Set([...a, ...b].map((task) => task.table))].map((table) => {
    const [one, two] = [sum(a, table), sum(b, table)];
    const ratio = one && two && one.seconds > 0 ? two.seconds / two.dates / (one.seconds / one.dates) : null;
    return { table, a: one, b: two, ratio };
  });
}
