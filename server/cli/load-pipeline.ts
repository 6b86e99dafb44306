/** Makes the pipeline's tables known, before anything is imported that reads them. */
export async function loadPipeline(): Promise<void> {
  await import("@/lib/processors");
}
