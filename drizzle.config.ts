import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: ["./server/state/schema.ts", "./server/state/access-schema.ts"],
  out: "./server/state/migrations",
});
