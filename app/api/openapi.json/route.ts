import { openApi } from "@/lib/openapi";

/** The API's description. */
export const GET = () => Response.json(openApi());
