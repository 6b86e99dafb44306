import { setConfig } from "@/lib/engine/pipeline/loaded";
import { NBA } from "@/lib/pipelines/nba";

setConfig({ processors: NBA });
