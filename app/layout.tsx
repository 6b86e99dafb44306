import path from "node:path";
import type { Metadata } from "next";
import localFont from "next/font/local";
import { headers } from "next/headers";
import { Header, Navigation } from "@/components/layout/header";
import { Providers } from "@/components/layout/providers";
import { THEME_SCRIPT } from "@/components/ui/theme";
import { makeManifest } from "@/lib/engine/pipeline/manifest";
import { serverContext } from "@/server/context";
import { databaseOf, describeAddress } from "@/server/warehouse/address";
import { currentActor } from "./session";
import "./globals.css";

const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  variable: "--font-inter",
  weight: "100 900",
});
const jetbrains = localFont({
  src: "../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  variable: "--font-jetbrains",
  weight: "100 800",
  adjustFontFallback: false,
});

export async function generateMetadata(): Promise<Metadata> {
  const { config } = await serverContext();
  return {
    title: { default: "Fullcourt", template: "%s · Fullcourt" },
    description: "See which dates are incomplete, find out why, and backfill exactly those.",
    manifest: "/manifest.webmanifest",
    robots: { index: false, follow: false },
    icons: {
      icon: [
        { url: "/icon.svg", type: "image/svg+xml" },
        { url: "/favicon.ico", sizes: "32x32" },
      ],
      apple: "/apple-touch-icon.png",
    },
    // A picture needs a whole address, which only a public installation has.
    ...(config.publicUrl && {
      metadataBase: new URL(config.publicUrl),
      openGraph: { siteName: "Fullcourt", images: [{ url: "/social.png", width: 1200, height: 630 }] },
    }),
  };
}

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const actor = await currentActor();
  const { config, pipeline } = await serverContext();
  // React leaves the nonce out of the browser's tree, and the proxy's policy is the one that counts.
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get("content-security-policy") ?? "")?.[1];
  return (
    <html lang="en" className={`${inter.variable} ${jetbrains.variable}`} suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this repository */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body className="min-h-dvh font-sans antialiased" data-signed-in={actor ? true : undefined}>
        <Providers
          value={{
            names: actor && {
              pipeline: pipeline.definition.id,
              warehouse:
                config.warehouse.kind === "bigquery"
                  ? (config.bigqueryProject ?? "BigQuery")
                  : config.warehouse.kind === "postgres"
                    ? databaseOf(config.warehouse.url)
                    : path.basename(describeAddress(config)),
            },
            viewer: actor && { name: actor.name, role: actor.role, signsIn: config.auth !== null },
            fixedToday: config.today ?? null,
            pipeline: actor
              ? makeManifest(pipeline)
              : { layers: [], unit: { one: "", many: "", none: "" }, tables: [], sources: [] },
          }}
        >
          <Header />
          <Navigation />
          {children}
        </Providers>
      </body>
    </html>
  );
}
