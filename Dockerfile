# The image that the CI components of templates/ run in, and that a worker of the fleet can run in.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
# No script of a package runs; what a build takes comes without.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node build.ts

FROM node:24.21.0-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/agentsmd
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY --from=build /src/dist dist
RUN ln -s /opt/agentsmd/dist/cli/bin.js /usr/local/bin/agentsmd

# By its number: Kubernetes cannot tell by a name that it is not root.
USER 1000:1000
ENV HOME=/home/node NODE_ENV=production
WORKDIR /work
# Runners of GitLab start a shell of their own in the image: nothing stands before it.
ENTRYPOINT []
CMD ["agentsmd", "--help"]
