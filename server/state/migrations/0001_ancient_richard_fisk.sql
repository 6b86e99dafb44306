CREATE TABLE "acceptances" (
	"id" text PRIMARY KEY NOT NULL,
	"table_name" text NOT NULL,
	"cells" jsonb NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"expires" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "estimate_seconds" double precision;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "changes" jsonb;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "check_seconds" double precision;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "read_seconds" double precision;