CREATE TABLE "memories" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "bytes" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "bytes" bigint;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "slot_seconds" double precision;