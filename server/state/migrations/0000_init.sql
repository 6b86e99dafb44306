CREATE TABLE "logs" (
	"id" serial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"level" text NOT NULL,
	"message" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"request" jsonb NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"status" text NOT NULL,
	"origin" text NOT NULL,
	"sample" boolean DEFAULT false NOT NULL,
	"tables" jsonb NOT NULL,
	"start_date" text NOT NULL,
	"end_date" text NOT NULL,
	"cells" integer NOT NULL,
	"options" jsonb NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"rows" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"problems" jsonb
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" serial PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"seq" integer NOT NULL,
	"table_name" text NOT NULL,
	"start_date" text NOT NULL,
	"end_date" text NOT NULL,
	"dates" jsonb NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"skipped" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"rows" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"seconds" double precision,
	"compute_seconds" double precision,
	"write_seconds" double precision,
	"error" text
);
--> statement-breakpoint
CREATE INDEX "logs_run" ON "logs" USING btree ("run_id","id");--> statement-breakpoint
CREATE INDEX "runs_started" ON "runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "tasks_run" ON "tasks" USING btree ("run_id","seq");--> statement-breakpoint
CREATE INDEX "tasks_table" ON "tasks" USING btree ("table_name","ended_at");