CREATE TABLE "launches" (
	"key" text PRIMARY KEY NOT NULL,
	"plan_id" text NOT NULL,
	"run_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
