import { setConfig } from "@/lib/engine/pipeline/loaded";
import { nba } from "@/lib/pipelines/nba";

setConfig({ pipeline: nba });
