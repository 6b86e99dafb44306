import { route } from "@/server/http";
import { checkUpload } from "@/server/import/upload";

/** Takes raw files (form field "files") and says what loading them would do; nothing is loaded yet. */
export const POST = route(checkUpload, { takesForms: true });
