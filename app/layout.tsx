import type { Metadata } from "next";
import { Header } from "@/components/layout/header";
import { Providers } from "@/components/layout/providers";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Fullcourt", template: "%s · Fullcourt" },
  description: "Whether the pipeline's data is really there and right, and what puts it right.",
};

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body className="min-h-dvh font-sans antialiased">
        <Providers>
          <Header />
          {children}
        </Providers>
      </body>
    </html>
  );
}
