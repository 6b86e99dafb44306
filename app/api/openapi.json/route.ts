import { openApi } from "@/lib/openapi";
import { route } from "@/server/http";

export const GET = route(async () => openApi(), { needs: "nobody" });
