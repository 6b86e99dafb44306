import { route } from "@/server/http";
import { checkUpload } from "@/server/import/upload";

/** Takes raw files (form field "files") and says what loading them would do; nothing is loaded yet. */
export const POST = route(
  async (context, request) => {
    const form = await request.formData();
    return checkUpload(
      context,
      form.getAll("files").filter((one): one is File => one instanceof File && one.size > 0),
    );
  },
  { takesForms: true },
);
