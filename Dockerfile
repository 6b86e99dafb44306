# Everything is built in the first stage; the others hold what runs, as a user without rights.
# The base image; by digest where what is built must be the same again: --build-arg NODE_IMAGE=node:22-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:22-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --workspaces=false --no-audit --no-fund --loglevel=error
COPY . .
ENV NEXT_TELEMETRY_DISABLED=1
RUN npm run build
RUN npm prune --omit=dev --workspaces=false --no-audit --no-fund --loglevel=error
# What is in the image: its packages, and those that are bundled into dist/.
RUN npm run --silent sbom > sbom.json

FROM ${NODE_IMAGE} AS run
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1
ENV FULLCOURT_HOME=/app/home HOST=0.0.0.0 PORT=8080
COPY --from=build /app/package.json /app/sbom.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/server/cli/bin.js ./server/cli/bin.js
# A folder of the embedded warehouse and state; a volume goes here where they are used.
RUN mkdir -m 0777 home
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/cli/bin.js", "serve"]

# With Python, for jobs in Python and for dbt: docker build --target python, --build-arg PIP="dbt-core==1.10.* dbt-bigquery==1.10.*".
FROM run AS python
USER root
ARG PIP=""
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 python3-venv \
  && rm -rf /var/lib/apt/lists/* \
  && python3 -m venv /opt/jobs \
  && if [ -n "$PIP" ]; then /opt/jobs/bin/pip install --no-cache-dir $PIP; fi
ENV PATH=/opt/jobs/bin:$PATH
USER node

# Node alone: tables with models, HTTP jobs. What is built where no target is named.
FROM run AS small
