/** The process answers. It asks nothing of warehouse, state or disk, and anybody may ask. */
export const GET = (): Response =>
  Response.json(
    { live: true, uptimeSeconds: Math.round(process.uptime()) },
    { headers: { "cache-control": "no-store" } },
  );

export const dynamic = "force-dynamic";
