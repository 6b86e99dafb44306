import { useQuery } from "@tanstack/react-query";
import type { Overview } from "@/lib/api/coverage";
import { getJson } from "../data/get-json";

/** The state of each known date of each table; what the coverage page has asked for already is not asked again. */
export const useOverview = () =>
  useQuery({ queryKey: ["coverage", "overview"], queryFn: () => getJson<Overview>("/api/overview") });

/** One table's letters; empty where nothing is known of it. */
export const lettersOf = (overview: Overview, table: string): string =>
  overview.states[overview.tables.indexOf(table)] ?? "";
