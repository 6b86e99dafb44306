import { defineConfig } from "@/lib/define-config";
import { NBA } from "@/lib/processors/nba";

/** The tables of this installation. A table of your own is a file as those of lib/processors, named here. */
export default defineConfig({ processors: NBA });
