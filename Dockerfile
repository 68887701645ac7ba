# The service on workerd, without Cloudflare. docs/containers.md explains it.
FROM node:24.21.0-bookworm-slim

# The slim image has no CA certificates, without which workerd does not start. Node has those of Mozilla.
RUN mkdir -p /etc/ssl/certs \
  && node -p 'require("node:tls").rootCertificates.join("\n")' > /etc/ssl/certs/ca-certificates.crt

WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm exec -- node scripts/container/bundle.ts && npm cache clean --force \
  && mkdir /data && chown node:node /data

ENV DATA_FOLDER=/data NODE_ENV=production WRANGLER_WRITE_LOGS=false
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "scripts/container/health.ts"]
CMD ["node", "scripts/container.ts"]
