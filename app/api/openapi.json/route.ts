import { openApi } from "@/lib/api/openapi";
import { route } from "@/server/http";

/** Made once: it says what the program takes. */
let description: ReturnType<typeof openApi> | undefined;

export const GET = route(
  async ({ pipeline }) => {
    description ??= openApi(pipeline);
    return description;
  },
  { needs: "nobody" },
);
