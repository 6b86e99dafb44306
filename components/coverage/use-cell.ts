import { useQuery } from "@tanstack/react-query";
import { getJson } from "../data/get-json";

const STOP_MS = 90;

/** What the API knows of a cell, of a table or a source. Who holds an arrow key down passes by many: only where they stop is asked for. */
export function useCell<T>(route: "cell" | "source", { table, date }: { table: string; date: string }) {
  return useQuery({
    queryKey: ["cell", route, table, date],
    queryFn: async ({ signal }) => {
      await new Promise((resolve) => setTimeout(resolve, STOP_MS));
      signal.throwIfAborted();
      return getJson<T>(`/api/${route}?table=${table}&date=${date}`);
    },
  });
}
