import { PageShell, TextLink } from "@/components/ui/parts";

export default function NotFound() {
  return (
    <PageShell title="There is nothing here">
      <p>
        <TextLink href="/">To the coverage</TextLink>
      </p>
    </PageShell>
  );
}
