import { openApi } from "@/lib/openapi";

export const GET = () => Response.json(openApi());
