import { setConfig } from "@/lib/processors/loaded";
import { NBA } from "@/lib/processors/nba";

setConfig({ processors: NBA });
